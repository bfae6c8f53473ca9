"""Builds the JSON Schema of a rule base's files, so that an editor completes and checks them.

The schema knows the names in the base: attributes, values, roles, paths, findings and so on. It
has one definition for each kind of file. What takes more than one file to check, such as the
order of findings, is left to the loader.
"""

import json
from collections.abc import Iterator, Mapping

from fourways.model.base import RuleBase
from fourways.model.conditions import OPERATORS
from fourways.model.profile import NOTHING, Attribute, Kind
from fourways.model.rules import Time
from fourways.rulebase.cases import NO_PATH
from fourways.rulebase.locations import KNOWLEDGE_FILES
from fourways.rulebase.schema_knowledge import knowledge_schemas
from fourways.rulebase.schema_parts import (
    ID,
    NAMED,
    SIGNED,
    TEXT,
    TRUTH,
    Schema,
    keys,
    listing,
    mapping,
    names,
    one_of,
    ref,
    said,
    single,
    texts,
)

KINDS = ("rules", "cases", *(name.removesuffix(".yaml") for name in KNOWLEDGE_FILES))
"""The kinds of file; each is a definition of the schema."""

FOLDER = "schema"
"""Where the schema files stand in a base of one's own."""


def modeline(name: str) -> str:
    """Return the first line by which a file of the base, such as rules/ours.yaml, names its schema.

    The schema is expected in `schema/` beside `rules/` and `knowledge/`.
    """
    folder = "../" * name.count("/") + FOLDER
    return f"# yaml-language-server: $schema={folder}/{_kind_of(name)}.json\n"


def schema_files(base: RuleBase) -> dict[str, str]:
    """Return the text of each schema file by its name: the whole, and one for each kind of file.

    Those for a kind only point into the whole: an editor that reads a file against its own kind
    says more clearly what is wrong.
    """
    files = {f"{kind}.json": {"$ref": f"base.json#/definitions/{kind}"} for kind in KINDS}
    return {name: as_text(one) for name, one in {"base.json": schema_of(base), **files}.items()}


def as_text(schema: Schema) -> str:
    """Return a schema as JSON."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_of(base: RuleBase) -> Schema:
    """Return the JSON Schema (draft 7) of the files of a rule base.

    Any file of the base is valid against it. `definitions` holds one for each kind of file.
    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"fourways: {base.title}",
        "description": "The rules, cases and knowledge files of a rule base.",
        "anyOf": [ref(kind) for kind in KINDS],
        "definitions": {
            **{name: one_of(known) for name, known in _known(base).items()},
            **{f"value_of_{one.id}": _value(one) for one in base.attributes.values()},
            **{f"test_of_{one.id}": _test(one) for one in base.attributes.values()},
            **dict(_conditions(base)),
            "rules": listing(_rule()),
            "cases": listing(_case(base)),
            "roles": _roles(),
            **knowledge_schemas(base),
        },
    }


def _kind_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return {"rules": "rules", "rules/cases": "cases"}.get(folder, file.removesuffix(".yaml"))


def _known(base: RuleBase) -> Mapping[str, Mapping[str, str]]:
    """Return what can be named, by sort: each name with the text that an editor shows."""
    roles = {role.id: role.title for role in base.roles.values()}
    paths = {path.id: f"{path.title}: {path.means}" for path in base.paths.values()}
    return {
        "path": paths,
        "path_or_none": {**paths, NO_PATH: "no path is recommended"},
        "role": roles,
        "family": base.families,
        "role_or_family": {**roles, **base.families},
        "next_job": {**roles, **base.posts},
        "section": {section.id: section.title for section in base.sections},
        "statement": {one.id: one.says for one in base.statements.values()},
        "reading": {
            one.id + option: f"{one.question} {one.options[option]}"
            for one in base.readings.values()
            for option in one.takes
        },
        "word": {
            word.id: f"{word.factor / 100:.2f}: {word.meaning}"
            for word in base.certainty.words.values()
        },
        "finding": {name: rules[0].because for name, rules in base.concluding.items()},
        "rule": {rule.id: rule.title for rule in base.rules},
    }


# ---------------------------------------------------------------------------- conditions


def _value(attribute: Attribute) -> Schema:
    if attribute.kind is Kind.YES_NO:
        return TRUTH
    return one_of({value.id: value.label for value in attribute.values})


def _test(attribute: Attribute) -> Schema:
    operators = {}
    for name, operator in OPERATORS.items():
        if attribute.kind in operator.kinds:
            one = ref("family" if name == "family" else f"value_of_{attribute.id}")
            several = {"anyOf": [one, listing(one, minItems=1, uniqueItems=True)]}
            operators[name] = said(operator.meaning, several if operator.several else one)
    return single("operator", operators)


def _conditions(base: RuleBase) -> Iterator[tuple[str, Schema]]:
    """Yield the conditions of guidance and of other rules, each as it is and below a `not`."""
    tests = {
        one.id: said(one.question, ref(f"test_of_{one.id}")) for one in base.attributes.values()
    }
    always = {"type": "string", "const": "always", "description": "It fires for everyone."}
    for prefix in ("", "guidance_"):
        plain, negated = f"{prefix}condition", f"{prefix}negated_condition"
        named = {"finding": said("A rule concluded this finding.", ref("finding"))}
        if prefix:
            named["recommended"] = said("This path is recommended.", ref("path"))
        for name, opposite, more in ((plain, negated, named), (negated, plain, {})):
            parts = listing(ref(name), minItems=1)
            words = {
                "all": said("Each of these holds.", parts),
                "any": said("At least one of these holds.", parts),
                "not": said("This does not hold. For answers only.", ref(opposite)),
            }
            yield name, single("condition", {**words, **more, **tests})
        yield f"{prefix}when", {"anyOf": [ref(plain), always]}


# -------------------------------------------------------------------------- rules and moves


def _rule() -> Schema:
    explained: Schema = {"anyOf": [{"required": [key]} for key in ("finding", "path", "against")]}
    return keys(
        {
            "id": said("Its name, once in the whole base.", ID),
            "title": said("What it says, in a line.", TEXT),
            "when": said("The condition, or always.", ref("guidance_when")),
            "then": said("What follows: one thing.", _conclusion()),
        },
        {
            "because": said("The reason, as the person will read it.", TEXT),
            "default": said("true for what holds for everybody, unless more is known.", TRUTH),
            **_source(),
        },
        **_CITED,
        allOf=[
            {
                "if": {"required": ["then"], "properties": {"then": explained}},
                "then": {"required": ["because"], "properties": {"when": ref("when")}},
            }
        ],
    )


def _conclusion() -> Schema:
    finding = said(
        "Something that other rules can build on. A new name makes a new finding.",
        {"anyOf": [ref("finding"), NAMED]},
    )
    word = said("How strongly: a word of certainty.yaml.", ref("word"))
    choices: list[Mapping[str, Schema]] = [
        {"finding": finding},
        {"path": said("Speaks for this path.", ref("path")), "certainty": word},
        {"against": said("Speaks against this path.", ref("path")), "certainty": word},
        {"action": said("Advises something, in a sentence.", TEXT)},
        {"caution": said("Warns of something, in a sentence.", TEXT)},
    ]
    return {"type": "object", "anyOf": [keys(choice) for choice in choices]}


def _source() -> Mapping[str, Schema]:
    """Return the keys that say where a rule or a move comes from."""
    return {
        "cites": said("The sentences of the article that it rests on.", names("statement")),
        "reading": said("The sense that it takes of an unclear sentence.", names("reading")),
        "house": said("true for a rule of your own, which cites nothing.", TRUTH),
    }


_CITED: Schema = {
    "if": {"required": ["house"], "properties": {"house": {"enum": [True, "true"]}}},
    "then": {"properties": {"cites": {"maxItems": 0}}},
    "else": {"required": ["cites"], "properties": {"cites": {"minItems": 1}}},
}


def _roles() -> Schema:
    anyone = {"const": "anyone", "description": "whatever the job is"}
    move = keys(
        {
            "id": said("Its name, once in the whole base.", ID),
            "from": said(
                "The roles or families that it starts from, or anyone.",
                {"anyOf": [anyone, {**names("role_or_family"), "minItems": 1}]},
            ),
            "to": said("The next job: a role or one of the posts.", ref("next_job")),
            "path": said("It is shown when this path is recommended.", ref("path")),
            "time": said("Whether it is open at once.", {"enum": [time.value for time in Time]}),
            "certainty": said("How strongly: a word of certainty.yaml.", ref("word")),
        },
        {
            "when": said("A further condition.", ref("guidance_when")),
            **_source(),
        },
        **_CITED,
    )
    role = keys({"title": TEXT, "family": ref("family")}, {"names": texts()})
    return keys(
        {
            "families": said("What a rule may ask of a role.", mapping(TEXT)),
            "roles": said("The jobs a person can hold.", mapping(role)),
            "posts": said("Next jobs that are not roles.", mapping(TEXT)),
            "moves": said("Which job leads to which.", listing(move)),
        }
    )


# ------------------------------------------------------------------------------------ cases


def _case(base: RuleBase) -> Schema:
    profile = {}
    for one in base.attributes.values():
        value = ref(f"value_of_{one.id}")
        several = {"anyOf": [{"const": NOTHING, "description": "none of these"}, listing(value)]}
        profile[one.id] = said(one.question, several if one.kind is Kind.SET else value)
    return keys(
        {
            "case": said("What it shows, in a sentence.", TEXT),
            "profile": said("What is known about the person.", keys({}, profile)),
        },
        {
            "first": said("The path recommended first, or none.", ref("path_or_none")),
            "ranking": said("All recommended paths, in order.", names("path")),
            "supported": said("Paths that are recommended.", names("path")),
            "unsupported": said("Paths that are not recommended.", names("path")),
            "fires": said("Rules and moves that fire.", names("rule")),
            "silent": said("Rules and moves that do not fire.", names("rule")),
            "always": said("Rules that fire in every case.", names("rule")),
            "findings": said("Findings that are concluded.", names("finding")),
            "targets": said("Next jobs that come out.", names("next_job")),
            "certainty": said(
                "The certainty of paths.", keys({}, dict.fromkeys(base.paths, SIGNED))
            ),
        },
        minProperties=3,  # at least one expectation
    )
