"""First recommendations by role, by organisation size and so on, with small groups hidden."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from fourways.batch.report.charts import Bar, Part, colours_of, drawn
from fourways.batch.report.markup import clean, key, people, section, table
from fourways.batch.report.small_groups import FEW, SMALLEST, SOME, guarded, safe_table
from fourways.batch.report.summary import UNKNOWN, Breakdown, Summary
from fourways.model.base import RuleBase


def broken_down(part: Breakdown, summary: Summary, base: RuleBase, names: Mapping[str, str]) -> str:
    """Give the section of a breakdown: chart and table, small groups hidden.

    Args:
        part: the breakdown.
        summary: the run that it is of.
        base: the rules.
        names: first recommendations, and what they are called, in their order.
    """
    attribute = part.attribute.replace("_", " ")
    labels = {value.id: value.label for value in base.attributes[part.attribute].values}
    labels[UNKNOWN] = "unknown"
    groups = [id_ for id_ in labels if sum(part.counts.get(id_, {}).values())]
    columns = [id_ for id_ in names if summary.first.get(id_)]
    counts = [[part.counts[group].get(column, 0) for column in columns] for group in groups]
    cells = safe_table(counts)
    heads = [labels[group][:1].upper() + labels[group][1:] for group in groups]
    if len(groups) < 2:
        body = f"<p>All are in one group: {clean(labels[groups[0]])}.</p>"
    elif not any(map(_is_shown, chain(*cells))):
        body = f"<p>The groups are too small: no figure in them reaches {SMALLEST}.</p>"
    else:
        colours = colours_of(base.paths)
        title = f"First recommendations by {attribute}"
        bars = [
            Bar(head, tuple(_parts(row, texts, [colours[id_] for id_ in columns])), _in_all(row))
            for head, row, texts in zip(heads, counts, cells, strict=True)
        ]
        rows = [
            (head, guarded(sum(row)), *texts)
            for head, row, texts in zip(heads, counts, cells, strict=True)
        ]
        described = "; ".join(
            f"{head}: {', '.join(f'{names[c]} {t}' for c, t in zip(columns, texts, strict=True))}"
            for head, texts in zip(heads, cells, strict=True)
        )
        entries = [(colours[column], names[column], "") for column in columns]
        body = (
            f"<p>First recommendations within each group.{clean(_hidden(cells))}</p>"
            + key([*entries, ("track", "not shown", "track")] if _hidden(cells) else entries)
            + drawn(part.attribute, title, described, bars)
            + table(
                title,
                (attribute.capitalize(), "People", *(names[column] for column in columns)),
                rows,
                open_=True,
            )
        )
    return section(part.attribute, f"By {attribute}", body, css="long")


def _is_shown(text: str) -> bool:
    return text not in (FEW, SOME)


def _in_all(row: Sequence[int]) -> str:
    return people(sum(row)) if sum(row) >= SMALLEST else f"{FEW} people"


def _parts(row: Sequence[int], texts: Sequence[str], colours: Sequence[str]) -> Iterator[Part]:
    for count, text, colour in zip(row, texts, colours, strict=True):
        if _is_shown(text):
            yield Part(count / sum(row), colour, text)


def _hidden(cells: Sequence[Sequence[str]]) -> str:
    """Say what is not shown, and why; nothing where all is."""
    shown = set(chain(*cells))
    few = f" Figures under {SMALLEST} are shown as {FEW}, so that nobody is recognised."
    some = f" {SOME} stands for a greater figure that would give one of them away."
    return (few if FEW in shown else "") + (some if SOME in shown else "")
