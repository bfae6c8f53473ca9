"""Tables of the documents, made from the rule base and the loader, so that they are never old.

Used from cog blocks, as docs/transcripts.py is.
"""

import re
import tempfile
from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.errors import RuleBaseError
from fourways.model.conditions import OPERATORS
from fourways.model.profile import NOTHING, Attribute, Kind
from fourways.rulebase import builtin_folders, load, load_builtin
from fourways.rulebase.conditions import MAX_DISJUNCTS, MAX_TESTS
from fourways.rulebase.nodes import MAX_BYTES, MAX_DEPTH, MAX_VALUES

# An operator that is not here breaks the document, which is how it gets here.
_EXAMPLES = {
    "is": "pmo_scope: {is: it}",
    "one_of": "job_search: {one_of: [considering, serious]}",
    "at_least": "largest_project: {at_least: medium}",
    "at_most": "organisation_size: {at_most: small}",
    "family": "current_role: {family: [pmo, line]}",
    "includes": "aspirations: {includes: promotion}",
    "includes_any": "transferable_skills: {includes_any: [budget_tracking, reporting]}",
    "excludes": "growth_blockers: {excludes: [no_clear_path, waiting_for_vacancy]}",
}

_RULE = "- id: ours\n  title: T\n  when: {when}\n  then: {then}\n  {more}\n  {origin}\n"

# What is wrong, and the part of a rule that has it; the rest of the rule is right.
_WRONG = {
    "an attribute that is not there": {"when": "{aspiration: {includes: promotion}}"},
    "a value that is not there": {"when": "{aspirations: {includes: promotions}}"},
    "an operator that is not there": {"when": "{aspirations: {contains: promotion}}"},
    "an operator of another kind": {"when": "{aspirations: {is: promotion}}"},
    "a finding that no rule concludes": {"when": "{finding: ladder_shut}"},
    "`not` on a finding": {"when": "{not: {finding: ladder_closed}}"},
    "two conditions side by side": {
        "when": "{finding: ladder_closed, aspirations: {includes: stay}}"
    },
    "`recommended` in evidence": {"when": "{recommended: move_up}"},
    "a path that is not there": {"then": "{path: move_on, certainty: may}"},
    "a word that is not there": {"then": "{path: move_up, certainty: maybe}"},
    "two conclusions": {"then": "{path: move_up, against: move_out, certainty: may}"},
    "no reason": {"more": ""},
    "a placeholder that is not there": {"more": "because: You want {wishes}."},
    "a placeholder that need not be known": {"more": 'because: "You have {transferable_skills}."'},
    "neither `cites` nor `house`": {"origin": ""},
    "both of them": {"origin": "house: true\n  cites: [S2.p1.s3]"},
    "a statement that is not there": {"origin": "cites: [S2.p1.s9]"},
    "a sense that is not taken": {"origin": "cites: [S2.p1.s3]\n  reading: [Q-2b]"},
    "a key that is not there": {"origin": "house: true\n  prio: 1"},
    "a key that stands twice": {"origin": "house: true\n  house: true"},
    "an anchor, an alias or a tag": {"more": "because: &reason So."},
}
_RIGHT = {
    "when": "{aspirations: {includes: promotion}}",
    "then": "{path: move_up, certainty: may}",
    "more": "because: So.",
    "origin": "house: true",
}


def operators() -> None:
    """Print the worded operators."""
    _table(
        ("operator", "for", "true when", "example"),
        (
            (
                f"`{name}`",
                ", ".join(_kinds(operator.kinds)),
                operator.meaning,
                f"`{_EXAMPLES[name]}`",
            )
            for name, operator in OPERATORS.items()
        ),
    )


def _kinds(kinds: Iterable[Kind]) -> list[str]:
    return [kind.value for kind in Kind if kind in kinds]


def attributes() -> None:
    """Print what conditions can ask about."""
    base = load_builtin()
    _table(
        ("attribute", "kind", "values"),
        (
            (
                f"`{one.id}`",
                one.kind.value,
                "the roles of roles.yaml"
                if one.kind is Kind.ROLE
                else ", ".join(value.id for value in one.values),
            )
            for one in base.attributes.values()
        ),
    )


def headings() -> None:
    """Print the headings of the column of each attribute."""
    _table(
        ("attribute", "other headings of its column"),
        (
            (f"`{one.id}`", ", ".join((one.label, *one.columns)))
            for one in load_builtin().attributes.values()
        ),
    )


def cells(attribute: str, *texts: str) -> None:
    """Print how cells in the column of an attribute are read."""
    one = load_builtin().attributes[attribute]
    _table(
        ("in the cell", "read as", "note"), ((f"`{text}`", *_read_as(one, text)) for text in texts)
    )


def _read_as(attribute: Attribute, text: str) -> tuple[str, str]:
    try:
        parsed = parse_answer(attribute, text)
    except UnreadableAnswerError as error:
        return "the row is rejected", str(error)
    if parsed.answer is None:
        return "unknown", parsed.note
    return f"`{'`, `'.join(attribute.members(parsed.answer)) or NOTHING}`", parsed.note


def words() -> None:
    """Print the modal words with their factors."""
    words = load_builtin().certainty.words.values()
    _table(
        ("word", "factor", "used where the article"),
        ((f"`{word.id}`", f"0.{word.factor:02}", word.meaning) for word in words),
    )


def limits() -> None:
    """Print the limits of a file."""
    _table(
        ("of", "at most"),
        (
            ("a file", f"{MAX_BYTES // 1_000_000} MB, {MAX_VALUES:,} values"),
            ("levels, one in another", str(MAX_DEPTH)),
            ("tests in one condition", str(MAX_TESTS)),
            ("ways of meeting one condition", str(MAX_DISJUNCTS)),
        ),
    )


def refusals() -> None:
    """Print what the loader refuses, and how the message reads."""
    _table(
        ("what is wrong", "what is said"),
        ((what, _code(_said({**_RIGHT, **wrong}))) for what, wrong in _WRONG.items()),
    )


def _code(text: str) -> str:
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _said(parts: dict[str, str]) -> str:
    text = re.sub(r"\{(when|then|more|origin)\}", lambda found: parts[found[1]], _RULE)
    first, *_ = _problems(text)
    return re.sub(r"^\S+?:(?=\d)", "", first)


def wrong_file() -> None:
    """Print a file with several mistakes, and all that is said about it."""
    text = """\
- id: ours.rotation
  title: Whoever wants breadth may rotate
  when:
    all:
      - aspiration: {includes: breadth}
      - organisation_size: {at_least: big}
  then: {path: move_sideways, certainty: perhaps}
  because: We have a rotation programme.
"""
    print(f"```yaml\n{text}```\n\n```console\n$ fourways rules check our-rules")
    for line in _problems(text):
        print(f"fourways: {line}")
    print("```")


def _problems(text: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        own = Path("our-rules/rules")
        own.mkdir(parents=True)
        (own / "ours.yaml").write_text(text)
        try:
            load(builtin_folders().with_own(rules=own))
        except RuleBaseError as error:
            return str(error).splitlines()
    raise AssertionError(f"nothing is said about\n{text}")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    cells = [tuple(cell.replace("|", "\\|") for cell in row) for row in (head, *rows)]
    print("| " + " | ".join(cells[0]) + " |")
    print("|" + "---|" * len(cells[0]))
    for row in cells[1:]:
        print("| " + " | ".join(row) + " |")
