"""What the files of a rule base contain: one description for the loader and for the JSON Schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from fourways.model.profile import NOTHING, By, Kind
from fourways.model.rules import Time

SORTS = (
    "background", "belief", "claim", "example", "exhortation", "illustration", "layout", "myth",
    "observation", "signpost",
)  # fmt: skip
MODALITIES = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")
WORD_LISTS = ("noise", "links", "turning", "joining", "units", "posts", "jobs")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a YAML value can be.

    Attributes:
        says: the text that an editor shows on hover.
        schema: more JSON Schema for it, where the loader checks more than the shape.
        default: what a missing value counts as.
    """

    says: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    default: ClassVar[Any] = None


@dataclass(frozen=True)
class Text(Shape):
    """Any text; line breaks and repeated spaces count as one space."""

    default: ClassVar[str] = ""


@dataclass(frozen=True)
class Truth(Shape):
    """True or false; false if missing."""

    default: ClassVar[bool] = False


@dataclass(frozen=True)
class Whole(Shape):
    """A whole number of up to 9 digits, from 0."""


@dataclass(frozen=True)
class Hundredths(Shape):
    """A number from 0.00 to 0.99, read as whole hundredths; from -0.99 if signed."""

    signed: bool = False
    default: ClassVar[int] = 0


@dataclass(frozen=True)
class Name(Shape):
    """A new name, for something called `what` in messages.

    Names end up in files, placeholders and results, between commas, semicolons and colons, so
    they have lower-case letters, digits and underscores only; if dotted, also others.
    """

    what: str
    dotted: bool = False
    default: ClassVar[str] = ""


@dataclass(frozen=True)
class Ref(Shape):
    """A name of some sort that the base has; `what` it is called in messages, or else the sort."""

    sort: str
    what: str = ""
    default: ClassVar[str] = ""


@dataclass(frozen=True)
class Choice(Shape):
    """One of a closed list of words."""

    words: tuple[str, ...]
    default: ClassVar[str] = ""


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of distinct items."""

    item: Shape
    least: int = 0
    default: ClassVar[tuple[Any, ...]] = ()


@dataclass(frozen=True)
class MapOf(Shape):
    """Keys that name something, or with None any texts, each with a value."""

    key: Name | Ref | None
    value: Shape


@dataclass(frozen=True)
class Record(Shape):
    """Required and optional keys, each with a value of its own shape."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw(Shape):
    """Something that has its own reader, and its own definition in the JSON Schema."""

    definition: str


def said(says: str, shape: Shape) -> Shape:
    """Return a shape with the text that an editor shows."""
    return replace(shape, says=says)


TEXT, TEXTS = Text(), ListOf(Text())

# ---------------------------------------------------------------------------------- rules

CONCLUSIONS = ("finding", "path", "against", "action", "caution")

_CONCLUSION = Record(
    {},
    {
        "finding": Name(
            "a finding",
            says="Something that other rules can use. A new name makes a new finding.",
            schema={"anyOf": [{"$ref": "#/definitions/finding"}, {"type": "string"}]},
        ),
        "path": Ref("path", says="Counts towards this path."),
        "against": Ref("path", says="Counts against this path."),
        "action": Text(says="Advice, in a sentence."),
        "caution": Text(says="A warning, in a sentence."),
        "certainty": Ref("word", "certainty", says="How strongly: a word of certainty.yaml."),
    },
    says="What follows: one thing.",
    schema={
        "oneOf": [{"required": [key]} for key in CONCLUSIONS],
        "dependencies": {
            "path": ["certainty"],
            "against": ["certainty"],
            "certainty": {"anyOf": [{"required": ["path"]}, {"required": ["against"]}]},
        },
    },
)

_SOURCE: Mapping[str, Shape] = {
    "cites": ListOf(Ref("statement"), says="The sentences of the article that it is based on."),
    "reading": ListOf(Ref("reading"), says="How it reads an unclear sentence."),
    "house": Truth(says="true for a rule of your own, which cites nothing."),
}

_CITED: Mapping[str, Any] = {
    "if": {"required": ["house"], "properties": {"house": {"enum": [True, "true"]}}},
    "then": {"properties": {"cites": {"maxItems": 0}}},
    "else": {"required": ["cites"], "properties": {"cites": {"minItems": 1}}},
}

_EXPLAINED = {"anyOf": [{"required": [key]} for key in ("finding", "path", "against")]}

RULE = Record(
    {
        "id": Name("a rule", dotted=True, says="Its name, unique in the base."),
        "title": Text(says="What it says, in a line."),
        "when": Raw("guidance_when", says="The condition, or always."),
        "then": _CONCLUSION,
    },
    {
        "because": Text(says="The reason, as the person will read it."),
        **_SOURCE,
        "default": Truth(says="true for the usual next step, where nothing else is known."),
    },
    schema={
        **_CITED,
        "allOf": [
            {
                "if": {"required": ["then"], "properties": {"then": _EXPLAINED}},
                "then": {
                    "required": ["because"],
                    "properties": {"when": {"$ref": "#/definitions/when"}},
                },
            }
        ],
    },
)

MOVE = Record(
    {
        "id": Name("a rule", dotted=True, says="Its name, unique in the base."),
        "from": Raw("origin", says="The roles or families that it starts from, or anyone."),
        "to": Ref("next job", says="The next job: a role or one of the posts."),
        "path": Ref("path", says="It is shown when this path is recommended."),
        "time": Choice(tuple(time.value for time in Time), says="Whether it is possible at once."),
        "certainty": Ref("word", "certainty", says="How strongly: a word of certainty.yaml."),
    },
    {"when": Raw("guidance_when", says="A further condition."), **_SOURCE},
    schema=_CITED,
)

CASE = Record(
    {
        "case": Text(says="What it shows, in a sentence."),
        "profile": Raw("profile_of_case", says="What is known about the person."),
    },
    {
        "first": Ref("path or none", "path", says="The path recommended first, or none."),
        "ranking": ListOf(Ref("path"), says="All recommended paths, in order."),
        "supported": ListOf(Ref("path"), says="Paths that are recommended."),
        "unsupported": ListOf(Ref("path"), says="Paths that are not recommended."),
        "fires": ListOf(Ref("rule"), says="Rules and moves that fire."),
        "silent": ListOf(Ref("rule"), says="Rules and moves that do not fire."),
        "always": ListOf(Ref("rule"), says="Rules that fire in every case."),
        "findings": ListOf(Ref("finding"), says="Findings that are concluded."),
        "targets": ListOf(Ref("next job"), says="Next jobs that come out."),
        "certainty": MapOf(Ref("path"), Hundredths(True), says="The certainty of paths."),
    },
    schema={"minProperties": 3},  # at least one expectation
)

# ------------------------------------------------------------------------------ knowledge


def _of_kind(kind: Kind, **properties: Any) -> dict[str, Any]:
    return {
        "if": {"properties": {"kind": {"const": kind.value}}},
        "then": {"properties": properties},
    }


_VALUE = Record(
    {"label": Text(says="The value in plain words.")},
    {
        "names": said("Other spellings.", TEXTS),
        "from": Whole(says="The least number that it stands for."),
        "in_sentence": Text(says="The value within a sentence about the person."),
        "if_so": Raw("possible", says="How it can become the answer."),
        "if_not": Raw("possible", says="Of a set: how it can cease to apply."),
    },
)

_YES_NO = {"required": ["true", "false"], "minProperties": 2, "maxProperties": 2}

ATTRIBUTE = Record(
    {
        "kind": Choice(tuple(kind.value for kind in Kind)),
        "about": Text(says="The group of questions that it belongs to."),
        "question": TEXT,
        "label": Text(says="The attribute in plain words."),
    },
    {
        "help": Text(says="Explains the question."),
        "columns": said("Other headings of its column in a file.", TEXTS),
        "values": MapOf(
            Name("a value"),
            _VALUE,
            says="On a scale from least to most.",
            schema={"minProperties": 1},
        ),
        "breakdown": Truth(says="Whether summaries are broken down by it."),
        "units": said("Words that may stand beside a number.", TEXTS),
    },
    schema={
        "allOf": [
            {**_of_kind(Kind.ROLE, values=False), "else": {"required": ["values"]}},
            _of_kind(Kind.YES_NO, values=_YES_NO),
            _of_kind(
                Kind.SET,
                values={"properties": {NOTHING: False}},
                breakdown={"enum": [False, "false"]},
            ),
        ]
    },
)

POSSIBLE = MapOf(Name("a way"), TEXT, schema={"minProperties": 1, "maxProperties": 1,
                 "propertyNames": {"enum": [by.value for by in By]}})  # fmt: skip

_STATEMENT = Record(
    {
        "says": Text(says="The sentence in our own words."),
        "sort": Choice(SORTS),
        "words": Whole(says="How many words the sentence has."),
        "fingerprint": TEXT,
    },
    {
        "modality": Choice(MODALITIES, says="How strong its wording is."),
        "no_rule": Text(says="Why no rule is based on it."),
    },
)
_READING = Record(
    {
        "place": Ref("statement", says="The sentence that is unclear."),
        "question": TEXT,
        "options": MapOf(Name("an option"), TEXT, says="What it can mean, each under a letter."),
        "takes": said("The letters that rules can name.", TEXTS),
        "why": TEXT,
    }
)
_WORD = Record(
    {"factor": Hundredths(), "class": Choice(MODALITIES), "meaning": TEXT},
    {"calibrated": Text(says="What decided the factor.")},
)
_LEVEL = Record({"words": TEXTS, "moves": MapOf(Ref("role"), Ref("role"))}, {"numerals": TEXTS})

FILES: Mapping[str, Shape] = {
    "rules": ListOf(RULE),
    "cases": ListOf(CASE),
    "article": Record(
        {
            "title": TEXT,
            "sections": ListOf(Record(dict.fromkeys(("id", "title", "rules"), TEXT))),
            "statements": MapOf(Name("a statement", dotted=True), _STATEMENT),
            "readings": MapOf(Name("a reading", dotted=True), _READING),
        }
    ),
    "certainty": Record(
        {
            "cutoff": Hundredths(says="Above this a path is recommended."),
            "words": MapOf(Name("a modal word"), _WORD),
            "in_words": ListOf(Record({"from": Hundredths(), "says": TEXT})),
        },
        {"close": Hundredths(says="Paths this near to the first are shown as close.")},
    ),
    "paths": MapOf(
        Name("a path"), Record({"title": TEXT, "means": TEXT, "section": Ref("section")})
    ),
    "profile": MapOf(Name("an attribute"), ATTRIBUTE),
    "roles": Record(
        {
            "families": MapOf(Name("a family"), TEXT, says="What a rule may ask of a role."),
            "roles": MapOf(
                Name("a role"),
                Record({"title": TEXT, "family": Ref("family")}, {"names": TEXTS}),
                says="The jobs a person can have.",
            ),
            "posts": MapOf(Name("a post"), TEXT, says="Next jobs that are not roles."),
            "moves": ListOf(MOVE, says="Which job leads to which."),
        }
    ),
    "titles": Record(
        {"otherwise": Ref("role", says="The role of a title that fits none.")},
        {
            "spellings": MapOf(None, TEXT),
            **dict.fromkeys(WORD_LISTS, TEXTS),
            "levels": MapOf(None, _LEVEL),
            "structures": ListOf(Record({"role": Ref("role"), "fields": TEXTS, "posts": TEXTS})),
            "alone": MapOf(Ref("role"), TEXTS),
            "rules_out": ListOf(
                Record({"meaning": TEXT, "words": TEXTS}, {"roles": ListOf(Ref("role"))})
            ),
            "misspelt": Record({"likeness": Hundredths(), "letters": Whole()}, {"distinct": TEXTS}),
        },
    ),
}
"""The shape of each kind of file, by the stem of its name, or of its folder."""
