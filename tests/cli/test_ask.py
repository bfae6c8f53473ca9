"""`fourways ask`: line by line, saving and resuming, and arrow keys in a real terminal."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fourways.cli import main
from fourways.explain import wording
from fourways.rulebase import load_builtin

IN_ITS_TERMINAL = """
import fcntl, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # Ctrl-C and a hang-up come from the controlling terminal
from fourways.cli import main
main()
"""
COMMAND = [sys.executable, "-c", IN_ITS_TERMINAL, "ask"]

ALL_BUT_TWO = [
    "--set=current_role=pmo_analyst",
    "--set=pmo_scope=department",
    "--set=transferable_skills=reporting",
    "--set=aspirations=promotion",
    "--set=pnl_appetite=unsure",
    "--set=needs_title_or_pay=no",
    "--set=growth_blockers=waiting_for_vacancy",
    "--set=organisation_size=40",
]
"""Leaves job_search open, and manager_informed for those who search actively."""


def all_but(attribute: str) -> list[str]:
    """Presets that leave one question open."""
    presets = [*ALL_BUT_TWO, "--set=job_search=considering"]
    return [one for one in presets if not one.startswith(f"--set={attribute}=")]


ONLY_SKILLS = [*all_but("transferable_skills"), "--set=aspirations=run_a_business_area"]
"""Leaves transferable_skills open, which are asked of those whom the line attracts."""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that an unfinished questionnaire is saved in."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path / "state" / "fourways" / "interview.json"


@pytest.fixture
def ask(state: Path) -> Callable[..., Result]:
    """Runs `fourways ask` with lines on standard input."""

    def run(*options: str, lines: str | bytes = "") -> Result:
        result = CliRunner().invoke(main, ["ask", *options], input=lines)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run


TRANSCRIPT = """\
Your answers stay on this machine.
Type the number or name of an answer, or just press Enter for "I don't know".
You can also type: ? (help), why, back, stop (see the result now), quit (save
and leave).

We already know your best match: Move out. The remaining questions only affect
the other options and the advice. Type stop to see your result, or carry on.

Question 1 of at most 2.
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
Type a number or a name.
>
"Actively looking" means you're applying, or would take a good offer. "Thinking
about it" means it crosses your mind now and then.
>
There is no number 4. Choose from 1 to 3.
>
"lokking" isn't one of the answers. Did you mean 'not looking'?
>
Your job search: actively looking.

Last question.
Does your manager know you're thinking of moving on?
  1. Yes
  2. No
Type a number or a name.
>

Question 1 again (up to 1 left).
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
Your answer was: Your job search: actively looking
Type a number or a name.
>
This is the first question.
>
Your job search: actively looking.

Last question.
Does your manager know you're thinking of moving on?
  1. Yes
  2. No
Type a number or a name.
>
Does your manager know you're thinking of moving on? No.

Check your answers.
  1. Your job: PMO analyst
  2. Who your PMO supports: one department
  3. What you've done: reporting on progress and results
  4. What you want next: a more senior job
  5. Your interest in P&L responsibility: not sure
  6. Does your next job have to come with a better title or more pay? No
  7. What is holding you back: jobs only opening up when someone leaves
  8. The size of your organization: 10 to 49 people
  9. Your job search: actively looking
  10. Does your manager know you're thinking of moving on? No
To change one, type its number. To see the result, press Enter.
>
Please type a number from 1 to 10, or press Enter to see the result.
>

Question 1 again.
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
Your answer was: Your job search: actively looking
Type a number or a name.
>
Your job search: not looking.

Check your answers.
"""


def test_plain_interview_transcript(ask: Callable[..., Result]) -> None:
    typed = ["?", "4", "lokking", "actively looking", "back", "b", "3", "n", "11", "9", "1", ""]
    result = ask(*ALL_BUT_TWO, lines="\n".join(typed) + "\n")
    assert result.exit_code == 0
    assert result.output.replace("> \n", ">\n").startswith(TRANSCRIPT)
    assert "\n\nMove out" in result.output


def test_end_of_input_leaves_the_rest_unknown(ask: Callable[..., Result]) -> None:
    result = ask(lines="pmo analyst\n")
    assert result.exit_code == 0
    assert "The input ended here. Unanswered questions count as unknown." in result.output
    assert "Move up" in result.output


def test_no_input_asks_for_the_answers_that_would_help(ask: Callable[..., Result]) -> None:
    result = ask(lines="")
    assert result.exit_code == 0
    base = load_builtin()
    assert wording.NOT_ENOUGH in result.output
    for name in base.key_attributes:
        assert f"? {base.attributes[name].question}" in result.output
    assert not [path.title for path in base.paths.values() if path.title in result.output]


def test_piped_input_that_is_no_answers_ends_the_program(ask: Callable[..., Result]) -> None:
    result = ask("--set=current_role=pmo_analyst", lines="what\n" * 50)
    assert result.exit_code == 2
    assert "fourways: 10 wrong answers in a row" in result.output


@pytest.mark.parametrize(
    ("options", "lines", "said"),
    [
        (ALL_BUT_TWO, b"\xff\xfe\x00\n3\n\n\n", "isn't one of the answers"),
        (ONLY_SKILLS, "1,3\n", "What you've done: managing people and tracking budgets."),
        (ONLY_SKILLS, "3 1\n", "What you've done: managing people and tracking budgets."),
        (ONLY_SKILLS, "reporting; 1\n", "done: managing people and reporting on progress and"),
        (ONLY_SKILLS, "0\n", "What you've done: none of these."),
        (ONLY_SKILLS, "none\n", "What you've done: none of these."),
        (ONLY_SKILLS, "\n", "What you've done: I don't know."),
        (ONLY_SKILLS, "d\n", "What you've done: I don't know."),
        (ONLY_SKILLS, "0;1\n", 'You can\'t combine "None of these" with other answers.'),
        (all_but("organisation_size"), "1\n", "organization: under 10 people."),
        (all_but("organisation_size"), "=3\n", "organization: under 10 people."),
        (all_but("organisation_size"), "3 people\n", "organization: under 10 people."),
        (all_but("organisation_size"), "120\n", "organization: 50 to 249 people."),
        (all_but("organisation_size"), "1,200\n", "organization: 250 people or more."),
        ((), "Project leader\n", 'Your job: project manager.\n"Project leader" read as'),
    ],
)
def test_typed_answers(
    ask: Callable[..., Result], options: list[str], lines: str | bytes, said: str
) -> None:
    result = ask(*options, lines=lines)
    assert result.exit_code == 0
    assert said in result.output


def test_stop_ends_the_questions_and_shows_the_answers(ask: Callable[..., Result]) -> None:
    result = ask(lines="pmo analyst\nstop\n\n")
    assert result.output.count("Question ") == 2
    assert "Check your answers.\n  1. Your job: PMO analyst\n" in result.output
    assert "The input ended" not in result.output


def test_why_explains_the_question(ask: Callable[..., Result]) -> None:
    presets = ["--set=current_role=project_manager", *all_but("current_role")]
    result = ask(*presets, lines="why\n")
    question = load_builtin().attributes["largest_project"].question
    assert "Move sideways" in result.output.partition(question)[2]


def test_answers_are_saved_for_advise(ask: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    result = ask(*ALL_BUT_TWO, f"--save={file}", lines="1\n\n")
    assert f"Your answers are in {file}." in result.output
    assert "growth_blockers: [waiting_for_vacancy]\n" in file.read_text()
    advised = CliRunner().invoke(main, ["advise", str(file)])
    assert advised.exit_code == 0
    assert "Move out" in advised.output


# ------------------------------------------------------------ saving and resuming


def test_quit_saves_privately_and_resume_continues(ask: Callable[..., Result], state: Path) -> None:
    result = ask(lines="pmo executive\n\nquit\n")
    assert result.exit_code == 0
    assert "Your answers are saved. To continue later: fourways ask --resume" in result.output
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert [file.name for file in state.parent.iterdir()] == [state.name]
    assert "You have an unfinished questionnaire." in ask(lines="quit\n").output
    again = ask("--resume", lines="back\n")
    assert "Question 3 of at most" in again.output
    assert "Your answer was: What you want next: I don't know" in again.output
    assert not state.exists()


def test_quitting_without_an_answer_leaves_saved_answers_alone(
    ask: Callable[..., Result], state: Path
) -> None:
    ask(lines="pmo executive\nquit\n")
    before = state.read_bytes()
    assert "You didn't answer anything, so nothing was saved." in ask(lines="quit\n").output
    assert state.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume"], "there are no saved answers. Start with `fourways ask`."),
        (["--resume", "--set=job_search=serious"], "--set is for a new questionnaire."),
        (["--save=/nowhere/me.yaml"], "the folder /nowhere doesn't exist"),
    ],
)
def test_wrong_options_are_refused_before_any_question(
    ask: Callable[..., Result], options: list[str], message: str
) -> None:
    result = ask(*options, lines="1\n")
    assert result.exit_code == 2
    assert message in result.output
    assert "Question" not in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the saved answers can't be read. Start again"),
        ("{", "the saved answers can't be read. Start again"),
        ("[" * 100_000, "the saved answers can't be read. Start again"),
        (
            '{"format": 1, "rule_base": "x", "answers": {}, "preset": []}',
            "the saved answers belong to other rules. Start again, or use the same rules",
        ),
    ],
)
def test_invalid_saved_answers_are_refused(
    ask: Callable[..., Result], state: Path, text: str, message: str
) -> None:
    state.parent.mkdir(parents=True)
    state.write_text(text)
    result = ask("--resume", lines="1\n")
    assert result.exit_code == 2
    assert result.output.startswith(f"fourways: {state}: {message}")


def test_failure_to_save_is_reported(ask: Callable[..., Result], state: Path) -> None:
    state.parent.parent.write_text("a file instead of the folder")
    assert "Your answers couldn't be saved: " in ask(lines="pmo executive\nquit\n").output


# --------------------------------------------------------------- a real terminal

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

WHERE_IS_THE_CURSOR = "\x1b[6n"
DOWN, ENTER, CTRL_C = "\x1b[B", "\r", "\x03"


class Terminal:
    """`fourways ask` in a pseudo-terminal; `until` waits for what the screen shows next."""

    def __init__(self, *options: str, **environment: str) -> None:
        env = {**os.environ, "TERM": "xterm", **environment}
        self.screen, terminal = pty.openpty()
        termios.tcsetwinsize(terminal, (40, 80))
        self.process = subprocess.Popen(
            [*COMMAND, *options],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=env,
            start_new_session=True,
        )
        os.close(terminal)
        self.read = ""

    def until(self, text: str, seconds: float = 20) -> str:
        os.set_blocking(self.screen, False)
        end = time.monotonic() + seconds
        while text not in self.read:
            assert time.monotonic() < end, f"{text!r} never came: {self.read!r}"
            try:
                read = os.read(self.screen, 65536).decode(errors="replace")
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:  # the other side is closed
                raise AssertionError(f"{text!r} never came: {self.read!r}") from None
            else:
                self.read += read
                if WHERE_IS_THE_CURSOR in read:
                    self.type("\x1b[1;1R")
        before, _, self.read = self.read.partition(text)
        return before

    def type(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        with suppress(OSError):
            os.close(self.screen)


@pytest.fixture
def terminal(state: Path) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def run(*options: str, **environment: str) -> Terminal:
        opened.append(Terminal(*options, **environment))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


def test_arrow_keys_ctrl_c_and_resume(terminal: Callable[..., Terminal], state: Path) -> None:
    screen = terminal()
    screen.until("Question 1 of at most")
    screen.until("save and quit")
    screen.type(DOWN + ENTER)
    screen.until("Your job: project manager.")
    screen.until("Question 2 of at most")
    screen.type("d")
    screen.until("What you want next: I don't know.")
    screen.until("I don't know")
    screen.type(" " + DOWN + " " + ENTER)
    screen.until("What is holding you back: no clear route to promotion and jobs")
    screen.until("I don't know")
    screen.type(CTRL_C)
    screen.until("To continue later: fourways ask --resume")
    assert screen.process.wait(10) == 130
    answers = json.loads(state.read_text())["answers"]
    assert list(answers.values()) == ["project_manager", None, "no_clear_path;waiting_for_vacancy"]

    again = terminal("--resume")
    again.until("Question 4 of at most")
    again.until("I don't know")
    again.type("b")
    again.until("Question 3 again")
    again.until("I don't know")
    again.type("?")
    again.until("Tick all that apply.")
    again.until("I don't know")
    again.type("w")
    again.until("Move up, Move out")
    again.until("I don't know")
    again.type("s")
    again.until("Check your answers. To change one, select it and press Enter.")
    again.until("no clear route to promotion")
    again.type(ENTER)
    again.until("Move up")
    assert again.process.wait(10) == 0
    assert not state.exists()


def test_ticks_must_be_consistent(terminal: Callable[..., Terminal]) -> None:
    screen = terminal("--set=current_role=pmo_analyst")
    screen.until("I don't know")
    screen.type(ENTER)
    screen.until("Tick at least one answer")
    screen.type(" ")
    screen.until("● A more senior job")
    screen.type(DOWN * 6 + " " + ENTER)
    screen.until("can't be combined")
    screen.type(DOWN * 2 + " " + ENTER)
    screen.until("What you want next: none of these.")


def test_job_title_is_typed_in_a_terminal(terminal: Callable[..., Terminal]) -> None:
    screen = terminal()
    screen.until("I don't know")
    screen.type("\x1b[A\x1b[A" + ENTER)
    screen.until("Your job (press Enter to go back to the list):")
    screen.type("head of pmo" + ENTER)
    screen.until("Your job: PMO director.")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no hang-up on this system")
def test_closed_terminal_saves_the_answers(terminal: Callable[..., Terminal], state: Path) -> None:
    screen = terminal()
    screen.until("I don't know")
    screen.type(ENTER)
    screen.until("Question 2 of at most")
    os.close(screen.screen)
    assert screen.process.wait(10) == 128 + signal.SIGHUP
    assert json.loads(state.read_text())["rule_base"] == load_builtin().digest


def test_terminal_without_cursor_asks_line_by_line(terminal: Callable[..., Terminal]) -> None:
    screen = terminal(TERM="dumb")
    screen.until("Type a number, or any job title.")
    screen.type("pmo analyst\n")
    screen.until("Your job: PMO analyst.")
    screen.type(CTRL_C)
    screen.until("To continue later: fourways ask --resume")
    assert screen.process.wait(10) == 130
