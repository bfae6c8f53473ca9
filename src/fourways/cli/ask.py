"""`fourways ask`: the questionnaire, and then the recommendation."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fourways import app
from fourways.cli.files import write_whole
from fourways.cli.options import with_base
from fourways.cli.recording import LEDGER, NO_RECORD, SUBJECT, try_to_record
from fourways.cli.signals import exit_code
from fourways.cli.terminal import echo, tell
from fourways.errors import FourwaysError, InputError

if TYPE_CHECKING:
    from fourways.cli.prompts import Prompter
    from fourways.interview import Interview
    from fourways.model.base import RuleBase


@click.command(name="ask")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="ATTRIBUTE=VALUE",
    help="An answer you already have, so it isn't asked. For several values: a,b.",
)
@click.option("--resume", is_flag=True, help="Continue your unfinished questionnaire.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.yaml",
    help="Save your answers to a file that `fourways advise` reads.",
)
@click.option("--plain", is_flag=True, help="Plain text prompts instead of arrow-key menus.")
@NO_RECORD
@SUBJECT
@LEDGER
@with_base
def command(
    base: "RuleBase",
    pairs: tuple[str, ...],
    resume: bool,
    save: Path | None,
    plain: bool,
    record: bool,
    subject: str | None,
    ledger: str | None,
) -> None:
    """Answer the questionnaire and get a recommendation.

    "I don't know" is always an answer. Questions that can no longer affect the result are skipped.
    Ctrl-C saves your answers for `fourways ask --resume`. You can also pipe answers in, one per
    line. The decision is recorded in the ledger; `fourways audit erase` deletes it.
    """
    from fourways.cli import saved
    from fourways.cli.show import show_decision

    if resume and pairs:
        raise click.UsageError("--set is for a new questionnaire. Leave it out with --resume.")
    if save is not None and not save.parent.is_dir():
        raise InputError(f"the folder {save.parent} doesn't exist")
    interview, notes = app.start_interview(base, pairs)
    if resume:
        interview = saved.load(base)
    shared = record and "://" in (ledger or os.environ.get("FOURWAYS_LEDGER", ""))
    tell(
        "Your answers are recorded in your organization's ledger."
        if shared
        else "Your answers stay on this machine."
    )
    if not resume and saved.saved_file().exists():
        tell("You have an unfinished questionnaire. To continue it, run: fourways ask --resume")
    session = _Session(interview, _prompter(plain))
    with session.saved_if_left():
        session.run()
        advice = app.conclude(session.interview, notes)
        echo()
        show_decision(advice.decision, advice.notes)
        if save is not None:
            write_whole(save, advice.answers_as_yaml())
            echo(f"\nYour answers are in {save}.")
        if record:
            echo()
            try_to_record(advice.decision, advice.notes, subject, ledger)
        saved.delete()


def _prompter(plain: bool) -> "Prompter":
    can_move = os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    if plain or not (can_move and sys.stdin.isatty() and sys.stdout.isatty()):
        from fourways.cli.prompts import PlainPrompter

        return PlainPrompter()
    from fourways.cli.prompts_arrows import ArrowPrompter

    return ArrowPrompter()


class _QuitError(Exception):
    """The person wants to save the answers and leave."""


class _Session:
    """An interview in a terminal.

    Args:
        interview: where it begins.
        prompter: how to ask.
    """

    def __init__(self, interview: "Interview", prompter: "Prompter") -> None:
        self.interview = interview
        self.prompter = prompter

    def run(self) -> None:
        """Ask until no question matters any more and the answers are checked."""
        from fourways.cli.prompts import EndOfInputError

        self.prompter.begin()
        try:
            self._converse()
        except EndOfInputError:
            echo()
            if self.interview.question is not None:
                tell("The input ended here. Unanswered questions count as unknown.")

    def _converse(self) -> None:
        from fourways.cli.prompts import Go
        from fourways.interview import answer_line

        stopped = announced = False
        while True:
            question = self.interview.question
            if question is None or (stopped and self.interview.reopened is None):
                choice = self.prompter.review(self.interview)
                if choice is None:
                    return
                if isinstance(choice, Go):
                    raise _QuitError
                self.interview = self.interview.reopen(choice)
                continue
            if self.interview.settled and not (announced or stopped):
                announced = True
                self._announce_settled()
            reply = self.prompter.ask(self.interview, question)
            if reply is Go.QUIT:
                raise _QuitError
            if reply is Go.BACK:
                self.interview = self.interview.back()
            elif isinstance(reply, Go):
                stopped = True
                self.interview = self.interview.without_reopening()
            else:
                self.interview = self.interview.answered(reply.answer)
                tell(f"{answer_line(question, reply.answer)}.")
                if reply.note:
                    tell(f"{reply.note}.")

    def _announce_settled(self) -> None:
        best = self.interview.best_match
        if best:
            known = f"We already know your best match: {self.interview.base.paths[best].title}."
        else:
            known = "We already know that the answers won't be enough to recommend a next step."
        tell(
            "",
            f"{known} The remaining questions only affect the other options and the advice. "
            f"{self.prompter.stop_by} to see your result, or carry on.",
        )

    @contextmanager
    def saved_if_left(self) -> Iterator[None]:
        """Save the answers if the block ends before its end, for whatever reason."""
        try:
            yield
        except _QuitError:
            echo(self._save())
        except FourwaysError:
            echo(self._save())
            raise
        except KeyboardInterrupt as error:
            echo(f"\n{self._save()}")
            raise SystemExit(exit_code(error)) from None
        except BaseException:
            self._save()
            raise

    def _save(self) -> str:
        from fourways.cli import saved

        if all(reply.preset for reply in self.interview.replies):
            return "You didn't answer anything, so nothing was saved."
        try:
            saved.save(self.interview.without_reopening())
        except OSError as error:
            return f"Your answers couldn't be saved: {error.strerror}."
        return "Your answers are saved. To continue later: fourways ask --resume"
