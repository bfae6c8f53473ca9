"""`fourways audit verify`, `checkpoint` and `keygen`: whether the ledger is as it was written."""

from pathlib import Path

import click

from fourways import app
from fourways.cli.ledger import FILE, many
from fourways.cli.recording import LEDGER
from fourways.cli.terminal import echo
from fourways.errors import InputError


@click.command()
@click.option("--checkpoint", "files", metavar="FILE", type=FILE, multiple=True,
              help="A checkpoint that was stored elsewhere. Can be repeated.")  # fmt: skip
@click.option("--public-key", "keys", metavar="FILE", type=FILE, multiple=True,
              help="The key that must have signed the checkpoints. By default yours, "
              "if you have one.")  # fmt: skip
@LEDGER
@click.pass_context
def verify(
    ctx: click.Context, ledger: str | None, files: tuple[Path, ...], keys: tuple[Path, ...]
) -> None:
    """Look for edits, deletions, swaps and insertions in the ledger, and name the first bad record.

    With a checkpoint, it also finds out whether records were cut off at the end or the whole chain
    was recomputed. Exits with 1 if anything isn't as it was written.
    """
    from fourways.ledger import checkpoints

    points = [checkpoints.read(file) for file in files]
    report = app.verify_ledger(ledger, points, keys)
    if not report.intact:
        for fault in report.faults:
            first = f"First bad record: {fault.number}. " if fault.number is not None else ""
            echo(f"The ledger was tampered with ({fault.tampering}).")
            echo(f"{first}{fault.message[:1].upper()}{fault.message[1:]}.")
        echo(f"Intact up to there: {many(report.head.count)}.")
        ctx.exit(1)
    echo(f"The ledger is intact: {many(report.head.count)}, head {report.head.hash}.")
    if report.erased:
        echo(f"Personal data erased: {many(report.erased)}.")
    for point in points:
        by = f", signed by {point.public_key}" if point.signature else ", not signed"
        echo(f"It fits the checkpoint of {point.time} ({many(point.head.count)}{by}).")
        if point.signature and not report.keys:
            echo("We didn't check whose key that is: name it with --public-key.")
    if not points:
        echo("Without a checkpoint stored elsewhere, we can't rule out that records were cut")
        echo("off at the end or that the whole chain was recomputed.")


@click.command()
@click.option("-o", "--output", metavar="FILE", type=FILE, help="By default standard output.")
@click.option("--key", metavar="FILE", type=FILE, help="By default your own key, if you have one.")
@click.option("--force", is_flag=True, help="Replace FILE and the checkpoint in it.")
@LEDGER
def checkpoint(ledger: str | None, output: Path | None, key: Path | None, force: bool) -> None:
    """Write the head of the ledger, signed, to a file to store where nobody can change it.

    Without a key it isn't signed, and you must trust whoever stores it.
    """
    point = app.make_checkpoint(ledger, output, key, force)
    if output is None:
        click.echo(point.as_text(), nl=False)
        return
    signed = f"signed by {point.public_key}" if point.signature else "not signed: you have no key"
    echo(f"{output}: {many(point.head.count)}, {signed}.")


@click.command()
@click.option("-o", "--output", metavar="FILE.key", type=FILE,
              help="The private key; the public key goes beside it.")  # fmt: skip
def keygen(output: Path | None) -> None:
    """Generate the pair of keys that signs checkpoints."""
    from fourways.ledger import keys

    file = output or keys.default_key()
    if file.suffix == ".pub":
        raise InputError(f"{file}: the name of the private key can't end in .pub")
    public = keys.generate(file)
    echo(f"Private key: {file}. Keep it to yourself, and away from the ledger.")
    echo(f"Public key: {keys.public_file(file)}, {public}.")
    echo("Give it to whoever verifies the ledger.")


COMMANDS = (verify, checkpoint, keygen)
