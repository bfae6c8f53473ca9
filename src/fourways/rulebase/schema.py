"""Builds the JSON Schema of a rule base's files, so that an editor completes and checks them.

The schema has the names in the base: attributes, values, roles, paths, findings and so on. What
takes more than one file to check, such as the order of findings, is left to the loader.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fourways.model.base import RuleBase
from fourways.model.conditions import OPERATORS
from fourways.model.profile import NOTHING, Attribute, Kind
from fourways.rulebase.cases import NO_PATH
from fourways.rulebase.reader import DOTTED_NAME, NAME
from fourways.rulebase.shapes import (
    FILES,
    POSSIBLE,
    Choice,
    Hundredths,
    ListOf,
    MapOf,
    Name,
    Raw,
    Record,
    Ref,
    Shape,
    Text,
    Truth,
    Whole,
)

Schema = dict[str, Any]

KINDS = tuple(FILES)
"""The kinds of file; each is a definition of the schema."""

FOLDER = "schema"
"""The folder of the schema files, beside `rules/` and `knowledge/`."""

# A single value is text to the loader, whatever type YAML sees in it.
_TRUTH: Schema = {"type": ["boolean", "string"], "pattern": "^(true|false)$"}
_SIMPLE: Mapping[type[Shape], Schema] = {
    Text: {"type": ["string", "number", "boolean"], "pattern": r"\S"},
    Truth: _TRUTH,
    Whole: {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,9}$"},
}


def modeline(name: str) -> str:
    """Return the first line by which a file of the base, such as rules/ours.yaml, names its schema.

    The schema is expected in `schema/` beside `rules/` and `knowledge/`.
    """
    folder, _, file = name.rpartition("/")
    kind = {"rules": "rules", "rules/cases": "cases"}.get(folder, file.removesuffix(".yaml"))
    return f"# yaml-language-server: $schema={'../' * name.count('/')}{FOLDER}/{kind}.json\n"


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

    Any file of the base is valid against it. `definitions` has one for each kind of file.
    """
    known = dict(_known(base))
    names = {sort.replace(" ", "_"): _one_of(named) for sort, named in known.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"fourways: {base.title}",
        "description": "The rules, cases and knowledge files of a rule base.",
        "anyOf": [_ref(kind) for kind in KINDS],
        "definitions": {
            **names,
            **dict(_definitions(base)),
            **{kind: _schema(shape, known) for kind, shape in FILES.items()},
        },
    }


# ---------------------------------------------------------------------------- shapes


def _schema(shape: Shape, known: Mapping[str, Mapping[str, str]]) -> Schema:
    """Return the schema of a shape; `known` has the names of each sort."""
    described: Schema = {"description": shape.says} if shape.says else {}
    return {**_of_kind(shape, known), **shape.schema, **described}


def _of_kind(shape: Shape, known: Mapping[str, Mapping[str, str]]) -> Schema:
    match shape:
        case Text() | Truth() | Whole():
            return _SIMPLE[type(shape)]
        case Hundredths(signed=signed):
            return {
                "type": ["number", "string"],
                "minimum": -0.99 if signed else 0,
                "maximum": 0.99,
                "pattern": rf"^{'-?' if signed else ''}0(\.[0-9]{{1,2}})?$",
            }
        case Name(dotted=dotted):
            return {"type": "string", "pattern": f"^{(DOTTED_NAME if dotted else NAME).pattern}$"}
        case Ref(sort=sort):
            return _ref(sort.replace(" ", "_"))
        case Raw(definition=definition):
            return _ref(definition)
        case Choice(words=words):
            return {"enum": list(words)}
        case ListOf(item=item):
            distinct = {} if isinstance(item, Record) else {"uniqueItems": True}
            return {"type": "array", "items": _schema(item, known), **distinct}
        case MapOf(key=Name() as key):
            values = {_schema(key, known)["pattern"]: _schema(shape.value, known)}
            more = {"patternProperties": values, "additionalProperties": False}
            return {"type": "object", **more}
        case MapOf(key=Ref(sort=sort)):
            return _keys(dict.fromkeys(known[sort], _schema(shape.value, known)))
        case MapOf():
            return {"type": "object", "additionalProperties": _schema(shape.value, known)}
        case Record():
            shapes = {**shape.required, **shape.optional}
            properties = {key: _schema(one, known) for key, one in shapes.items()}
            return _keys(properties, required=list(shape.required))
    raise TypeError(f"no schema for {type(shape).__name__}")


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/definitions/{definition}"}


def _one_of(known: Mapping[str, str]) -> Schema:
    return {"enum": list(known), "enumDescriptions": list(known.values())}


def _keys(properties: Mapping[str, Schema], **more: object) -> Schema:
    properties = dict(properties)
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def _list(item: Schema, **more: object) -> Schema:
    return {"type": "array", "items": item, **more}


# ---------------------------------------------------------------------------- names


def _known(base: RuleBase) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield each sort of name: the names, each with the text that an editor shows."""
    roles = {role.id: role.title for role in base.roles.values()}
    paths = {path.id: f"{path.title}: {path.means}" for path in base.paths.values()}
    yield "path", paths
    yield "path or none", {**paths, NO_PATH: "no path is recommended"}
    yield "role", roles
    yield "family", base.families
    yield "role or family", {**roles, **base.families}
    yield "next job", {**roles, **base.posts}
    yield "section", {section.id: section.title for section in base.sections}
    yield "statement", {one.id: one.says for one in base.statements.values()}
    yield (
        "reading",
        {
            one.id + option: f"{one.question} {one.options[option]}"
            for one in base.readings.values()
            for option in one.takes
        },
    )
    words = base.certainty.words.values()
    yield "word", {word.id: f"{word.factor / 100:.2f}: {word.meaning}" for word in words}
    yield "finding", {name: rules[0].because for name, rules in base.concluding.items()}
    yield "rule", {rule.id: rule.title for rule in base.rules}


# ---------------------------------------------------------------------------- conditions


def _definitions(base: RuleBase) -> Iterator[tuple[str, Schema]]:
    """Yield what has its own reader: conditions, answers, origins of moves, possible changes."""
    attributes = base.attributes.values()
    for one in attributes:
        yes_no = one.kind is Kind.YES_NO
        known = _one_of({value.id: value.label for value in one.values})
        yield f"value_of_{one.id}", _TRUTH if yes_no else known
        yield f"test_of_{one.id}", _test(one)
    yield "possible", _schema(POSSIBLE, {})
    anyone = {"const": "anyone", "description": "whatever the job is"}
    names = _list(_ref("role_or_family"), minItems=1, uniqueItems=True)
    yield "origin", {"anyOf": [anyone, names]}
    yield "profile_of_case", _keys({one.id: _answer(one) for one in attributes})
    tests = {one.id: _said(one.question, _ref(f"test_of_{one.id}")) for one in attributes}
    always = {"type": "string", "const": "always", "description": "It fires for everyone."}
    for prefix in ("", "guidance_"):
        plain, negated = f"{prefix}condition", f"{prefix}negated_condition"
        named = {"finding": _said("A rule concluded this finding.", _ref("finding"))}
        if prefix:
            named["recommended"] = _said("This path is recommended.", _ref("path"))
        for name, opposite, more in ((plain, negated, named), (negated, plain, {})):
            parts = _list(_ref(name), minItems=1)
            words = {
                "all": _said("Each of these is true.", parts),
                "any": _said("At least one of these is true.", parts),
                "not": _said("This is false. For answers only.", _ref(opposite)),
            }
            yield name, _single("condition", {**words, **more, **tests})
        yield f"{prefix}when", {"anyOf": [_ref(plain), always]}


def _test(attribute: Attribute) -> Schema:
    operators = {}
    for name, operator in OPERATORS.items():
        if attribute.kind in operator.kinds:
            one = _ref("family" if name == "family" else f"value_of_{attribute.id}")
            several = {"anyOf": [one, _list(one, minItems=1, uniqueItems=True)]}
            operators[name] = _said(operator.meaning, several if operator.several else one)
    return _single("operator", operators)


def _answer(attribute: Attribute) -> Schema:
    value = _ref(f"value_of_{attribute.id}")
    nothing = {"const": NOTHING, "description": "none of these"}
    several = {"anyOf": [nothing, _list(value, uniqueItems=True)]}
    return _said(attribute.question, several if attribute.kind is Kind.SET else value)


def _said(description: str, schema: Schema) -> Schema:
    return {**schema, "description": description}


def _single(title: str, properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object with one of some keys; messages name it by its title."""
    return _keys(properties, title=title, minProperties=1, maxProperties=1)
