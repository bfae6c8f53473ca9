"""Builds the parts of a JSON Schema for YAML files."""

from collections.abc import Mapping
from typing import Any

from fourways.rulebase.reader import DOTTED_NAME, NAME

Schema = dict[str, Any]

# A single value is text to the loader, whatever type YAML sees in it.
TEXT: Schema = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
TRUTH: Schema = {"type": ["boolean", "string"], "pattern": "^(true|false)$"}
WHOLE: Schema = {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]{1,9}$"}
HUNDREDTHS: Schema = {
    "type": ["number", "string"],
    "minimum": 0,
    "maximum": 0.99,
    "pattern": r"^0(\.[0-9]{1,2})?$",
}
SIGNED: Schema = {**HUNDREDTHS, "minimum": -0.99, "pattern": r"^-?0(\.[0-9]{1,2})?$"}
NAMED: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}
ID: Schema = {"type": "string", "pattern": f"^{DOTTED_NAME.pattern}$"}


def ref(definition: str) -> Schema:
    """Return a reference to a definition."""
    return {"$ref": f"#/definitions/{definition}"}


def said(description: str, schema: Schema) -> Schema:
    """Return a schema with the text that an editor shows on hover."""
    return {**schema, "description": description}


def one_of(known: Mapping[str, str]) -> Schema:
    """Return the schema of a name out of some, each with the text that an editor shows."""
    return {"enum": list(known), "enumDescriptions": list(known.values())}


def listing(item: Schema, **more: object) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item, **more}


def names(definition: str) -> Schema:
    """Return the schema of a list of distinct names, by their definition."""
    return listing(ref(definition), uniqueItems=True)


def texts() -> Schema:
    """Return the schema of a list of distinct texts."""
    return listing(TEXT, uniqueItems=True)


def mapping(value: Schema, name: Schema = NAMED) -> Schema:
    """Return the schema of an object whose keys are names of the author."""
    return {
        "type": "object",
        "patternProperties": {name["pattern"]: value},
        "additionalProperties": False,
    }


def single(title: str, properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of an object with one of some keys; messages name it by its title."""
    return keys({}, properties, title=title, minProperties=1, maxProperties=1)


def keys(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: object
) -> Schema:
    """Return the schema of an object with these keys and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
        **more,
    }
