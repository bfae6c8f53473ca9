"""A file that could deceive or choke a reader is refused at once, with the place."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fourways.errors import FourwaysError
from fourways.rulebase import load
from fourways.rulebase.nodes import MAX_BYTES
from rule_bases import write_base

RULE = "- {id: r, title: R, when: always, then: {action: Go.}, house: true}\n"
MB = MAX_BYTES


def said_of(load_it: Callable[[], object]) -> str:
    """Return the problems of a base that is refused, which must take less than a second."""
    start = time.process_time()
    with pytest.raises(FourwaysError) as refused:
        load_it()
    assert time.process_time() - start < 1
    return str(refused.value)


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
)

REFUSED: dict[str, tuple[str | bytes, str]] = {
    "an alias bomb": (BOMB, "1:4: anchor '&a' is not allowed. Write the value out."),
    "an anchor": ("- &x {id: r}\n", "1:3: anchor '&x' is not allowed. Write the value out."),
    "an alias": ("- *x\n", "1:3: alias '*x' is not allowed. Write the value out."),
    "an anchor on a key": ("- {&k id: r}", "1:4: anchor '&k' is not allowed. Write the value out."),
    "a Python object": (
        "- !!python/object/apply:os.system [exit]\n",
        "1:3: tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed. "
        "Write plain values.",
    ),
    "a tag of one's own": ("- !rule {}\n", "1:3: tag '!rule' is not allowed. Write plain values."),
    "a tag for text": (
        "- !!str 3\n",
        "1:3: tag 'tag:yaml.org,2002:str' is not allowed. Write plain values.",
    ),
    "a tag for nothing in particular": ("- ! a\n", "1:3: tag '!' is not allowed. Write plain values."),
    "a merge key": (
        "- &a {}\n- {<<: *a}\n",
        "1:3: anchor '&a' is not allowed. Write the value out.",
    ),
    "a merge of what is written out": (
        RULE.replace("{id: r", "{<<: {id: s}, id: r"),
        "1:4: unknown key '<<'. Use id, title, when, then, because, cites, reading, house or default.",
    ),
    "nesting 21 deep": ("[" * 21 + "]" * 21, "1:21: nesting over 20 deep is not allowed"),
    "nesting 21 deep in blocks": ("- " * 20 + "a:\n", "1:41: nesting over 20 deep is not allowed"),
    "100,000 brackets": ("[" * 100_000, "1:21: nesting over 20 deep is not allowed"),
    "100,000 braces": ("{a: " * 100_000, "1:81: nesting over 20 deep is not allowed"),
    "100,000 lists in lists": ("- " * 100_000, "1:41: nesting over 20 deep is not allowed"),
    "a key that is a list": ("- ? [a, b]\n  : c\n", "1:5: a key that is not a word is not allowed"),
    "a key that is a mapping": ("- {{a: b}: c}\n", "1:4: a key that is not a word is not allowed"),
    "100,000 keys of keys": ("? " * 100_000, "1:3: a key that is not a word is not allowed"),
    "an escaped control character": (
        '- "\\e[31m"\n',
        "1:3: the character U+001B is not allowed",
    ),
    "a second document": (
        f"{RULE}---\n{RULE}",
        "2:1: a second document is not allowed. Keep one per file.",
    ),
    "a broken list": ("- {id: r\n", "2:1: is not valid YAML: did not find expected ',' or '}'"),
    "an unclosed quote": (
        '- "a\n',
        "2:1: is not valid YAML: found unexpected end of stream",
    ),
    "a tab for an indent": (
        "- id: r\n\ttitle: R\n",
        "2:1: is not valid YAML: found a tab character that violates indentation",
    ),
    "UTF-16": (RULE.encode("utf-16"), "1:1: is not UTF-8. Save the file as UTF-8."),
    "UTF-16 without a mark": (
        RULE.encode("utf-16-le"),
        "1:2: the character U+0000 is not allowed. Save the file as plain text in UTF-8.",
    ),
    "Latin-1": (
        f"{RULE}# é\n- café\n".replace("# é", "# e").encode("latin-1"),
        "3:6: is not UTF-8. Save the file as UTF-8.",
    ),
    "Latin-1 after letters of two bytes": (
        "- ééé".encode() + b"\xe9",
        "1:6: is not UTF-8. Save the file as UTF-8.",
    ),
    "Latin-1 after a byte order mark": (
        b"\xef\xbb\xbf- a\n- \xe9",
        "2:3: is not UTF-8. Save the file as UTF-8.",
    ),
    "a NUL": (
        "- a\n- b\0c\n",
        "2:4: the character U+0000 is not allowed. Save the file as plain text in UTF-8.",
    ),
    "an escape sequence": (
        "- \x1b[31m\n",
        "1:3: the character U+001B is not allowed. Save the file as plain text in UTF-8.",
    ),
    "over 1 MB": (
        (RULE + "#" * MB)[: MB + 1],
        "1:1: is over 1 MB. Split it into several files.",
    ),
    "1 MB of one line": ("- " + "x" * (MB - 2), "1:3: expected keys with values, found a single value"),
    "1 MB of a key": (
        f"{'x' * (MB - 3)}: a",
        "1:999998: is not valid YAML: mapping values are not allowed in this context",
    ),
    "1 MB of items": (
        "- a\n" * (MB // 4),
        "50000:3: so much in one file is not allowed. Split it into several files.",
    ),
    "1 MB of empty lists": (
        "[" + "[]," * (MB // 3 - 1) + "]",
        "1:149999: so much in one file is not allowed. Split it into several files.",
    ),
    "1 MB of pairs": (
        "".join(f"k{i}: a\n" for i in range(90_000))[:MB],
        "25000:9: so much in one file is not allowed. Split it into several files.",
    ),
    "1 MB of exclamation marks": (
        "!" * MB,
        f"1:1: tag 'tag:yaml.org,2002:{'!' * 39}...' is not allowed. Write plain values.",
    ),
    "1 MB of quotes": (
        '"' * MB,
        "1:3: is not valid YAML: did not find expected <document start>",
    ),
    "1 MB of zero bytes": (
        b"\0" * MB,
        "1:1: the character U+0000 is not allowed. Save the file as plain text in UTF-8.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_is_refused_with_the_place(tmp_path: Path, what: str) -> None:
    text, said = REFUSED[what]
    folders = write_base(tmp_path, text)

    assert said_of(lambda: load(folders)) == f"rules/rules.yaml:{said}"


def test_the_same_key_over_and_over_is_refused_at_once(tmp_path: Path) -> None:
    folders = write_base(tmp_path, "a: 1\n" * (MB // 5))

    said = said_of(lambda: load(folders)).splitlines()

    assert len(said) == 101
    assert said[0] == "rules/rules.yaml:2:1: duplicate key 'a', first in line 1"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_of_rules_has_no_rules(tmp_path: Path, text: str | bytes) -> None:
    assert load(write_base(tmp_path, text)).rules == ()


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_of_knowledge_is_refused(tmp_path: Path, text: str) -> None:
    folders = write_base(tmp_path, RULE, {"paths.yaml": text})

    assert said_of(lambda: load(folders)) == "knowledge/paths.yaml:1:1: is empty"


def test_a_file_of_knowledge_that_holds_nothing_but_a_document_start_is_refused(
    tmp_path: Path,
) -> None:
    folders = write_base(tmp_path, RULE, {"paths.yaml": "---\n"})

    assert (
        said_of(lambda: load(folders))
        == "knowledge/paths.yaml:2:1: expected keys with values, found a single value"
    )


def test_a_byte_order_mark_and_foreign_line_ends_are_no_problem(tmp_path: Path) -> None:
    folders = write_base(tmp_path, b"\xef\xbb\xbf" + RULE.replace("\n", "\r\n").encode())

    assert [rule.id for rule in load(folders).rules] == ["r"]


def test_letters_of_any_script_are_no_problem(tmp_path: Path) -> None:
    folders = write_base(tmp_path, RULE.replace("Go.", "Los geht’s – 行こう 🙂"))

    assert load(folders).rules[0].then.text == "Los geht’s – 行こう 🙂"


@pytest.mark.parametrize("make", ["folder", "loop", "dangling link", "pipe"])
def test_what_is_named_like_a_file_and_is_none_is_refused(tmp_path: Path, make: str) -> None:
    folders = write_base(tmp_path, RULE)
    path = folders.rules[0] / "x.yaml"
    match make:
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "dangling link":
            path.symlink_to(tmp_path / "nowhere")
        case "pipe":
            os.mkfifo(path)

    assert said_of(lambda: load(folders)) == "rules/x.yaml:1:1: isn't a file that can be read"


def test_a_missing_file_of_knowledge_is_named(tmp_path: Path) -> None:
    folders = write_base(tmp_path, RULE)
    (folders.knowledge[0] / "roles.yaml").unlink()
    (folders.knowledge[0] / "role.yaml").write_text("a: b\n")

    assert said_of(lambda: load(folders)).splitlines() == [
        "knowledge/roles.yaml is missing",
        "knowledge/role.yaml:1:1: isn't a knowledge file. "
        "Use article.yaml, certainty.yaml, paths.yaml, profile.yaml, roles.yaml or titles.yaml.",
    ]


def test_a_file_that_ends_in_yml_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    folders = write_base(tmp_path, RULE)
    (folders.rules[0] / "house.yml").write_text(RULE)

    assert (
        said_of(lambda: load(folders))
        == "rules/house.yml:1:1: is skipped. Rename it to end in .yaml."
    )


def test_locks_and_backups_of_editors_are_passed_over(tmp_path: Path) -> None:
    folders = write_base(tmp_path, RULE)
    (folders.rules[0] / ".#rules.yaml").symlink_to("someone@somewhere")
    (folders.rules[0] / "rules.yaml~").write_text("[")

    assert [rule.id for rule in load(folders).rules] == ["r"]
