"""The command line: reads options, calls a use case, prints. Commands are imported when called."""

from importlib import import_module
from typing import Any

import click

from fourways import __version__
from fourways.cli import signals

_COMMANDS = {
    "ask": ("fourways.cli.ask", "Answer the questionnaire and get a recommendation."),
    "advise": ("fourways.cli.advise", "Recommend for one profile, without questions."),
    "batch": ("fourways.cli.batch", "Recommend for everyone in a file."),
    "explain": (
        "fourways.cli.explain",
        "Ask about a recommendation: how, why, why not, what if.",
    ),
    "audit": (
        "fourways.cli.audit",
        "Re-check results, show the rules behind them, inspect the ledger.",
    ),
    "rules": ("fourways.cli.rules", "List, check and test the rules; start a copy."),
    "roles": ("fourways.cli.roles", "Match job titles to the roles in the rules."),
}


class Commands(click.Group):
    """Commands that are imported when called; errors a user can fix are shown without traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of their use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name."""
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
        """Run a command; an error that a user can fix exits with 2."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except KeyboardInterrupt as error:
            stopped = "terminated" if isinstance(error, signals.Terminated) else "interrupted"
            click.echo(f"fourways: {stopped}.", err=True)
            ctx.exit(signals.exit_code(error))
        except Exception as error:
            from fourways.cli.terminal import echo

            for line in _problems(error):
                echo(f"fourways: {line}", err=True)
            ctx.exit(2)


def _problems(error: Exception) -> list[str]:
    """Return what a user can fix, one line each; raise any other error again."""
    from fourways.errors import FourwaysError

    if isinstance(error, FourwaysError):
        return [str(problem) for problem in error.problems]
    if isinstance(error, UnicodeEncodeError):
        character = error.object[error.start]
        said = f"{error.encoding} can't encode {character!a}."
        return [f"{said} Set PYTHONIOENCODING=utf-8 and try again."]
    if isinstance(error, OSError) and error.strerror:
        return [f"{error.filename}: {error.strerror}" if error.filename else error.strerror]
    raise error


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Career advice for PMO professionals.

    Every recommendation comes with the rule and the source behind it.
    """
