"""`fourways audit verify`, `checkpoint` and `keygen`: whether the ledger is as it was written."""

from pathlib import Path

import click

from fourways.cli.ledger import FILE
from fourways.cli.recording import LEDGER, kept
from fourways.errors import InputError, Problem


@click.command()
@click.option("--checkpoint", "points", metavar="FILE", type=FILE, multiple=True,
              help="A checkpoint that was kept elsewhere; may be given several times.")  # fmt: skip
@click.option("--public-key", "keys", metavar="FILE", type=FILE, multiple=True,
              help="Whose signature checkpoints must have. By default yours, if any.")  # fmt: skip
@LEDGER
@click.pass_context
def verify(
    ctx: click.Context, place: str | None, points: tuple[Path, ...], keys: tuple[Path, ...]
) -> None:
    """Look for edits, deletions, swaps and insertions in the ledger, and name the first bad record.

    With a checkpoint, also whether the end was cut off or the hashes were made anew. The exit code
    is 1 where something is not as it was written.
    """
    from fourways.ledger import checkpoints
    from fourways.ledger.verify import verify as verified

    own = checkpoints.public_path(checkpoints.default_key())
    if not keys and own.exists():
        keys = (own,)
    known = [checkpoints.public_key(path) for path in keys]
    read = [checkpoints.read(path) for path in points]
    if not any(point.signature for point in read) and keys == (own,):
        known = []
    with kept(place) as ledger:
        report = verified(ledger.database, read, known)
    if not report.whole:
        for fault in report.faults:
            where = f"First bad record: {fault.number}. " if fault.number is not None else ""
            click.echo(f"The ledger was tampered with ({fault.tampering}).")
            click.echo(f"{where}{fault.says[:1].upper()}{fault.says[1:]}.")
        click.echo(f"In order up to there: {_many(report.head.count)}.")
        ctx.exit(1)
    click.echo(f"The ledger is whole: {_many(report.head.count)}, head {report.head.hash}.")
    if report.erased:
        click.echo(f"Personal data erased: {_many(report.erased)}.")
    for point in read:
        by = f", signed by {point.public_key}" if point.signature else ", not signed"
        click.echo(f"It fits the checkpoint of {point.time} ({_many(point.head.count)}{by}).")
        if point.signature and not known:
            click.echo("Whose key that is was not checked: name it with --public-key.")
    if not read:
        click.echo(
            "Without a checkpoint that was kept elsewhere, it cannot be told whether its end"
        )
        click.echo("was cut off, or every hash made anew.")


def _many(count: int) -> str:
    return f"{count} record{'' if count == 1 else 's'}"


@click.command()
@click.option("-o", "--output", metavar="FILE", type=FILE, help="By default standard output.")
@click.option("--key", metavar="FILE", type=FILE, help="By default your own key, if any.")
@click.option("--force", is_flag=True, help="Replace FILE, and the checkpoint that it holds.")
@LEDGER
def checkpoint(place: str | None, output: Path | None, key: Path | None, force: bool) -> None:
    """Write down the head of the ledger, signed, to be kept where nobody can change it.

    Without a key it is not signed, and worth as much as the place where it is kept.
    """
    from fourways.batch.outputs import check_places, together
    from fourways.ledger import checkpoints

    own = checkpoints.default_key()
    key = key or (own if own.exists() else None)
    signs = checkpoints.private_key(key) if key is not None else None
    with kept(place) as ledger:
        if output is not None:
            # A record says that a checkpoint was taken: there must be one then.
            check_places([output], ledger.database.path, force)
        point = checkpoints.make(ledger, signs)
    if output is None:
        click.echo(checkpoints.as_text(point), nl=False)
        return
    with together(output) as (file,):
        file.write(checkpoints.as_text(point).encode())
    how = f"signed by {point.public_key}" if point.signature else "not signed: there is no key"
    click.echo(f"{output}: {_many(point.head.count)}, {how}.")


@click.command()
@click.option("-o", "--output", metavar="FILE.key", type=FILE,
              help="The private key; the public one goes beside it.")  # fmt: skip
def keygen(output: Path | None) -> None:
    """Make the pair of keys by which checkpoints are signed."""
    from fourways.ledger import checkpoints

    path = output or checkpoints.default_key()
    if path.suffix == ".pub":
        raise InputError(Problem(f"{path}: the private key cannot end in .pub"))
    public = checkpoints.generate(path)
    click.echo(f"Private key: {path}. Keep it to yourself, and away from the ledger.")
    click.echo(f"Public key: {checkpoints.public_path(path)}, {public}.")
    click.echo("Give it to whoever verifies.")


COMMANDS = (verify, checkpoint, keygen)
