"""`fourways rules init`: a copy of knowledge and rules to start from."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp

import click

from fourways.cli.options import FOLDER, loaded
from fourways.errors import OutputError, Problem
from fourways.rulebase.locations import builtin_folders


@click.command(short_help="Start a base of your own with a copy.")
@click.argument("folder", metavar="DIR", type=FOLDER)
def init(folder: Path) -> None:
    """Start a base of your own in DIR, with a copy of the knowledge, the rules and their cases.

    DIR must be new or empty. Nothing is left behind when the copy cannot be finished. Each file
    names its JSON Schema in the first line, so that an editor can complete and check what you type.
    """
    from fourways.rulebase import schema

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            Problem(f"{folder} exists and is not empty", hint="Name a new or empty folder.")
        )
    if not folder.absolute().parent.is_dir():
        raise OutputError(
            Problem(f"{folder.absolute().parent} is no folder", hint="Make it first.")
        )
    builtin = builtin_folders()
    files = [*builtin.files(), *builtin.cases()]
    schemas = schema.schema_files(loaded(builtin))
    texts = {file.name: schema.modeline(file.name) + file.text() for file in files}
    texts |= {f"{schema.FOLDER}/{name}": text for name, text in schemas.items()}
    _write(texts, folder.absolute())
    click.echo(
        f"Copied {len(files)} files to {folder}: knowledge/, rules/ and rules/cases/.\n"
        "\n"
        "What to do next:\n"
        f"  Change a rule in {folder / 'rules'}, or put a file of your own beside the others.\n"
        "  A rule of your own has `house: true` where the others have `cites`.\n"
        f"  Say in {folder / 'rules' / 'cases'} what must come out and what must not.\n"
        "  Then see whether all is well, and use it:\n"
        f"    fourways rules check {folder}\n"
        f"    fourways rules test {folder}\n"
        f"    export FOURWAYS_BASE={folder.absolute()}\n"
        "  Files that you do not change may go: the built-in ones stand in for them.\n"
        "\n"
        "An editor with YAML support, such as VS Code with its YAML extension, completes and\n"
        "checks these files while you type, using the names in schema/. After you add a finding\n"
        "or an attribute, bring schema/ up to date:\n"
        f"    fourways rules schema {folder} --write"
    )


def _write(texts: Mapping[str, str], folder: Path) -> None:
    """Write texts under their names; the folder appears whole or not at all."""
    draft = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, text in texts.items():
            copy = draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            with copy.open("wb") as out:
                out.write(text.encode())
                os.fsync(out.fileno())
        # A draft is for its owner only; the folder is to be as one that mkdir makes.
        umask = os.umask(0)
        os.umask(umask)
        draft.chmod(0o777 & ~umask)
        if folder.exists():
            folder.rmdir()
        draft.replace(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
