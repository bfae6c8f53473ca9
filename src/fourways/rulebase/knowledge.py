"""Reads the knowledge files, but for job titles, into the values of the model."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fourways.errors import Location
from fourways.model.base import Path, Reading, Role, Section, Statement
from fourways.model.certainty import Certainties, Word
from fourways.model.profile import NOTHING, WISHES, Attribute, By, Kind, Possible, Value
from fourways.model.titles import Titles
from fourways.rulebase.conditions import WORDS
from fourways.rulebase.nodes import Entry, Node
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader

SORTS = (
    "background", "belief", "claim", "example", "exhortation", "illustration", "layout", "myth",
    "observation", "signpost",
)  # fmt: skip
MODALITIES = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")


@dataclass(frozen=True, slots=True)
class Article:
    """What article.yaml holds; `locations` tells where each statement stands in it."""

    title: str
    sections: tuple[Section, ...]
    statements: Mapping[str, Statement]
    readings: Mapping[str, Reading]
    locations: Mapping[str, Location]


def read_article(reader: Reader, node: Node) -> Article:
    """Read the statements of the article and the senses that we take of them."""
    root = reader.fields(node, ("title", "sections", "statements", "readings"))
    sections = []
    statements, locations = {}, {}
    for item in _items(reader, root, "sections"):
        one = reader.fields(item, ("id", "title", "rules"))
        locations[reader.text(one, "id")] = item.location
        sections.append(Section(*(reader.text(one, key) for key in ("id", "title", "rules"))))
    for entry in _named(reader, root, "statements", "a statement", dotted=True):
        one = reader.fields(
            entry.value, ("says", "sort", "words", "fingerprint"), ("modality", "no_rule")
        )
        statements[entry.key] = Statement(
            id=entry.key,
            says=reader.text(one, "says"),
            sort=reader.member(one, "sort", str, SORTS) or "",
            modality=reader.member(one, "modality", str, MODALITIES) or "",
            words=reader.whole(one, "words") or 0,
            fingerprint=reader.text(one, "fingerprint"),
            no_rule=reader.text(one, "no_rule"),
        )
        locations[entry.key] = entry.location
    readings = {}
    for entry in _named(reader, root, "readings", "a reading", dotted=True):
        one = reader.fields(entry.value, ("place", "question", "options", "takes", "why"))
        if "place" in one.by_key:
            where = one.by_key["place"].value
            reader.one_of(reader.text(one, "place"), statements, "statement", where.location)
        options = {
            option.key: reader.scalar(option.value)
            for option in _named(reader, one, "options", "an option")
        }
        taken = tuple(reader.located(one, "takes"))
        for name, location in taken:
            reader.one_of(name, options, "option", location)
        readings[entry.key] = Reading(
            id=entry.key,
            place=reader.text(one, "place"),
            question=reader.text(one, "question"),
            options=options,
            takes=tuple(name for name, _ in taken),
            why=reader.text(one, "why"),
        )
    return Article(reader.text(root, "title"), tuple(sections), statements, readings, locations)


def read_certainty(reader: Reader, node: Node) -> Certainties:
    """Read the modal words with their factors."""
    root = reader.fields(node, ("cutoff", "words", "in_words"), ("close",))
    words = {}
    for entry in _named(reader, root, "words", "a modal word"):
        one = reader.fields(entry.value, ("factor", "class", "meaning"), ("calibrated",))
        words[entry.key] = Word(
            entry.key,
            reader.hundredths(one, "factor"),
            reader.member(one, "class", str, MODALITIES) or "",
            reader.text(one, "meaning"),
            reader.text(one, "calibrated"),
        )
    bands = []
    for item in _items(reader, root, "in_words"):
        one = reader.fields(item, ("from", "says"))
        bands.append((reader.hundredths(one, "from"), reader.text(one, "says")))
        if bands != sorted(bands, reverse=True):
            reader.problem("the bands go from the highest down", item.location)
    close = reader.hundredths(root, "close") if "close" in root.by_key else 0
    return Certainties(reader.hundredths(root, "cutoff"), words, tuple(bands), close)


def read_paths(reader: Reader, node: Node, sections: Collection[str]) -> dict[str, Path]:
    """Read the ways on."""
    paths = {}
    for entry in reader.named(node, "a path"):
        one = reader.fields(entry.value, ("title", "means", "section"))
        if "section" in one.by_key:
            location = one.by_key["section"].value.location
            reader.one_of(reader.text(one, "section"), sections, "section", location)
        texts = (reader.text(one, key) for key in ("title", "means", "section"))
        paths[entry.key] = Path(entry.key, *texts)
    return paths


def read_attributes(
    reader: Reader, node: Node, roles: Mapping[str, Role], titles: Titles
) -> dict[str, Attribute]:
    """Read what can be known about a person; the values of a role are the roles."""
    attributes = {}
    for entry in reader.named(node, "an attribute"):
        if entry.key in WORDS:
            reader.problem(f"'{entry.key}' is a word of the conditions", entry.location)
        one = reader.fields(
            entry.value,
            ("kind", "about", "question", "label"),
            ("help", "columns", "values", "breakdown", "units"),
        )
        kind = reader.member(one, "kind", Kind, [kind.value for kind in Kind]) or Kind.CHOICE
        if kind is Kind.ROLE:
            if "values" in one.by_key:
                reader.problem("the values of a role are the roles", one.by_key["values"].location)
            values = tuple(Value(role.id, role.title, role.names) for role in roles.values())
        else:
            values = _values(reader, one, kind)
            if kind is Kind.YES_NO and sorted(value.id for value in values) != ["false", "true"]:
                reader.problem("a yes_no has the values true and false", entry.location)
            if kind is Kind.SET and NOTHING in (value.id for value in values):
                message = f"'{NOTHING}' in a set says that nothing applies"
                reader.problem(message, entry.location, "Take it away.")
        breakdown = reader.truth(one, "breakdown")
        if breakdown and kind is Kind.SET:
            location = one.by_key["breakdown"].value.location
            reader.problem("people with several answers cannot be broken down by them", location)
        attributes[entry.key] = Attribute(
            id=entry.key,
            kind=kind,
            about=reader.text(one, "about"),
            question=reader.text(one, "question"),
            label=reader.text(one, "label"),
            help=reader.text(one, "help"),
            columns=reader.texts(one, "columns"),
            values=values,
            titles=titles if kind is Kind.ROLE else None,
            breakdown=breakdown,
            units=reader.texts(one, "units"),
        )
    return attributes


def _values(reader: Reader, attribute: MappingNode, kind: Kind) -> tuple[Value, ...]:
    values: list[Value] = []
    for entry in _named(reader, attribute, "values", "a value"):
        one = reader.fields(
            entry.value, ("label",), ("names", "from", "if_so", "if_not", "in_sentence")
        )
        start = reader.whole(one, "from")
        if start is not None and any(v.start is not None and v.start >= start for v in values):
            reader.problem("'from' does not go up", entry.location)
        label, names = reader.text(one, "label"), reader.texts(one, "names")
        wishes = reader.text(attribute, "about") == WISHES
        if_so, if_not = (_possible(reader, one, key, wishes) for key in ("if_so", "if_not"))
        if "if_not" in one.by_key and kind is not Kind.SET:
            location = one.by_key["if_not"].location
            reader.problem("only a value of a set can cease to apply", location, "Use if_so.")
        in_sentence = reader.text(one, "in_sentence")
        values.append(Value(entry.key, label, names, start, if_so, if_not, in_sentence))
    if not values:
        reader.problem("'values' is missing or empty", attribute.location)
    return tuple(values)


def _possible(reader: Reader, value: MappingNode, key: str, wishes: bool) -> Possible | None:
    """Return how a change can come about; wishes, and nothing else, come about by wishing."""
    if key not in value.by_key:
        return None
    entry = value.by_key[key]
    ways = entry.value.entries if isinstance(entry.value, MappingNode) else ()
    known = [By.WISH] if wishes else [By.DO, By.HAPPENS]
    if len(ways) != 1 or ways[0].key not in known:
        hint = "Write {wish: you ...}." if wishes else "Write {do: you ...} or {happens: ...}."
        why = "" if wishes else f" wish is for attributes about {WISHES}."
        keys = " or ".join(known)
        reader.problem(f"'{key}' needs exactly one key, {keys}", entry.value.location, hint + why)
        return None
    return Possible(By(ways[0].key), reader.scalar(ways[0].value))


@dataclass(frozen=True, slots=True)
class Posts:
    """What roles.yaml holds besides the moves."""

    roles: Mapping[str, Role]
    posts: Mapping[str, str]
    families: Mapping[str, str]
    moves: tuple[Node, ...]


def read_posts(reader: Reader, node: Node) -> Posts:
    """Read the roles, the posts that are no roles, and the families."""
    root = reader.fields(node, ("families", "roles", "posts", "moves"))
    families = {
        entry.key: reader.scalar(entry.value)
        for entry in _named(reader, root, "families", "a family")
    }
    roles: dict[str, Role] = {}
    named: dict[str, str] = {}
    for entry in _named(reader, root, "roles", "a role"):
        one = reader.fields(entry.value, ("title", "family"), ("names",))
        if "family" in one.by_key:
            location = one.by_key["family"].value.location
            reader.one_of(reader.text(one, "family"), families, "family", location)
        role = Role(
            entry.key, reader.text(one, "title"), reader.text(one, "family"),
            reader.texts(one, "names"),
        )  # fmt: skip
        for name in (role.title, *role.names):
            if name.casefold() in named:
                reader.problem(f"'{name}' names {named[name.casefold()]} already", entry.location)
            named[name.casefold()] = role.id
        roles[entry.key] = role
    posts = {
        entry.key: reader.scalar(entry.value) for entry in _named(reader, root, "posts", "a post")
    }
    return Posts(roles, posts, families, _items(reader, root, "moves"))


def _items(reader: Reader, mapping: MappingNode, key: str) -> tuple[Node, ...]:
    return reader.items(mapping.by_key[key].value) if key in mapping.by_key else ()


def _named(
    reader: Reader, mapping: MappingNode, key: str, what: str, dotted: bool = False
) -> tuple[Entry, ...]:
    if key not in mapping.by_key:
        return ()
    return reader.named(mapping.by_key[key].value, what, dotted)
