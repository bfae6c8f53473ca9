"""`fourways ask`: the questionnaire, and then the recommendation."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways.cli.options import with_base
from fourways.cli.recording import LEDGER, NO_RECORD, SUBJECT, try_to_record
from fourways.cli.signals import exit_code
from fourways.errors import FourwaysError, InputError
from fourways.model.base import RuleBase

if TYPE_CHECKING:
    from fourways.cli.prompts import Prompter
    from fourways.interview import Interview
    from fourways.model.decision import Decision


@click.command(name="ask")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="An answer known beforehand; it is not asked. Several values of a set: a;b.",
)
@click.option("--resume", is_flag=True, help="Go on with the answers that were kept.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.yaml",
    help="Write the answers to a file that `fourways advise` reads.",
)
@click.option("--plain", is_flag=True, help="Ask line by line, as where there is no terminal.")
@NO_RECORD
@SUBJECT
@LEDGER
@with_base
def command(
    base: RuleBase,
    pairs: tuple[str, ...],
    resume: bool,
    save: Path | None,
    plain: bool,
    record: bool,
    subject: str | None,
    place: str | None,
) -> None:
    """Answer the questionnaire and get a recommendation.

    "Don't know" is always an answer. What cannot matter any more is not asked. Ctrl-C keeps your
    answers for `fourways ask --resume`. Answers can come from a pipe, one line each. The decision
    goes on record in the ledger, from which `fourways audit erase` takes it again.
    """
    from fourways.answers.profiles import profile_of
    from fourways.cli import saved
    from fourways.cli.prompts import tell
    from fourways.interview import Interview

    if resume and pairs:
        raise click.UsageError("--resume goes on with kept answers; --set is for a new interview.")
    if save is not None and not save.parent.is_dir():
        raise InputError(f"{save}: its folder does not exist")
    preset = profile_of(pairs, base.attributes)
    interview = saved.kept(base) if resume else Interview.of(base, preset.profile)
    elsewhere = record and "://" in (place or os.environ.get("FOURWAYS_LEDGER", ""))
    tell(
        "Your answers go on record in the ledger of your organisation."
        if elsewhere
        else "Your answers stay on this machine."
    )
    if not resume and saved.place().exists():
        tell("There are kept answers; `fourways ask --resume` goes on with them instead.")
    session = _Session(interview, _prompter(plain))
    with session.kept_when_left():
        session.run()
        decision = _conclude(session.interview, preset.notes, save)
        if record:
            click.echo()
            try_to_record(decision, preset.notes, subject, place)
        saved.forget()


def _prompter(plain: bool) -> "Prompter":
    moves = os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    if plain or not (moves and sys.stdin.isatty() and sys.stdout.isatty()):
        from fourways.cli.prompts_plain import PlainPrompter

        return PlainPrompter()
    from fourways.cli.prompts_arrows import ArrowPrompter

    return ArrowPrompter()


class _Session:
    """An interview under way in a terminal.

    Args:
        interview: where it begins.
        prompter: how to ask.
    """

    def __init__(self, interview: "Interview", prompter: "Prompter") -> None:
        self.interview = interview
        self.prompter = prompter

    def run(self) -> None:
        """Ask until nothing that matters is left, and everything is as the person wants it."""
        from fourways.cli.prompts import EndOfInputError, tell

        self.prompter.begin()
        try:
            self._converse()
        except EndOfInputError:
            click.echo()
            if self.interview.question is not None:
                tell("The input ended here; what was not answered counts as unknown.")

    def _converse(self) -> None:
        from fourways.cli.prompts import Go, answer_line, tell

        stopped = told = False
        while True:
            asked = self.interview.question
            if asked is None or (stopped and self.interview.reopened is None):
                choice = self.prompter.review(self.interview)
                if choice is None:
                    return
                if isinstance(choice, Go):
                    raise _LeftError
                self.interview = self.interview.reopen(choice)
                continue
            if self.interview.settled and not told and not stopped:
                told = True
                self._tell_settled()
            reply = self.prompter.ask(self.interview, asked)
            if reply is Go.QUIT:
                raise _LeftError
            if reply is Go.BACK:
                self.interview = self.interview.back()
            elif isinstance(reply, Go):
                stopped = True
                self.interview = self.interview.as_it_was()
            else:
                self.interview = self.interview.answered(reply.answer)
                tell(f"{answer_line(asked, reply.answer)}.")
                if reply.note:
                    tell(f"{reply.note}.")

    def _tell_settled(self) -> None:
        from fourways.cli.prompts import tell

        first = self.interview.first
        base = self.interview.base
        if first:
            said = f"We already know your best match: {base.paths[first].title}."
        else:
            said = "We already know that the answers won't be enough to recommend a next step."
        click.echo()
        tell(
            f"{said} The remaining questions only affect the other options and the advice. "
            f"{self.prompter.stop_by} to see your result, or carry on."
        )

    @contextmanager
    def kept_when_left(self) -> Iterator[None]:
        """Keep the answers when the person leaves before the end, in whatever way."""
        try:
            yield
        except _LeftError:
            self._keep()
        except FourwaysError:
            self._keep()
            raise
        except KeyboardInterrupt as error:
            click.echo()
            self._keep()
            raise SystemExit(exit_code(error)) from None
        except BaseException:
            self._keep(quietly=True)
            raise

    def _keep(self, quietly: bool = False) -> None:
        from fourways.cli import saved

        if all(one.preset for one in self.interview.given):
            message = "Nothing was answered, so nothing was kept."
        else:
            try:
                saved.keep(self.interview.as_it_was())
                message = "Your answers were kept. Go on with: fourways ask --resume"
            except OSError as error:
                message = f"Your answers could not be kept: {error.strerror}."
        if not quietly:
            click.echo(message)


class _LeftError(Exception):
    """The person wants to leave."""


def _conclude(interview: "Interview", notes: tuple[str, ...], save: Path | None) -> "Decision":
    from fourways.answers.profiles import as_yaml
    from fourways.batch.outputs import together
    from fourways.cli.show import show_decision
    from fourways.engines.experta_engine import ExpertaEngine

    click.echo()
    decision = ExpertaEngine(interview.base).decide(interview.profile)
    show_decision(decision, notes)
    if save is not None:
        with together(save) as (out,):
            out.write(as_yaml(interview.profile, interview.base.attributes).encode())
        click.echo(f"\nYour answers are in {save}.")
    return decision
