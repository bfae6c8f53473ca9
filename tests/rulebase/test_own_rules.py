"""An organisation's own files go over the built-in ones: same name replaces, another is added."""

from pathlib import Path

import pytest

from fourways.errors import FourwaysError, InputError
from fourways.rulebase import BaseFolders, load
from rule_bases import KNOWLEDGE, write_base

RULE = "- {{id: {0}, title: R, when: always, then: {{action: Go.}}, house: true}}\n"


@pytest.fixture
def built_in(tmp_path: Path) -> BaseFolders:
    return write_base(tmp_path / "built_in", RULE.format("one") + RULE.format("two"))


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def ids(folders: BaseFolders) -> list[str]:
    return [rule.id for rule in load(folders).rules]


def test_a_file_of_the_same_name_replaces(built_in: BaseFolders, own: Path) -> None:
    (own / "rules.yaml").write_text(RULE.format("ours"))

    assert ids(built_in.with_own(rules=own)) == ["ours"]


def test_a_file_of_another_name_is_added_at_the_end(built_in: BaseFolders, own: Path) -> None:
    (own / "a_house.yaml").write_text(RULE.format("ours"))

    assert ids(built_in.with_own(rules=own)) == ["one", "two", "ours"]


def test_an_empty_file_of_the_same_name_takes_the_rules_away(
    built_in: BaseFolders, own: Path
) -> None:
    (own / "rules.yaml").write_text("# none of these for us\n")

    assert ids(built_in.with_own(rules=own)) == []


def test_a_rule_of_the_house_is_marked_and_cites_nothing(built_in: BaseFolders, own: Path) -> None:
    (own / "house.yaml").write_text(RULE.format("ours"))

    rule = load(built_in.with_own(rules=own)).by_id["ours"]

    assert rule.house
    assert rule.cites == ()


def test_a_rule_of_one_s_own_cannot_take_the_name_of_another(
    built_in: BaseFolders, own: Path
) -> None:
    (own / "house.yaml").write_text(RULE.format("two"))

    with pytest.raises(FourwaysError) as refused:
        load(built_in.with_own(rules=own))

    assert (
        str(refused.value)
        == f"{own}/house.yaml:1:3: duplicate id 'two', first at rules/rules.yaml:2:3"
    )


def test_knowledge_of_the_same_name_replaces(built_in: BaseFolders, own: Path) -> None:
    (own / "paths.yaml").write_text("delta: {title: Delta, means: ours, section: S0}\n")

    assert list(load(built_in.with_own(knowledge=own)).paths) == ["delta"]


def test_problems_of_one_s_own_files_name_the_file_where_it_lies(
    built_in: BaseFolders, own: Path
) -> None:
    (own / "paths.yaml").write_text("delta: {title: Delta, means: ours, section: S1}\n")

    with pytest.raises(FourwaysError) as refused:
        load(built_in.with_own(knowledge=own))

    assert str(refused.value) == f"{own}/paths.yaml:1:45: unknown section 'S1'. Use S0."


def test_what_the_own_knowledge_no_longer_has_is_missed_where_it_is_named(
    built_in: BaseFolders, own: Path, tmp_path: Path
) -> None:
    named = "- {id: r, title: R, when: {colour: {is: red}}, then: {action: Go.}, house: true}\n"
    folders = write_base(tmp_path / "other", named)
    profile = KNOWLEDGE["profile.yaml"].replace("red: {label: red}, ", "")
    (own / "profile.yaml").write_text(profile)

    with pytest.raises(FourwaysError) as refused:
        load(folders.with_own(knowledge=own))

    assert str(refused.value).startswith("rules/rules.yaml:1:41: unknown value of colour 'red'.")


def test_a_folder_that_is_none_is_refused(built_in: BaseFolders, own: Path) -> None:
    (own / "file").write_text("")
    for folder in (own / "nowhere", own / "file"):
        with pytest.raises(InputError) as refused:
            built_in.with_own(rules=folder)
        assert str(refused.value) == f"{folder} isn't a folder"


def test_a_folder_without_yaml_is_refused(built_in: BaseFolders, own: Path) -> None:
    (own / "rules.txt").write_text(RULE.format("r"))

    with pytest.raises(InputError) as refused:
        built_in.with_own(rules=own)

    assert str(refused.value) == f"{own} has no .yaml file"


def test_a_base_of_one_s_own_may_have_rules_only(built_in: BaseFolders, own: Path) -> None:
    (own / "rules").mkdir()
    (own / "rules" / "ours.yaml").write_text(RULE.format("ours"))

    assert ids(built_in.with_base(own)) == ["one", "two", "ours"]


def test_a_base_of_one_s_own_has_knowledge_or_rules(built_in: BaseFolders, own: Path) -> None:
    with pytest.raises(InputError) as refused:
        built_in.with_base(own)

    assert str(refused.value) == (
        f"{own} has neither knowledge/ nor rules/. "
        "To start from a copy, run `fourways rules init DIR`."
    )


def test_every_character_counts_in_the_digest(tmp_path: Path) -> None:
    rules = RULE.format("r")
    digests = {
        load(write_base(tmp_path / str(index), text)).digest
        for index, text in enumerate(
            [
                rules,
                f"{rules}\n",
                f"{rules}#",
                rules.replace("Go.", "Go!"),
                rules.replace("\n", "\r\n"),
            ]
        )
    }
    assert len(digests) == 5


def test_the_digest_knows_which_file_says_what(tmp_path: Path) -> None:
    first = write_base(tmp_path / "a", RULE.format("r"))
    second = write_base(tmp_path / "b", RULE.format("r"))
    (first.rules[0] / "x.yaml").write_text(RULE.format("s"))
    (second.rules[0] / "y.yaml").write_text(RULE.format("s"))

    assert load(first).digest != load(second).digest


def test_the_digest_does_not_depend_on_where_the_base_lies(tmp_path: Path) -> None:
    digests = {load(write_base(tmp_path / name, RULE.format("r"))).digest for name in "ab"}

    assert len(digests) == 1
