"""The base that comes with fourways."""

import time

from fourways.model.conditions import Recommended, leaves
from fourways.model.rules import Evidence, Rule, Stratum, Target
from fourways.rulebase import builtin_folders, load, load_builtin


def section(statement: str) -> str:
    return statement.partition(".")[0]


def test_the_built_in_base_loads_whole_and_quickly() -> None:
    load(builtin_folders())
    start = time.process_time()
    base = load(builtin_folders())

    # The promise is 150 ms; a busy machine gets some slack.
    assert time.process_time() - start < 0.45
    assert base == load_builtin()
    assert base.digest == load_builtin().digest


def test_answers_in_sentences_are_about_you_and_lower_case() -> None:
    for attribute in load_builtin().attributes.values():
        for value in attribute.values:
            assert not {"I", "I'm", "I've", "my", "me"} & {*value.words.split()}, value.id
            assert not value.words[:2].istitle(), value.id


def test_every_rule_of_the_built_in_base_cites() -> None:
    assert [rule.id for rule in load_builtin().rules if not rule.cites or rule.house] == []


def test_every_rule_stands_in_the_file_of_a_section_that_it_is_about() -> None:
    base = load_builtin()
    files = {f"rules/{section.rules}": section.id for section in base.sections}
    elsewhere = [
        rule.id
        for rule in base.rules
        if rule.location
        and not isinstance(rule.then, Target)
        and files[rule.location.file]
        not in {section(name) for name in rule.cites}
        | {base.paths[p].section for p in _paths(rule)}
    ]
    assert elsewhere == []


def _paths(rule: Rule) -> set[str]:
    """Return the paths that a rule counts for, counts against, or advises on."""
    if isinstance(rule.then, Evidence):
        return {rule.then.path}
    return {leaf.path for leaf in leaves(rule.when) if isinstance(leaf, Recommended)}


def test_every_statement_is_cited_or_says_why_not() -> None:
    base = load_builtin()
    cited = {name for rule in base.rules for name in rule.cites}

    assert {name for name, one in base.statements.items() if not one.no_rule} == cited


def test_every_reading_is_a_question_with_answers_that_need_a_full_stop() -> None:
    for reading in load_builtin().readings.values():
        assert reading.question.endswith("?"), reading.id
        assert not [text for text in reading.options.values() if text[-1] in ".?!"], reading.id


def test_rules_are_in_firing_order() -> None:
    strata = [rule.stratum for rule in load_builtin().rules]

    assert strata == sorted(strata)
    assert set(strata) == set(Stratum)


def test_every_role_path_and_attribute_matters_to_some_rule() -> None:
    base = load_builtin()
    text = "".join(text for name, text in base.sources.items() if name.startswith("rules/"))
    text += base.sources["knowledge/roles.yaml"].partition("moves:")[2]

    assert [name for name in base.paths if f" {name}" not in text] == []
    assert [
        name for name in base.attributes if f"{name}: {{" not in text and f"{name}:\n" not in text
    ] == []
