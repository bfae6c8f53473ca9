"""`fourways rules init` and `schema`: a copy of the rules to start from, and help for an editor."""

from pathlib import Path

import click

from fourways import app
from fourways.cli.options import FOLDER, with_folders
from fourways.cli.rules.check import in_folder, load_or_exit
from fourways.rulebase.locations import BaseFolders


@click.command(short_help="Start your own rules with a copy.")
@click.argument("folder", metavar="DIR", type=FOLDER)
def init(folder: Path) -> None:
    """Start your own rules in DIR, with a copy of the knowledge, the rules and their cases.

    DIR must be new or empty. If the copy can't be finished, nothing is left behind. Each file names
    its JSON Schema in the first line, so that an editor can complete and check what you type.
    """
    files = app.start_rules(folder)
    click.echo(
        f"Copied {files} files to {folder}: knowledge/, rules/ and rules/cases/.\n"
        "\n"
        "What to do next:\n"
        f"  Change a rule in {folder / 'rules'}, or add a file of your own.\n"
        "  Your own rules have `house: true` where the others have `cites`.\n"
        f"  Say in {folder / 'rules' / 'cases'} what must come out and what must not.\n"
        "  Then check, test and use your rules:\n"
        f"    fourways rules check {folder}\n"
        f"    fourways rules test {folder}\n"
        f"    export FOURWAYS_BASE={folder.absolute()}\n"
        "  You can delete files that you don't change: the built-in ones are used instead.\n"
        "\n"
        "An editor with YAML support, such as VS Code with its YAML extension, completes and\n"
        "checks these files while you type, using the names in schema/. After you add a finding\n"
        "or an attribute, update schema/:\n"
        f"    fourways rules schema {folder} --write"
    )


@click.command(short_help="Print a JSON Schema, so that your editor helps you write rules.")
@in_folder
@click.option(
    "--write",
    is_flag=True,
    help="Write it to DIR/schema, where the files made by `rules init` look for it.",
)
@with_folders
def schema(folders: BaseFolders, own: Path | None, write: bool) -> None:
    """Print a JSON Schema for rules, cases and knowledge files.

    With it, an editor completes and checks what you type: attributes, values, operators, paths,
    roles, findings, statements and keys. The schema has the names in the built-in base, with the
    knowledge/ and rules/ in DIR on top if you name it.

    Files made by `fourways rules init` name their schema in the first line. After you add a
    finding or an attribute, repeat `fourways rules schema DIR --write`, and the editor knows it.
    """
    from fourways.rulebase.schema import FOLDER, as_text, modeline, schema_files, schema_of

    if write and own is None:
        raise click.UsageError("--write needs a DIR. Name the folder that has rules/.")
    base = load_or_exit(folders.with_base(own) if own else folders)
    if own is None or not write:
        click.echo(as_text(schema_of(base)), nl=False)
        return
    folder = own / FOLDER
    folder.mkdir(exist_ok=True)
    files = schema_files(base)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(
        f"Wrote {len(files)} files to {folder}.\n"
        "To use them in a new file of rules, begin it with this line:\n"
        f"  {modeline('rules/ours.yaml')}",
        nl=False,
    )
