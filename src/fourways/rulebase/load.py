"""Builds the rule base from its files, or raises everything that is wrong with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath

from fourways.errors import FourwaysError, Location, Problem, RuleBaseError, use_one_of
from fourways.model.base import RuleBase
from fourways.rulebase import checks
from fourways.rulebase.alike import with_alike
from fourways.rulebase.conditions import ConditionReader
from fourways.rulebase.knowledge import (
    build_article,
    build_attributes,
    build_certainty,
    build_paths,
    build_posts,
    build_titles,
)
from fourways.rulebase.locations import (
    KNOWLEDGE_FILES,
    LATER_FILES,
    BaseFolders,
    SourceFile,
    builtin_folders,
)
from fourways.rulebase.nodes import Listing, Node, Scalar, tree_of
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader
from fourways.rulebase.rules import RuleBuilder
from fourways.rulebase.shapes import FILES


@cache
def load_builtin() -> RuleBase:
    """Return the rule base that comes with fourways."""
    return load(builtin_folders())


def load(folders: BaseFolders) -> RuleBase:
    """Return the rule base in some folders.

    Raises:
        RuleBaseError: with every problem of every file, in the order of the files.
    """
    return _load(list(folders.files()), required=KNOWLEDGE_FILES)


def load_sources(sources: Mapping[str, str]) -> RuleBase:
    """Return the rule base of some texts, such as the `sources` of one in a ledger.

    Knowledge files that did not exist when it was stored may be missing.

    Args:
        sources: the text of each file, by its name in the base.

    Raises:
        RuleBaseError: with every problem of every text, in the order of their names.
    """
    files = [SourceFile(name, Path(name), True, sources[name]) for name in sorted(sources)]
    return _load(files, [name for name in KNOWLEDGE_FILES if name not in LATER_FILES])


def _load(files: Sequence[SourceFile], required: Iterable[str]) -> RuleBase:
    reader = Reader()
    names = {file.name for file in files}
    for name in required:
        if f"knowledge/{name}" not in names:
            reader.problems.append(Problem(f"knowledge/{name} is missing"))
    sources: dict[str, str] = {}
    trees: dict[str, Node] = {}
    duplicates: list[Problem] = []
    for file in files:
        start = Location(file.shown, 1, 1)
        kind, _, file_name = file.name.partition("/")
        try:
            if kind == "knowledge" and file_name not in KNOWLEDGE_FILES:
                hint = use_one_of(KNOWLEDGE_FILES)
                raise RuleBaseError(Problem("isn't a knowledge file", start, hint))
            sources[file.name] = file.text()
            tree, twice = tree_of(sources[file.name], file.shown)
            if tree is None and kind == "knowledge":
                raise RuleBaseError(Problem("is empty", start))
        except FourwaysError as error:
            reader.problems += error.problems
        else:
            duplicates += twice
            if tree is not None:
                trees[file.name] = tree
    # What can't even be parsed is reported before all else.
    fatal, reader.problems = bool(reader.problems), [*reader.problems, *duplicates]
    if fatal:
        reader.raise_problems()
    return _build(reader, sources, trees)


def _build(reader: Reader, sources: dict[str, str], trees: dict[str, Node]) -> RuleBase:
    reader.names = _declared_names(trees)
    values = {
        name: reader.read(
            FILES["rules" if name.startswith("rules/") else PurePath(name).stem], tree
        )
        for name, tree in trees.items()
    }
    article = build_article(reader, values["knowledge/article.yaml"])
    certainty = build_certainty(reader, values["knowledge/certainty.yaml"])
    posts = build_posts(reader, values["knowledge/roles.yaml"])
    titles = build_titles(reader, values.get("knowledge/titles.yaml"), posts.roles)
    profile = values["knowledge/profile.yaml"]
    attributes = build_attributes(reader, profile, posts.roles, titles)
    for attribute in attributes.values():
        reader.names[f"value of {attribute.id}"] = attribute.by_id

    builder = RuleBuilder(
        reader, ConditionReader(reader, attributes, posts.roles), certainty, posts
    )
    order = [f"rules/{section.rules}" for section in article.sections]
    files = sorted(
        (name for name in values if name.startswith("rules/")),
        key=lambda name: (order.index(name) if name in order else len(order), name),
    )
    built = [builder.rule(one) for name in files for one in values[name]]
    built += [builder.move(one) for one in values["knowledge/roles.yaml"]["moves"]]
    rules = [rule for rule in built if rule is not None]

    checks.check_sections(reader, article, sources)
    checks.check_ids(reader, rules)
    checks.check_placeholders(reader, rules, attributes)
    if not reader.problems:
        # What a broken rule cites is not known, so an uncited statement would be a guess.
        checks.check_statements(reader, rules, article)
    ordered = checks.in_firing_order(reader, rules)
    reader.raise_problems()
    return RuleBase(
        attributes=with_alike(attributes, ordered),
        certainty=certainty,
        paths=build_paths(values["knowledge/paths.yaml"]),
        roles=posts.roles,
        posts=posts.posts,
        families=posts.families,
        titles=titles,
        title=article.title,
        sections=article.sections,
        statements=article.statements,
        readings=article.readings,
        rules=ordered,
        sources=sources,
    )


def _declared_names(trees: Mapping[str, Node]) -> dict[str, Collection[str]]:
    """Return every name that a file declares, by sort, before anything is checked."""

    def under(node: Node | None, *keys: str) -> Node | None:
        for key in keys:
            entry = node.by_key.get(key) if isinstance(node, MappingNode) else None
            node = entry.value if entry else None
        return node

    def names(file: str, *keys: str) -> list[str]:
        node = under(trees.get(f"knowledge/{file}.yaml"), *keys)
        return [*node.by_key] if isinstance(node, MappingNode) else []

    def texts(node: Node | None, *keys: str) -> list[str]:
        items = node.items if isinstance(node, Listing) else ()
        found = (under(item, *keys) for item in items)
        return [one.text for one in found if isinstance(one, Scalar)]

    article = trees.get("knowledge/article.yaml")
    rules = [tree for name, tree in trees.items() if name.startswith("rules/")]
    roles, families = names("roles", "roles"), names("roles", "families")
    findings = (text for tree in rules for text in texts(tree, "then", "finding"))
    return {
        "section": texts(under(article, "sections"), "id"),
        "statement": names("article", "statements"),
        "reading": [
            name + letter
            for name in names("article", "readings")
            for letter in texts(under(article, "readings", name, "takes"))
        ],
        "word": names("certainty", "words"),
        "path": names("paths"),
        "role": roles,
        "family": families,
        "role or family": [*roles, *families],
        "next job": [*roles, *names("roles", "posts")],
        "finding": list(dict.fromkeys(findings)),
    }
