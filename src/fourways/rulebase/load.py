"""Builds the rule base from its files, or says all that is wrong with them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from fourways.errors import FourwaysError, Location, Problem, RuleBaseError, use_one_of
from fourways.model.base import RuleBase
from fourways.model.rules import Rule
from fourways.rulebase import checks
from fourways.rulebase.alike import with_alike
from fourways.rulebase.conditions import ConditionReader
from fourways.rulebase.knowledge import (
    read_article,
    read_attributes,
    read_certainty,
    read_paths,
    read_posts,
)
from fourways.rulebase.locations import (
    KNOWLEDGE_FILES,
    LATER_FILES,
    BaseFolders,
    SourceFile,
    builtin_folders,
)
from fourways.rulebase.nodes import Node, tree_of
from fourways.rulebase.reader import Reader, in_order
from fourways.rulebase.rules import RuleReader
from fourways.rulebase.titles import read_titles, titles_of


@cache
def load_builtin() -> RuleBase:
    """Give the rule base that comes with fourways."""
    return load(builtin_folders())


def load(folders: BaseFolders) -> RuleBase:
    """Give the rule base of some folders.

    Args:
        folders: where its files lie.

    Raises:
        RuleBaseError: with every problem of every file, in the order of the files.
    """
    return _loaded(folders.files())


def load_sources(sources: Mapping[str, str]) -> RuleBase:
    """Give the rule base of some texts, such as the `sources` of one that was kept.

    Knowledge files that did not exist yet when it was kept may be missing: they have no part in
    what was decided then.

    Args:
        sources: the text of each file, by its name in the base.

    Raises:
        RuleBaseError: with every problem of every text, in the order of their names.
    """
    files = (_KeptFile(name, sources[name]) for name in sorted(sources))
    return _loaded(files, may_lack=LATER_FILES)


@dataclass(frozen=True, slots=True)
class _KeptFile:
    """A file of a rule base of which only the text was kept."""

    name: str
    content: str

    @property
    def shown(self) -> str:
        return self.name

    def text(self) -> str:
        return self.content


def _loaded(files: Iterable[SourceFile | _KeptFile], may_lack: Collection[str] = ()) -> RuleBase:
    reader = Reader()
    sources, trees = _read(list(files), reader, may_lack)
    return _build(sources, trees, reader)


def _read(
    files: list[SourceFile | _KeptFile], reader: Reader, may_lack: Collection[str]
) -> tuple[dict[str, str], dict[str, Node]]:
    """Read and parse all files; what cannot even be parsed is reported before all else."""
    sources: dict[str, str] = {}
    trees: dict[str, Node] = {}
    problems: list[Problem] = []
    for name in KNOWLEDGE_FILES:
        missing = f"knowledge/{name}" not in {file.name for file in files}
        if missing and name not in may_lack:
            problems.append(Problem(f"knowledge/{name} is missing"))
    for file in files:
        if (
            file.name.startswith("knowledge/")
            and PurePosixPath(file.name).name not in KNOWLEDGE_FILES
        ):
            problems.append(
                Problem("is no knowledge file", Location(file.shown, 1, 1),
                        use_one_of(KNOWLEDGE_FILES))
            )  # fmt: skip
            continue
        try:
            sources[file.name] = file.text()
            tree, duplicates = tree_of(sources[file.name], file.shown)
        except FourwaysError as error:
            problems += error.problems
            continue
        reader.problems += duplicates
        if tree is not None:
            trees[file.name] = tree
        elif file.name.startswith("knowledge/"):
            problems.append(Problem("is empty", Location(file.shown, 1, 1)))
    if problems:
        raise RuleBaseError(*in_order([*problems, *reader.problems]))
    return sources, trees


def _build(sources: dict[str, str], trees: dict[str, Node], reader: Reader) -> RuleBase:
    article = read_article(reader, trees["knowledge/article.yaml"])
    certainty = read_certainty(reader, trees["knowledge/certainty.yaml"])
    sections = {section.id for section in article.sections}
    paths = read_paths(reader, trees["knowledge/paths.yaml"], sections)
    posts = read_posts(reader, trees["knowledge/roles.yaml"])
    names = trees.get("knowledge/titles.yaml")
    titles = read_titles(reader, names, posts.roles) if names else titles_of(posts.roles)
    attributes = read_attributes(reader, trees["knowledge/profile.yaml"], posts.roles, titles)

    conditions = ConditionReader(reader, attributes, posts.roles, posts.families, paths)
    rule_reader = RuleReader(reader, conditions, article, certainty.words, posts)
    moves = [rule_reader.move(node) for node in posts.moves]
    in_article_order = {f"rules/{s.rules}": index for index, s in enumerate(article.sections)}
    files = sorted(
        (name for name in trees if name.startswith("rules/")),
        key=lambda name: (in_article_order.get(name, len(in_article_order)), name),
    )
    written = [rule_reader.rule(node) for name in files for node in reader.items(trees[name])]
    rules: list[Rule] = [rule for rule in (*written, *moves) if rule is not None]

    checks.check_sections(reader, article, sources)
    checks.check_ids(reader, rules)
    checks.check_findings(reader, rules, conditions.findings)
    checks.check_placeholders(reader, rules, attributes)
    if not reader.problems:
        # What a broken rule cites is not known, so an uncited statement would be a guess.
        checks.check_statements(reader, rules, article)
    ordered = checks.in_firing_order(reader, rules)
    if reader.problems:
        raise RuleBaseError(*in_order(reader.problems))
    return RuleBase(
        attributes=with_alike(attributes, ordered),
        certainty=certainty,
        paths=paths,
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
