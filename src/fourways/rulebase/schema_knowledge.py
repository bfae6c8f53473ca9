"""Builds the schemas of the knowledge files, except roles.yaml, whose moves are rules."""

from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, By, Kind
from fourways.rulebase.knowledge import MODALITIES, SORTS
from fourways.rulebase.schema_parts import (
    HUNDREDTHS,
    ID,
    TEXT,
    TRUTH,
    WHOLE,
    Schema,
    keys,
    listing,
    mapping,
    names,
    ref,
    said,
    texts,
)
from fourways.rulebase.titles import WORD_LISTS


def knowledge_schemas(base: RuleBase) -> dict[str, Schema]:
    """Return the schema of each knowledge file except roles.yaml, by the file's stem."""
    return {
        "article": _article(),
        "certainty": _certainty(),
        "paths": mapping(keys({"title": TEXT, "means": TEXT, "section": ref("section")})),
        "profile": mapping(_attribute()),
        "titles": _titles(base),
    }


def _article() -> Schema:
    statement = keys(
        {
            "says": said("The sentence in our own words.", TEXT),
            "sort": {"enum": list(SORTS)},
            "words": said("How many words the sentence has.", WHOLE),
            "fingerprint": TEXT,
        },
        {
            "modality": said("How strong its wording is.", {"enum": list(MODALITIES)}),
            "no_rule": said("Why no rule rests on it.", TEXT),
        },
    )
    reading = keys(
        {
            "place": said("The sentence that is unclear.", ref("statement")),
            "question": TEXT,
            "options": said("What it can mean, each under a letter.", mapping(TEXT)),
            "takes": said("The letters that rules can name.", texts()),
            "why": TEXT,
        }
    )
    section = keys({"id": TEXT, "title": TEXT, "rules": TEXT})
    return keys(
        {
            "title": TEXT,
            "sections": listing(section),
            "statements": mapping(statement, ID),
            "readings": mapping(reading, ID),
        }
    )


def _certainty() -> Schema:
    word = keys(
        {"factor": HUNDREDTHS, "class": {"enum": list(MODALITIES)}, "meaning": TEXT},
        {"calibrated": said("What decided the factor.", TEXT)},
    )
    return keys(
        {
            "cutoff": said("Above this a path is recommended.", HUNDREDTHS),
            "words": mapping(word),
            "in_words": listing(keys({"from": HUNDREDTHS, "says": TEXT})),
        },
        {"close": said("Paths this near to the first are shown as close.", HUNDREDTHS)},
    )


def _attribute() -> Schema:
    possible: Schema = {"anyOf": [keys({by.value: TEXT}) for by in By]}
    value = keys(
        {"label": said("The value in plain words.", TEXT)},
        {
            "names": said("Other spellings.", texts()),
            "from": said("The least number that it stands for.", WHOLE),
            "in_sentence": said("The value within a sentence about the person.", TEXT),
            "if_so": said("How it can become the answer.", possible),
            "if_not": said("Of a set: how it can cease to apply.", possible),
        },
    )
    return keys(
        {
            "kind": {"enum": [kind.value for kind in Kind]},
            "about": said("The group of questions that it belongs to.", TEXT),
            "question": TEXT,
            "label": said("The attribute in plain words.", TEXT),
        },
        {
            "help": said("Explains the question.", TEXT),
            "columns": said("Other headings of its column in a file.", texts()),
            "values": said(
                "On a scale from least to most.", {**mapping(value), "minProperties": 1}
            ),
            "breakdown": said("Whether summaries are broken down by it.", TRUTH),
            "units": said("Words that may stand beside a number.", texts()),
        },
        allOf=[
            {**_of_kind(Kind.ROLE, values=False), "else": {"required": ["values"]}},
            _of_kind(Kind.YES_NO, values=keys({"true": {}, "false": {}})),
            _of_kind(
                Kind.SET,
                values={"properties": {NOTHING: False}},
                breakdown={"enum": [False, "false"]},
            ),
        ],
    )


def _of_kind(kind: Kind, **properties: Schema | bool) -> Schema:
    return {
        "if": {"properties": {"kind": {"const": kind.value}}},
        "then": {"properties": properties},
    }


def _titles(base: RuleBase) -> Schema:
    level = keys(
        {"words": texts(), "moves": keys({}, dict.fromkeys(base.roles, ref("role")))},
        {"numerals": texts()},
    )
    structure = keys({"role": ref("role"), "fields": texts(), "posts": texts()})
    ruled_out = keys({"meaning": TEXT, "words": texts()}, {"roles": names("role")})
    return keys(
        {"otherwise": said("The role of a title that fits none.", ref("role"))},
        {
            "spellings": {"type": "object", "additionalProperties": TEXT},
            **dict.fromkeys(WORD_LISTS, texts()),
            "levels": {"type": "object", "additionalProperties": level},
            "structures": listing(structure),
            "alone": keys({}, dict.fromkeys(base.roles, texts())),
            "rules_out": listing(ruled_out),
            "misspelt": keys({"likeness": HUNDREDTHS, "letters": WHOLE}, {"distinct": texts()}),
        },
    )
