"""Where a rule base lies: the built-in folders, and an organisation's own on top of them."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fourways.errors import InputError, Location, Problem
from fourways.rulebase.nodes import read_text

KNOWLEDGE_FILES = (
    "article.yaml", "certainty.yaml", "paths.yaml", "profile.yaml", "roles.yaml", "titles.yaml",
)  # fmt: skip
LATER_FILES = ("titles.yaml",)
"""Those that came later: a base that was kept in a ledger before may lack them."""

ENVIRONMENT = "FOURWAYS_BASE"
"""Names a folder with `knowledge/` and `rules/` of one's own."""


@dataclass(frozen=True, slots=True)
class BaseFolders:
    """The folders of a rule base; in each, a later one goes over an earlier one.

    A file takes the place of the earlier file of the same name; a file of another name is added.
    """

    knowledge: tuple[Path, ...]
    rules: tuple[Path, ...]

    def with_own(self, knowledge: Path | None = None, rules: Path | None = None) -> "BaseFolders":
        """Give the same with an organisation's own folders on top.

        Raises:
            InputError: a folder is not there, or holds no YAML.
        """
        for folder in (knowledge, rules):
            if folder is not None:
                _require_yaml(folder)
        return BaseFolders(
            (*self.knowledge, *([knowledge] if knowledge else [])),
            (*self.rules, *([rules] if rules else [])),
        )

    def files(self) -> Iterator["SourceFile"]:
        """Give each file of knowledge and rules that counts."""
        yield from _merged("knowledge", self.knowledge)
        yield from _merged("rules", self.rules)

    def cases(self) -> Iterator["SourceFile"]:
        """Give each file of cases, which stand in `cases/` below the rules."""
        yield from _merged("rules/cases", tuple(folder / "cases" for folder in self.rules))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a rule base.

    Attributes:
        name: its name in the base, such as rules/move_up.yaml.
        path: where it lies.
        shown: how a message names it: built-in ones by their name in the base.
    """

    name: str
    path: Path
    shown: str

    def text(self) -> str:
        """Give the text of the file.

        Raises:
            InputError: it cannot be read.
        """
        start = Location(self.shown, 1, 1)
        if self.path.suffix != ".yaml":
            raise InputError(Problem("is passed over", start, "Rename it to end in .yaml."))
        # Anything but a file, such as a pipe, could keep us waiting for ever.
        if not self.path.is_file():
            raise InputError(Problem("is no file that can be read", start))
        return read_text(self.path, self.shown)


def _merged(kind: str, folders: tuple[Path, ...]) -> Iterator[SourceFile]:
    found: dict[str, SourceFile] = {}
    for index, folder in enumerate(folders):
        for path in _yaml_files(folder):
            name = f"{kind}/{path.name}"
            found[name] = SourceFile(name, path, str(path) if index else name)
    yield from (found[name] for name in sorted(found))


def builtin_folders() -> BaseFolders:
    """Give the folders that come with fourways: in the package, or in a checkout beside src/."""
    package = Path(sys.modules["fourways"].__path__[0])
    for root in (package / "base", package.parents[1]):
        if (root / "knowledge" / KNOWLEDGE_FILES[0]).is_file():
            return BaseFolders((root / "knowledge",), (root / "rules",))
    raise InputError("the knowledge and rules of fourways are missing; install it again")


def base_in(folder: Path) -> tuple[Path | None, Path | None]:
    """Give the knowledge and the rules folder of a base of one's own; one may be missing.

    Raises:
        InputError: neither is there.
    """
    knowledge, rules = folder / "knowledge", folder / "rules"
    if not (knowledge.is_dir() or rules.is_dir()):
        raise InputError(
            Problem(
                f"{folder} holds neither knowledge/ nor rules/",
                hint="Make a copy to start from with `fourways rules init DIR`.",
            )
        )
    return (knowledge if knowledge.is_dir() else None, rules if rules.is_dir() else None)


def _yaml_files(folder: Path) -> list[Path]:
    # Those that begin with a dot are locks and backups of editors.
    found = (path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))
    return [path for path in found if not path.name.startswith(".")]


def _require_yaml(folder: Path) -> None:
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder")
    if not _yaml_files(folder):
        raise InputError(Problem(f"{folder} holds no .yaml file"))
