"""Builds the values of the model from the knowledge files, and checks what a shape can't say."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourways.errors import Location
from fourways.model.base import Path, Reading, Role, Section, Statement
from fourways.model.certainty import Certainties, Word
from fourways.model.profile import NOTHING, WISHES, Attribute, By, Kind, Possible, Value
from fourways.model.titles import Level, Misspelt, RuledOut, Titles
from fourways.rulebase.conditions import WORDS
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.nodes import Node
from fourways.rulebase.reader import Reader, Values
from fourways.rulebase.shapes import WORD_LISTS


@dataclass(frozen=True, slots=True)
class Article:
    """What article.yaml contains, with the locations of its sections and statements."""

    title: str
    sections: tuple[Section, ...]
    statements: Mapping[str, Statement]
    readings: Mapping[str, Reading]
    locations: Mapping[str, Location]


def build_article(reader: Reader, values: Values) -> Article:
    """Return the statements of the article and how unclear ones are read."""
    statements, readings = values["statements"], values["readings"]
    locations = {section["id"]: section.location for section in values["sections"]}
    locations |= {name: entry.location for name, entry in statements.entries.items()}
    for one in readings.values():
        for letter in one["takes"]:
            if letter not in one["options"]:
                reader.problem(f"unknown option '{letter}'", one.at("takes"))
    return Article(
        values["title"],
        tuple(Section(**section) for section in values["sections"]),
        {name: Statement(name, **one) for name, one in statements.items()},
        {
            name: Reading(name, **{**one, "options": dict(one["options"])})
            for name, one in readings.items()
        },
        locations,
    )


def build_certainty(reader: Reader, values: Values) -> Certainties:
    """Return the modal words with their factors."""
    bands = tuple((band["from"], band["says"]) for band in values["in_words"])
    if list(bands) != sorted(bands, reverse=True):
        reader.problem("the bands must go from the highest down", values.at("in_words"))
    words = {
        name: Word(name, word["factor"], word["class"], word["meaning"], word["calibrated"])
        for name, word in values["words"].items()
    }
    return Certainties(values["cutoff"], words, bands, values["close"])


def build_paths(values: Values) -> dict[str, Path]:
    """Return the paths."""
    return {name: Path(name, **path) for name, path in values.items()}


def build_attributes(
    reader: Reader, values: Values, roles: Mapping[str, Role], titles: Titles
) -> dict[str, Attribute]:
    """Return what can be known about a person; the values of a role are the roles."""
    attributes = {}
    for name, one in values.items():
        location = values.entries[name].location
        kind = Kind(one["kind"] or Kind.CHOICE)
        if name in WORDS:
            reader.problem(f"'{name}' is a word of the conditions", location)
        if kind is Kind.ROLE:
            answers = tuple(Value(role.id, role.title, role.names) for role in roles.values())
            if "values" in one.entries:
                at = one.entries["values"].location
                reader.problem("the values of a role are the roles", at)
        else:
            answers = _values(reader, one, kind)
        if kind is Kind.YES_NO and sorted(value.id for value in answers) != ["false", "true"]:
            reader.problem("a yes_no has the values true and false", location)
        if kind is Kind.SET and NOTHING in (value.id for value in answers):
            reader.problem(
                f"'{NOTHING}' in a set means that nothing applies", location, "Remove it."
            )
        if kind is Kind.SET and one["breakdown"]:
            message = "people with several answers can't be broken down by them"
            reader.problem(message, one.at("breakdown"))
        attributes[name] = Attribute(
            name,
            kind,
            one["about"],
            one["question"],
            one["label"],
            one["help"],
            one["columns"],
            answers,
            titles if kind is Kind.ROLE else None,
            one["breakdown"],
            one["units"],
        )
    return attributes


def _values(reader: Reader, attribute: Values, kind: Kind) -> tuple[Value, ...]:
    if not attribute["values"]:
        reader.problem("'values' is missing or empty", attribute.location)
        return ()
    values: list[Value] = []
    for name, one in attribute["values"].items():
        starts = [value.start for value in values if value.start is not None]
        if one["from"] is not None and starts and one["from"] <= max(starts):
            location = attribute["values"].entries[name].location
            reader.problem("'from' must go up", location)
        if one["if_not"] is not None and kind is not Kind.SET:
            location = one.entries["if_not"].location
            reader.problem("only a value of a set can cease to apply", location, "Use if_so.")
        if_so, if_not = (_possible(reader, one, key, attribute) for key in ("if_so", "if_not"))
        label, names, sentence = one["label"], one["names"], one["in_sentence"]
        values.append(Value(name, label, names, one["from"], if_so, if_not, sentence))
    return tuple(values)


def _possible(reader: Reader, value: Values, key: str, attribute: Values) -> Possible | None:
    """Return how a change can come about; only wishes come about by wishing."""
    node: Node | None = value[key]
    if node is None:
        return None
    entries = node.entries if isinstance(node, MappingNode) else ()
    wishes = attribute["about"] == WISHES
    known = [By.WISH] if wishes else [By.DO, By.HAPPENS]
    if len(entries) != 1 or entries[0].key not in known:
        hint = "Write {wish: you ...}." if wishes else "Write {do: you ...} or {happens: ...}."
        why = "" if wishes else f" wish is for attributes about {WISHES}."
        message = f"'{key}' needs exactly one key, {' or '.join(known)}"
        reader.problem(message, node.location, hint + why)
        return None
    return Possible(By(entries[0].key), reader.scalar(entries[0].value))


@dataclass(frozen=True, slots=True)
class Posts:
    """The roles, the posts that aren't roles, and the families."""

    roles: Mapping[str, Role]
    posts: Mapping[str, str]
    families: Mapping[str, str]

    def title(self, job: str) -> str:
        """Return the title of a role or post."""
        return self.roles[job].title if job in self.roles else self.posts[job]


def build_posts(reader: Reader, values: Values) -> Posts:
    """Return what roles.yaml contains, without the moves."""
    roles = {
        name: Role(name, role["title"], role["family"], role["names"])
        for name, role in values["roles"].items()
    }
    named: dict[str, str] = {}
    for role in roles.values():
        for name in (role.title, *role.names):
            if name.casefold() in named:
                location = values["roles"].entries[role.id].location
                reader.problem(f"'{name}' already names {named[name.casefold()]}", location)
            named[name.casefold()] = role.id
    return Posts(roles, dict(values["posts"]), dict(values["families"]))


def build_titles(reader: Reader, values: Values | None, roles: Mapping[str, Role]) -> Titles:
    """Return the words of job titles; without titles.yaml, what the roles say of them."""
    names = {n.casefold(): role.id for role in roles.values() for n in (role.title, *role.names)}
    titles = {role.id: role.title for role in roles.values()}
    if values is None:
        return Titles(otherwise="", roles=titles, names=names)
    made = [
        (f"{word} {post}", one["role"], one.at("fields"))
        for one in values["structures"]
        for word in one["fields"]
        for post in one["posts"]
    ]
    alone = [
        (name, role, values["alone"].at(role))
        for role, listed in values["alone"].items()
        for name in listed
    ]
    for name, role, location in (*made, *alone):
        if names.setdefault(name, role) != role:
            reader.problem(f"'{name}' already names {names[name]}", location)
    only_alone = {name: role for name, role, _ in alone}
    return Titles(
        otherwise=values["otherwise"],
        roles=titles,
        names={name: role for name, role in names.items() if name not in only_alone},
        alone=only_alone,
        spellings=dict(values["spellings"]),
        levels=tuple(
            Level(name, one["words"], one["numerals"], dict(one["moves"]))
            for name, one in values["levels"].items()
        ),
        rules_out=tuple(
            RuledOut(
                one["meaning"],
                one["words"],
                frozenset(one["roles"] if "roles" in one.entries else roles),
            )
            for one in values["rules_out"]
        ),
        misspelt=_misspelt(values["misspelt"]),
        **{key: values[key] for key in WORD_LISTS},
    )


def _misspelt(values: Values | None) -> Misspelt:
    if values is None:
        return Misspelt()
    return Misspelt(values["likeness"], values["letters"] or 0, frozenset(values["distinct"]))
