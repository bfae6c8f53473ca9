"""`fourways ask`: plain transcripts, keeping and going on, and a real terminal with arrow keys."""

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
    """Where an unfinished interview is kept, in a folder of the test's own."""
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
Type the number or the name of an answer. Enter: you don't know. ?: explain the
question. why: why it is asked. back: the question before. stop: no more
questions, show the result. quit: keep your answers and leave.

We already know your best match: Move out. The remaining questions only affect
the other options and the advice. Type stop to see your result, or carry on.

Question 1, at most 1 more.
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
A number or a name.
>
"Actively looking" means you're applying, or would take a good offer. "Thinking
about it" means it crosses your mind now and then.
>
There is no number 4; choose from 1 to 3.
>
'lokking' is no answer to this question. Did you mean 'not looking'?
>
Your job search: actively looking.

Question 2, the last.
Does your manager know you're thinking of moving on?
  1. Yes
  2. No
A number or a name.
>

Question 1, asked again, at most 1 more.
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
Your answer was: Your job search: actively looking
A number or a name.
>
This is the first question.
>
Your job search: actively looking.

Question 2, the last.
Does your manager know you're thinking of moving on?
  1. Yes
  2. No
A number or a name.
>
Does your manager know you're thinking of moving on? No.

Your answers.
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
Type the number of an answer to change it. Enter: show the result.
>
'11' is no number of this list. Type 1 to 10, or Enter.
>

Question 1, asked again.
Are you looking for another job?
  1. Not looking
  2. Thinking about it
  3. Actively looking
Your answer was: Your job search: actively looking
A number or a name.
>
Your job search: not looking.

Your answers.
  1. Your job: PMO analyst
  2. Who your PMO supports: one department
  3. What you've done: reporting on progress and results
  4. What you want next: a more senior job
  5. Your interest in P&L responsibility: not sure
  6. Does your next job have to come with a better title or more pay? No
  7. What is holding you back: jobs only opening up when someone leaves
  8. The size of your organization: 10 to 49 people
  9. Your job search: not looking
Type the number of an answer to change it. Enter: show the result.
>
"""


def test_a_plain_interview_reads_as_it_should(ask: Callable[..., Result]) -> None:
    typed = ["?", "4", "lokking", "actively looking", "back", "b", "3", "n", "11", "9", "1", ""]
    result = ask(*ALL_BUT_TWO, lines="\n".join(typed) + "\n")
    assert result.exit_code == 0
    transcript, move_out, _ = result.output.partition("\n\nMove out")
    assert transcript.replace("> \n", ">\n") == TRANSCRIPT
    assert move_out


def test_the_end_of_the_input_leaves_the_rest_unknown(ask: Callable[..., Result]) -> None:
    result = ask(lines="pmo analyst\n")
    assert result.exit_code == 0
    assert "The input ended here; what was not answered counts as unknown." in result.output
    assert "Move up" in result.output


def test_no_input_at_all_asks_for_the_answers_that_would_help(
    ask: Callable[..., Result],
) -> None:
    result = ask(lines="")
    assert result.exit_code == 0
    base = load_builtin()
    assert wording.NOT_ENOUGH in result.output
    for name in base.key_attributes:
        assert f"? {base.attributes[name].question}" in result.output
    assert not [path.title for path in base.paths.values() if path.title in result.output]


def test_answers_from_a_pipe_that_are_all_wrong_end_it(ask: Callable[..., Result]) -> None:
    result = ask("--set=current_role=pmo_analyst", lines="what\n" * 50)
    assert result.exit_code == 2
    assert "fourways: 10 wrong answers in a row" in result.output


def test_a_line_that_is_not_utf8_is_a_wrong_answer(ask: Callable[..., Result]) -> None:
    result = ask(*ALL_BUT_TWO, lines=b"\xff\xfe\x00\n3\n\n\n")
    assert result.exit_code == 0
    assert "is no answer to this question" in result.output


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1,3", "managing people and tracking budgets"),
        ("3 1", "managing people and tracking budgets"),
        ("reporting; 1", "managing people and reporting on progress and results"),
        ("0", "none of these"),
        ("none", "none of these"),
        ("", "I don't know"),
        ("d", "I don't know"),
    ],
)
def test_several_answers_can_be_given_by_number_or_name(
    ask: Callable[..., Result], typed: str, understood: str
) -> None:
    result = ask(*ONLY_SKILLS, lines=f"{typed}\n\n")
    assert f"What you've done: {understood}." in result.output


def test_none_of_these_stands_alone(ask: Callable[..., Result]) -> None:
    result = ask(*ONLY_SKILLS, lines="0;1\n")
    assert "'none of these' stands alone" in result.output


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1", "under 10 people"),
        ("=3", "under 10 people"),
        ("3 people", "under 10 people"),
        ("120", "50 to 249 people"),
        ("1,200", "250 people or more"),
    ],
)
def test_a_headcount_can_be_typed(ask: Callable[..., Result], typed: str, understood: str) -> None:
    result = ask(*all_but("organisation_size"), lines=f"{typed}\n")
    assert f"The size of your organization: {understood}." in result.output


def test_a_job_title_can_be_typed_and_what_was_made_of_it_is_said(
    ask: Callable[..., Result],
) -> None:
    result = ask(lines="Project leader\n")
    assert "Your job: project manager." in result.output
    assert "'Project leader' taken as project manager." in result.output


def test_stop_ends_the_questions_and_shows_the_review(ask: Callable[..., Result]) -> None:
    result = ask(lines="pmo analyst\nstop\n\n")
    assert result.output.count("Question ") == 2
    assert "Your answers.\n  1. Your job: PMO analyst\n" in result.output
    assert "The input ended" not in result.output


def test_why_names_the_paths_and_the_rules(ask: Callable[..., Result]) -> None:
    presets = ["--set=current_role=project_manager", *all_but("current_role")]
    result = ask(*presets, lines="why\n")
    base = load_builtin()
    assert base.attributes["largest_project"].question in result.output
    assert "Your answer bears on Move sideways." in result.output
    assert "Known so far, and of weight here: your job (project manager)." in result.output
    assert "[S3.p2.s2]: it looks for" in result.output


def test_the_answers_can_be_saved_for_advise(ask: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "me.yaml"
    result = ask(*ALL_BUT_TWO, f"--save={file}", lines="1\n\n")
    assert f"Your answers are in {file}." in result.output
    assert "growth_blockers: [waiting_for_vacancy]\n" in file.read_text()
    advised = CliRunner().invoke(main, ["advise", str(file)])
    assert advised.exit_code == 0
    assert "Move out" in advised.output


def test_a_file_in_a_folder_that_is_not_there_is_refused_before_any_question(
    ask: Callable[..., Result], tmp_path: Path
) -> None:
    result = ask(f"--save={tmp_path}/none/me.yaml", lines="1\n")
    assert result.exit_code == 2
    assert "Question" not in result.output


def test_quit_keeps_the_answers_for_their_owner_only_and_resume_goes_on(
    ask: Callable[..., Result], state: Path
) -> None:
    result = ask(lines="pmo executive\n\nquit\n")
    assert result.exit_code == 0
    assert "Your answers were kept. Go on with: fourways ask --resume" in result.output
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert [file.name for file in state.parent.iterdir()] == [state.name]
    again = ask("--resume", lines="back\n")
    assert "Question 3, at most" in again.output
    assert "Your answer was: What you want next: I don't know" in again.output


def test_a_finished_interview_leaves_nothing_behind(
    ask: Callable[..., Result], state: Path
) -> None:
    ask(lines="pmo executive\nquit\n")
    assert "There are kept answers" in ask(lines="quit\n").output
    assert ask("--resume", lines="stop\n\n").exit_code == 0
    assert not state.exists()


def test_quitting_without_an_answer_keeps_what_was_kept_before(
    ask: Callable[..., Result], state: Path
) -> None:
    ask(lines="pmo executive\nquit\n")
    before = state.read_bytes()
    assert "Nothing was answered, so nothing was kept." in ask(lines="quit\n").output
    assert state.read_bytes() == before


def test_resume_without_kept_answers_says_how_to_begin(ask: Callable[..., Result]) -> None:
    result = ask("--resume")
    assert result.exit_code == 2
    assert result.output == ("fourways: there are no saved answers. Begin with `fourways ask`.\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the saved answers cannot be read. Begin anew"),
        ("{", "the saved answers cannot be read. Begin anew"),
        ("[" * 100_000, "the saved answers cannot be read. Begin anew"),
        ('{"form": 1, "rule_base": "x", "answers": []}', "the saved answers belong to other rules"),
    ],
)
def test_kept_answers_that_are_not_what_they_should_be_are_refused(
    ask: Callable[..., Result], state: Path, text: str, message: str
) -> None:
    state.parent.mkdir(parents=True)
    state.write_text(text)
    result = ask("--resume", lines="1\n")
    assert result.exit_code == 2
    assert result.output.startswith(f"fourways: {state}: {message}")


def test_presets_and_resume_do_not_go_together(ask: Callable[..., Result]) -> None:
    assert ask("--resume", "--set=job_search=serious").exit_code == 2


def test_answers_that_cannot_be_kept_are_not_lost_without_a_word(
    ask: Callable[..., Result], state: Path
) -> None:
    state.parent.parent.write_text("a file in the way of the folder")
    result = ask(lines="pmo executive\nquit\n")
    assert "Your answers could not be kept" in result.output


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


def test_arrow_keys_choose_ctrl_c_keeps_and_resume_goes_on(
    terminal: Callable[..., Terminal], state: Path
) -> None:
    screen = terminal()
    screen.until("Question 1, at most")
    screen.until("I don't know")
    screen.type(DOWN + ENTER)
    screen.until("Your job: project manager.")
    screen.until("Question 2, at most")
    screen.type("d")
    screen.until("What you want next: I don't know.")
    screen.until("I don't know")
    screen.type(" " + DOWN + " " + ENTER)
    screen.until("What is holding you back: no clear route to promotion and jobs")
    screen.until("I don't know")
    screen.type(CTRL_C)
    screen.until("Go on with: fourways ask --resume")
    assert screen.process.wait(10) == 130
    answers = json.loads(state.read_text())["answers"]
    assert [one["answer"] for one in answers] == [
        "project_manager",
        None,
        "no_clear_path;waiting_for_vacancy",
    ]

    again = terminal("--resume")
    again.until("Question 4, at most")
    again.until("I don't know")
    again.type("b")
    again.until("Question 3, asked again")
    again.until("I don't know")
    again.type("?")
    again.until("Tick all that apply.")
    again.until("I don't know")
    again.type("w")
    again.until("Your answer bears on Move up, Move out")
    again.until("I don't know")
    again.type("s")
    again.until("Your answers. Enter on one to change it.")
    again.until("no clear route to promotion")
    again.type(ENTER)
    again.until("Move up")
    assert again.process.wait(10) == 0
    assert not state.exists()


def test_nothing_marked_is_no_answer_and_none_of_these_stands_alone(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal("--set=current_role=pmo_analyst")
    screen.until("I don't know")
    screen.type(ENTER)
    screen.until("Mark what applies")
    screen.type(" " + DOWN * 6 + " " + ENTER)
    screen.until("stand alone")
    screen.type(DOWN * 2 + " " + ENTER)
    screen.until("What you want next: none of these.")


def test_a_job_title_is_typed_in_a_terminal(terminal: Callable[..., Terminal]) -> None:
    screen = terminal()
    screen.until("I don't know")
    screen.type("\x1b[A\x1b[A" + ENTER)
    screen.until("Your job (Enter alone: back to the list):")
    screen.type("head of pmo" + ENTER)
    screen.until("Your job: PMO director.")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no hang-up on this system")
def test_a_hang_up_keeps_the_answers(terminal: Callable[..., Terminal], state: Path) -> None:
    screen = terminal()
    screen.until("I don't know")
    screen.type(ENTER)
    screen.until("Question 2, at most")
    os.close(screen.screen)
    assert screen.process.wait(10) == 128 + signal.SIGHUP
    assert json.loads(state.read_text())["rule_base"] == load_builtin().digest


def test_a_terminal_that_cannot_move_the_cursor_is_asked_line_by_line(
    terminal: Callable[..., Terminal],
) -> None:
    screen = terminal(TERM="dumb")
    screen.until("A number, or any job title.")
    screen.type("pmo analyst\n")
    screen.until("Your job: PMO analyst.")
    screen.type(CTRL_C)
    screen.until("Go on with: fourways ask --resume")
    assert screen.process.wait(10) == 130
