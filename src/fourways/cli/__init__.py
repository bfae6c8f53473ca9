"""The command line: reads, calls, prints. Every command loads only when it is called."""

from importlib import import_module
from typing import Any

import click

from fourways import __version__
from fourways.cli import signals

_COMMANDS = {
    "ask": ("fourways.cli.ask", "Answer the questionnaire and get a recommendation."),
    "advise": ("fourways.cli.advise", "Recommend for one profile, without questions."),
    "batch": ("fourways.cli.batch", "Recommend for every person of a CSV file."),
    "explain": (
        "fourways.cli.explain",
        "Ask about a recommendation: how, why, why not, what if.",
    ),
    "audit": ("fourways.cli.audit", "Derive results again and show which rules gave them."),
    "rules": ("fourways.cli.rules", "List, check and test the rules; start a copy."),
    "roles": ("fourways.cli.roles", "Match job titles with the roles that the rules know."),
}


class Commands(click.Group):
    """Commands that are imported when they are called; errors of the user's without traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of the commands, in the order of their use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Give a command by its name."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program; SIGTERM ends it as clearly as Ctrl-C."""
        with signals.as_exceptions():
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what the user can mend goes to standard error, and the exit code is 2."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except KeyboardInterrupt as error:
            stopped = "terminated" if isinstance(error, signals.Terminated) else "interrupted"
            click.echo(f"fourways: {stopped}.", err=True)
            ctx.exit(signals.exit_code(error))
        except Exception as error:
            from fourways.errors import escape_controls

            for line in _mendable(error):
                click.echo(f"fourways: {escape_controls(line)}", err=True)
            ctx.exit(2)


def _mendable(error: Exception) -> list[str]:
    """Give what the user can mend, in lines; any other error is raised again."""
    from fourways.errors import FourwaysError

    if isinstance(error, FourwaysError):
        return [str(problem) for problem in error.problems]
    if isinstance(error, UnicodeEncodeError):
        sign = error.object[error.start]
        return [f"{error.encoding} has no {sign!a}. Set PYTHONIOENCODING=utf-8 and try again."]
    if isinstance(error, OSError) and error.strerror:
        name = f"{error.filename}: " if error.filename else ""
        return [f"{name}{error.strerror}"]
    raise error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Career steps for people in project offices: a rule base, its reasons, its sources."""
