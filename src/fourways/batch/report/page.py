"""The page: what a run's figures say and what they do not say, in words and in charts."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from string import Template

from fourways.batch.contract import NONE
from fourways.batch.report import markup
from fourways.batch.report.breakdowns import broken_down
from fourways.batch.report.charts import Bar, Part, colours_of, drawn
from fourways.batch.report.markup import clean, key, people, section, share, table
from fourways.batch.report.provenance import how_made, most_given, rejected, what_was_read
from fourways.batch.report.summary import Summary
from fourways.model.base import RuleBase


def page(summary: Summary, base: RuleBase) -> str:
    """Give the whole page, the same text for the same summary and rules.

    Raises:
        InputError: matplotlib, which draws the charts, is not installed.
    """
    template = files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    names = _outcomes(summary, base)
    made_from = f"From {clean(summary.file)}" + (
        f", finished {clean(summary.finished)}" if summary.finished else ""
    )
    return Template(template).substitute(
        title=f"Next steps for {people(summary.results)}",
        made_from=made_from,
        figures="\n".join(_figures(summary, names)),
        sections="\n".join(_sections(summary, base, names)),
    )


def _outcomes(summary: Summary, base: RuleBase) -> dict[str, str]:
    """Give the titles of the paths, in the article's order, and of having none."""
    names = {path.id: path.title for path in base.paths.values()}
    return {**names, NONE: "Not enough answers"} if summary.first.get(NONE) else names


def _sections(summary: Summary, base: RuleBase, names: Mapping[str, str]) -> Iterator[str]:
    yield _words(summary, base, names)
    if summary.results:
        yield _first(summary, base, names)
        yield _certainty(summary, base)
        yield from (broken_down(part, summary, base, names) for part in summary.breakdowns)
        if summary.fired:
            yield most_given(summary, base)
    yield what_was_read(summary)
    yield rejected(summary)
    yield how_made(summary, base)


# ------------------------------------------------------------------- in words


def _figures(summary: Summary, names: Mapping[str, str]) -> Iterator[str]:
    best = _most(summary, names)
    yield markup.figure(f"{summary.rows:,}", "rows in the file")
    yield markup.figure(f"{summary.results:,}", f"answered, {share(summary.results, summary.rows)}")
    yield markup.figure(
        f"{summary.rejects:,}",
        "rejected, with a reason each" if summary.rejects else "rejected: every row was answered",
    )
    if best:
        count = summary.first[best[0]]
        what = "the most frequent first recommendation" if len(best) == 1 else "most frequent, each"
        yield markup.figure(
            " / ".join(names[path] for path in best), f"{what}, {share(count, summary.results)}"
        )


def _most(summary: Summary, names: Mapping[str, str]) -> list[str]:
    """Give the path that most people got first, or several with as many."""
    counts = {path: summary.first.get(path, 0) for path in names if path != NONE}
    most = max(counts.values(), default=0)
    return [path for path, count in counts.items() if count == most and most]


def _words(summary: Summary, base: RuleBase, names: Mapping[str, str]) -> str:
    say = "".join(f"<li>{line}</li>" for line in _what_they_say(summary, base, names))
    return section(
        "words",
        "",
        f"""<div class="words"><div><h2>What the figures say</h2><ul>{say}</ul></div>
<div><h2>What they do not say</h2><ul>
<li>A recommendation is a starting point for a conversation, not a decision about anyone.</li>
<li>It is based only on this file. Anything you learn in conversation may change it.</li>
<li>The score shows how strongly the reasons support a path. It isn't a forecast: nobody has
tracked how people got on.</li>
</ul></div></div>""",
        css="note",
    )


def _what_they_say(summary: Summary, base: RuleBase, names: Mapping[str, str]) -> Iterator[str]:
    of_all = f"of {people(summary.results)}"
    if not summary.results:
        yield "No row could be answered. The reasons are below."
        return
    best = _most(summary, names)
    if best:
        listed = " and ".join(f"<strong>{clean(names[path])}</strong>" for path in best)
        verb, each = ("is", "") if len(best) == 1 else ("are", " each")
        count = summary.first[best[0]]
        yield (
            f"The most frequent first recommendation {verb} {listed}: {count:,} {of_all}"
            f" ({share(count, summary.results)}){each}."
        )
    bands = [(says, count) for says, count in _bands(summary, base).items() if count]
    if bands:
        listed = " and ".join(f"“{clean(says)}” for {people(count)}" for says, count in bands[:2])
        yield f"Support for the first recommendation is {listed}."
    also = max(base.paths, key=lambda path: summary.also.get(path, 0))
    if summary.also.get(also):
        yield (
            f"The most common second option is <strong>{clean(names[also])}</strong>"
            f" ({people(summary.also[also])})."
        )
    if without := summary.first.get(NONE, 0):
        yield f"For {people(without)} there are not enough answers to recommend a next step."
    if summary.rejects:
        yield f"{markup.many(summary.rejects, 'row')} could not be used: the reasons are below."


# ------------------------------------------------------------------ in charts


def _first(summary: Summary, base: RuleBase, names: Mapping[str, str]) -> str:
    colours = colours_of(base.paths)
    counts = {id_: (summary.first.get(id_, 0), summary.also.get(id_, 0)) for id_ in names}
    longest = max(map(sum, counts.values())) or 1
    bars = [
        Bar(
            names[id_],
            (
                Part(first / longest, colours[id_]),
                Part(also / longest, colours[id_], faint=True),
            ),
            f"{first:,} ({share(first, summary.results)})" + (f", also {also:,}" if also else ""),
        )
        for id_, (first, also) in counts.items()
    ]  # fmt: skip
    rows = [
        (names[id_], f"{first:,}", share(first, summary.results), f"{also:,}")
        for id_, (first, also) in counts.items()
    ]
    described = "; ".join(
        f"{names[id_]}: first for {first:,}, also supported for {also:,}"
        for id_, (first, also) in counts.items()
    )
    return section(
        "first",
        "Which way comes first",
        "<p>One way comes first for each person. Others can be supported as well: they are"
        " counted in the faint part of the bar.</p>"
        + key([("muted", "first", ""), ("muted", "also supported, after another", "faint")])
        + drawn("first", "People by first recommendation", described, bars)
        + table(
            "People by first recommendation",
            ("Way", "First", "Share", "Also supported"),
            rows,
        ),
    )


def _bands(summary: Summary, base: RuleBase) -> dict[str, int]:
    """Give how many first recommendations are as certain as each of the words says."""
    counts = {says: 0 for _, says in base.certainty.bands}
    for certainty, count in summary.certainties.items():
        says = base.certainty.in_words(certainty)
        counts[says] = counts.get(says, 0) + count
    return counts


def _certainty(summary: Summary, base: RuleBase) -> str:
    counts = _bands(summary, base)
    longest = max(counts.values(), default=0) or 1
    whole = sum(counts.values())
    starts = {says: start for start, says in base.certainty.bands}
    rows = [(says, f"{count:,}", share(count, whole)) for says, count in counts.items()]
    bars = [
        Bar(says.capitalize(), (Part(count / longest, "series-1"),), f"{count:,} ({part})")
        for (says, count), (_, _, part) in zip(counts.items(), rows, strict=True)
    ]
    lowest = ", ".join(
        f"{clean(says)} from {start / 100:.2f}" for says, start in starts.items() if start
    )
    return section(
        "certainty",
        "How strong the support is",
        f"<p>Support for the first recommendation: {lowest}, on a scale up to 1.</p>"
        + drawn(
            "certainty",
            "People by support for the first recommendation",
            "; ".join(f"{says}: {count:,}" for says, count in counts.items()),
            bars,
        )
        + table("People by support", ("Support", "People", "Share"), rows),
    )
