"""What differs between two rule bases, and which rules make two decisions differ.

Bases are compared as they are written, entry by entry and key by key: a rule that names a word
doesn't change when the word gets another factor. Comments and layout don't count.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fourways.model.base import RuleBase
from fourways.model.decision import Decision, Firing
from fourways.model.rules import Evidence
from fourways.rulebase.nodes import Listing, Node, Scalar, parse
from fourways.rulebase.nodes import Mapping as MappingNode

CUTOFF, PATH_ORDER = "cutoff", "order of paths"

_WHOLE = ("when", "then", "in_words")
"""Keys that are compared as one text, however much they hold."""

_KINDS = {
    "rules": ("rules/", ""),
    "moves": ("knowledge/roles.yaml", "moves"),
    "attributes": ("knowledge/profile.yaml", ""),
    "words": ("knowledge/certainty.yaml", "words"),
    "paths": ("knowledge/paths.yaml", ""),
    "roles": ("knowledge/roles.yaml", "roles"),
    "posts": ("knowledge/roles.yaml", "posts"),
    "families": ("knowledge/roles.yaml", "families"),
    "sections": ("knowledge/article.yaml", "sections"),
    "statements": ("knowledge/article.yaml", "statements"),
    "readings": ("knowledge/article.yaml", "readings"),
    "job titles": ("knowledge/titles.yaml", ""),
}
"""Each kind of entry, the file or folder it is in, and the key it is under."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A key whose text differs, such as "values.high.label"; empty text where it is missing."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class KindDiff:
    """The entries of one kind that differ, by name, in the order of the files.

    Attributes:
        added, removed: each with what a rule concludes, in brief; empty for other entries.
        changed: each with the keys that differ.
    """

    added: Mapping[str, str]
    removed: Mapping[str, str]
    changed: Mapping[str, Sequence[Edit]]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True, slots=True)
class RulesDiff:
    """What differs between two rule bases.

    Attributes:
        old, new: the digests of the bases.
        kinds: the differences by kind: rules, moves, attributes and so on. An entry with a new
            name counts as one removed and one added.
        settings: what a base has once, such as the cutoff.
    """

    old: str
    new: str
    kinds: Mapping[str, KindDiff]
    settings: Sequence[Edit]

    def __bool__(self) -> bool:
        return bool(self.settings) or any(self.kinds.values())


def compare(old: RuleBase, new: RuleBase) -> RulesDiff:
    """Compare two rule bases."""
    before, after = _entries(old), _entries(new)
    concluded, concludes = _conclusions(old), _conclusions(new)
    kinds = {
        kind: KindDiff(
            added={n: concludes.get(n, "") for n in after[kind] if n not in before[kind]},
            removed={n: concluded.get(n, "") for n in before[kind] if n not in after[kind]},
            changed={
                name: edits
                for name, entry in after[kind].items()
                if name in before[kind] and (edits := _edits(before[kind][name], entry))
            },
        )
        for kind in _KINDS
    }
    settings = _edits(_settings(old, new), _settings(new, old))
    return RulesDiff(old.digest, new.digest, kinds, settings)


def _edits(before: Mapping[str, str], after: Mapping[str, str]) -> list[Edit]:
    pairs = ((key, before.get(key, ""), after.get(key, "")) for key in {**before, **after})
    return [Edit(key, was, now) for key, was, now in pairs if was != now]


def _conclusions(base: RuleBase) -> dict[str, str]:
    return {rule.id: str(rule.then) for rule in base.rules}


def _settings(base: RuleBase, other: RuleBase) -> dict[str, str]:
    """Return the text of each setting; an order is that of the names that both bases have."""
    certainty = dict(_flat(_root(base, "knowledge/certainty.yaml")))
    rules = [rule.id for rule in base.rules if rule.id in other.by_id]
    return {
        **{key: text for key, text in certainty.items() if not key.startswith("words.")},
        PATH_ORDER: ", ".join(path for path in base.paths if path in other.paths),
        "order of rules": ", ".join(rules),
        "title of the article": base.title,
    }


# ------------------------------------------------------------------ entries of the files


def _entries(base: RuleBase) -> dict[str, dict[str, dict[str, str]]]:
    """Return every entry: kind to name to the text of each key."""
    files = {name: _root(base, name) for name in base.sources}
    entries: dict[str, dict[str, dict[str, str]]] = {}
    for kind, (file, key) in _KINDS.items():
        roots = [root for name, root in files.items() if name.startswith(file)]
        if key:
            roots = [root.by_key[key].value for root in roots if isinstance(root, MappingNode)]
        entries[kind] = {name: dict(_flat(node)) for root in roots for name, node in _named(root)}
    return entries


def _root(base: RuleBase, name: str) -> Node | None:
    return parse(base.sources[name], name)


def _named(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the entries of a list or mapping by name: the key, or what is under `id`."""
    match node:
        case MappingNode():
            yield from ((entry.key, entry.value) for entry in node.entries)
        case Listing():
            for item in node.items:
                assert isinstance(item, MappingNode)
                yield _text(item.by_key["id"].value), item


def _flat(node: Node | None, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key below a node, with dots, and its text."""
    if isinstance(node, MappingNode) and key not in _WHOLE:
        for entry in node.entries:
            yield from _flat(entry.value, f"{key}.{entry.key}" if key else entry.key)
    elif node is not None:
        text = _text(node)
        yield key or "text", text[1:-1] if isinstance(node, Listing) else text


def _text(node: Node) -> str:
    """Return a node as YAML in one line."""
    match node:
        case Scalar():
            return " ".join(node.text.split())
        case Listing():
            return f"[{', '.join(map(_text, node.items))}]"
        case MappingNode():
            pairs = (f"{entry.key}: {_text(entry.value)}" for entry in node.entries)
            return f"{{{', '.join(pairs)}}}"


# ------------------------------------------------------------------ decisions that differ


@dataclass(frozen=True, slots=True)
class FiringDiff:
    """The rules by which two decisions differ, by name, in firing order.

    Attributes:
        added, removed: those that fire only after, and only before.
        reweighted: those that fire in both with another conclusion or factor.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reweighted: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reweighted)


def rules_behind(before: Decision, after: Decision) -> FiringDiff:
    """Return the rules that make the first recommendation differ.

    Args:
        before: a decision about one person.
        after: the decision about the same person by another rule base.

    Returns:
        The evidence for and against the two recommended paths that fires only once or counts
        differently, and the rules that conclude findings for it that only one decision has.
    """
    paths = {before.recommendation, after.recommendation} - {None}
    fired = [{firing.rule.id: firing.rule.then for firing in d.trace} for d in (before, after)]

    def concerns(name: str) -> bool:
        thens = (fired[0][name], fired[1][name])
        return any(isinstance(then, Evidence) and then.path in paths for then in thens)

    return FiringDiff(
        added=_only_in(after, before, paths),
        removed=_only_in(before, after, paths),
        reweighted=tuple(
            name
            for name in fired[1]
            if name in fired[0] and fired[0][name] != fired[1][name] and concerns(name)
        ),
    )


def _only_in(one: Decision, other: Decision, paths: Collection[str | None]) -> tuple[str, ...]:
    """Return the rules that fire in one decision only and count for or against some paths."""
    elsewhere = {firing.rule.id for firing in other.trace}
    queue: list[Firing] = [
        firing
        for firing in one.trace
        if isinstance(firing.rule.then, Evidence)
        and firing.rule.then.path in paths
        and firing.rule.id not in elsewhere
    ]
    found = set()
    while queue:
        firing = queue.pop()
        if firing.rule.id not in found:
            found.add(firing.rule.id)
            for match in firing.matched:
                if match.sort == "finding" and match.name not in other.findings:
                    queue += one.findings[match.name]
    return tuple(f.rule.id for f in one.trace if f.rule.id in found and f.rule.id not in elsewhere)
