"""The files of a rule base: the built-in folders, and an organization's own on top of them."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fourways.errors import InputError, Location, Problem
from fourways.rulebase.nodes import read_text

KNOWLEDGE_FILES = (
    "article.yaml", "certainty.yaml", "paths.yaml", "profile.yaml", "roles.yaml", "titles.yaml",
)  # fmt: skip
LATER_FILES = ("titles.yaml",)
"""Files that older rule bases in a ledger don't have."""

BASE = ("knowledge", "rules")

ENVIRONMENT = "FOURWAYS_BASE"
"""The environment variable that names a folder with `knowledge/` and `rules/` of one's own."""


@dataclass(frozen=True, slots=True)
class BaseFolders:
    """The folders of a rule base, the built-in ones first.

    A file replaces the file of the same name in an earlier folder; others are added.
    """

    knowledge: tuple[Path, ...]
    rules: tuple[Path, ...]

    def with_own(self, knowledge: Path | None = None, rules: Path | None = None) -> "BaseFolders":
        """Return the folders with one's own on top.

        Raises:
            InputError: a folder is missing or has no .yaml file.
        """
        for folder in filter(None, (knowledge, rules)):
            if not folder.is_dir():
                raise InputError(f"{folder} isn't a folder")
            if not _yaml_files(folder):
                raise InputError(f"{folder} has no .yaml file")
        return BaseFolders(
            (*self.knowledge, *filter(None, [knowledge])), (*self.rules, *filter(None, [rules]))
        )

    def with_base(self, folder: Path) -> "BaseFolders":
        """Return the folders with `knowledge/` and `rules/` in a folder, or one of them, on top.

        Raises:
            InputError: the folder has neither.
        """
        own = [folder / name if (folder / name).is_dir() else None for name in BASE]
        if not any(own):
            raise InputError(
                Problem(
                    f"{folder} has neither knowledge/ nor rules/",
                    hint="To start from a copy, run `fourways rules init DIR`.",
                )
            )
        return self.with_own(*own)

    def files(self) -> Iterator["SourceFile"]:
        """Yield the files of knowledge and rules."""
        yield from _merged("knowledge", self.knowledge)
        yield from _merged("rules", self.rules)

    def cases(self) -> Iterator["SourceFile"]:
        """Yield the files of cases, from `cases/` below the rules."""
        yield from _merged("rules/cases", [folder / "cases" for folder in self.rules])


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a rule base.

    Attributes:
        name: its name in the base, such as rules/move_up.yaml.
        path: the file.
        built_in: whether it comes with fourways.
        content: its text, if it is known already.
    """

    name: str
    path: Path
    built_in: bool
    content: str | None = None

    @property
    def shown(self) -> str:
        """Its name in messages: built-in files by their name in the base."""
        return self.name if self.built_in else str(self.path)

    def text(self) -> str:
        """Return the text of the file.

        Raises:
            InputError: it can't be read.
        """
        if self.content is not None:
            return self.content
        start = Location(self.shown, 1, 1)
        if self.path.suffix != ".yaml":
            raise InputError(Problem("is skipped", start, "Rename it to end in .yaml."))
        # Anything but a file, such as a pipe, could block forever.
        if not self.path.is_file():
            raise InputError(Problem("isn't a file that can be read", start))
        return read_text(self.path, self.shown)


def builtin_folders() -> BaseFolders:
    """Return the folders that come with fourways: in the package, or in a checkout beside src/."""
    package = Path(sys.modules["fourways"].__path__[0])
    for root in (package / "base", package.parents[1]):
        if (root / "knowledge" / KNOWLEDGE_FILES[0]).is_file():
            return BaseFolders((root / "knowledge",), (root / "rules",))
    raise InputError("the knowledge and rules of fourways are missing. Install it again.")


def _merged(kind: str, folders: Sequence[Path]) -> Iterator[SourceFile]:
    found: dict[str, SourceFile] = {}
    for index, folder in enumerate(folders):
        for path in _yaml_files(folder):
            name = f"{kind}/{path.name}"
            found[name] = SourceFile(name, path, built_in=index == 0)
    yield from (found[name] for name in sorted(found))


def _yaml_files(folder: Path) -> list[Path]:
    # Those that begin with a dot are locks and backups of editors.
    found = (path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))
    return [path for path in found if not path.name.startswith(".")]
