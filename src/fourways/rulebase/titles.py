"""Reads what is known about job titles, and joins it with the names of the roles."""

from collections.abc import Iterator, Mapping

from fourways.errors import Location
from fourways.model.base import Role
from fourways.model.titles import Level, Misspelt, RuledOut, Titles
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.nodes import Node
from fourways.rulebase.reader import Reader

WORD_LISTS = ("noise", "links", "turning", "joining", "units", "posts", "jobs")


def read_titles(reader: Reader, node: Node, roles: Mapping[str, Role]) -> Titles:
    """Read the words of job titles, against the roles that they may name."""
    root = reader.fields(
        node,
        ("otherwise",),
        ("spellings", *WORD_LISTS, "levels", "structures", "alone", "rules_out", "misspelt"),
    )
    names = _names(roles)
    made = tuple(_structures(reader, root, roles))
    by_themselves = tuple(_alone(reader, root, roles))
    for name, role, location in (*made, *by_themselves):
        if names.setdefault(name, role) != role:
            reader.problem(f"'{name}' names {names[name]} already", location)
    alone = {name: role for name, role, _ in by_themselves}
    return Titles(
        otherwise=reader.member(root, "otherwise", str, roles) or "",
        roles={role.id: role.title for role in roles.values()},
        names={name: role for name, role in names.items() if name not in alone},
        alone=alone,
        spellings=_spellings(reader, root),
        levels=tuple(_levels(reader, root, roles)),
        rules_out=tuple(_rules_out(reader, root, roles)),
        misspelt=_misspelt(reader, root),
        **{key: reader.texts(root, key) for key in WORD_LISTS},
    )


def titles_of(roles: Mapping[str, Role]) -> Titles:
    """Give what the roles alone tell of titles; one that is no role's name fits none."""
    return Titles(
        otherwise="",
        roles={role.id: role.title for role in roles.values()},
        names=_names(roles),
    )


def _names(roles: Mapping[str, Role]) -> dict[str, str]:
    return {
        name.casefold(): role.id for role in roles.values() for name in (role.title, *role.names)
    }


def _structures(
    reader: Reader, root: MappingNode, roles: Mapping[str, Role]
) -> Iterator[tuple[str, str, Location]]:
    """Give each name that a field and a post make, with its role and its location."""
    if "structures" not in root.by_key:
        return
    for item in reader.items(root.by_key["structures"].value):
        one = reader.fields(item, ("role", "fields", "posts"))
        role = reader.member(one, "role", str, roles)
        posts = reader.texts(one, "posts")
        for field, location in reader.located(one, "fields"):
            if role is not None:
                yield from ((f"{field} {post}", role, location) for post in posts)


def _alone(
    reader: Reader, root: MappingNode, roles: Mapping[str, Role]
) -> Iterator[tuple[str, str, Location]]:
    """Give each name that counts only where a title says no more."""
    if "alone" not in root.by_key:
        return
    listed = root.by_key["alone"].value
    for entry in reader.entries(listed):
        if reader.one_of(entry.key, roles, "role", entry.location):
            assert isinstance(listed, MappingNode)
            for name, location in reader.located(listed, entry.key):
                yield name, entry.key, location


def _spellings(reader: Reader, root: MappingNode) -> dict[str, str]:
    if "spellings" not in root.by_key:
        return {}
    entries = reader.entries(root.by_key["spellings"].value)
    return {entry.key: reader.scalar(entry.value) for entry in entries}


def _levels(reader: Reader, root: MappingNode, roles: Mapping[str, Role]) -> Iterator[Level]:
    for entry in reader.entries(root.by_key["levels"].value) if "levels" in root.by_key else ():
        one = reader.fields(entry.value, ("words", "moves"), ("numerals",))
        moves = {}
        for move in reader.entries(one.by_key["moves"].value) if "moves" in one.by_key else ():
            to = reader.scalar(move.value)
            reader.one_of(move.key, roles, "role", move.location)
            reader.one_of(to, roles, "role", move.value.location)
            moves[move.key] = to
        yield Level(entry.key, reader.texts(one, "words"), reader.texts(one, "numerals"), moves)


def _rules_out(reader: Reader, root: MappingNode, roles: Mapping[str, Role]) -> Iterator[RuledOut]:
    if "rules_out" not in root.by_key:
        return
    for item in reader.items(root.by_key["rules_out"].value):
        one = reader.fields(item, ("meaning", "words"), ("roles",))
        for name, location in reader.located(one, "roles"):
            reader.one_of(name, roles, "role", location)
        yield RuledOut(
            meaning=reader.text(one, "meaning"),
            words=reader.texts(one, "words"),
            roles=frozenset(reader.texts(one, "roles") if "roles" in one.by_key else roles),
        )


def _misspelt(reader: Reader, root: MappingNode) -> Misspelt:
    if "misspelt" not in root.by_key:
        return Misspelt()
    one = reader.fields(root.by_key["misspelt"].value, ("likeness", "letters"), ("distinct",))
    return Misspelt(
        likeness=reader.hundredths(one, "likeness"),
        letters=reader.whole(one, "letters") or 0,
        distinct=frozenset(reader.texts(one, "distinct")),
    )
