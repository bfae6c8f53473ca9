"""`fourways rules schema`: a JSON Schema of the files, for an editor."""

from pathlib import Path

import click

from fourways.cli.options import with_folders
from fourways.cli.rules.own import in_folder, sound, with_folder
from fourways.rulebase.locations import BaseFolders


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
    roles, findings, statements and keys. The schema knows the names in the built-in base, with the
    knowledge/ and rules/ in DIR on top when you name it.

    Files made by `fourways rules init` name their schema in the first line. After you add a
    finding or an attribute, repeat `fourways rules schema DIR --write`, and the editor knows it.
    """
    from fourways.rulebase.schema import FOLDER, as_text, modeline, schema_files, schema_of

    if write and own is None:
        raise click.UsageError("--write needs a DIR. Name the folder that holds rules/.")
    base = sound(with_folder(folders, own))
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
