"""The report of a batch run: one HTML page with counts and bars, and nobody's name.

`render_report` is a pure function of `ReportFigures`; the page itself is report.html.jinja.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from fourways.batch.small_groups import FEW, SMALLEST, SOME, safe_count, safe_table
from fourways.model.base import RuleBase
from fourways.model.rules import Evidence

NO_PATH = ""
"""The recommendation of people for whom no path is supported."""

UNKNOWN = ""
"""The group of people of whom the attribute of a breakdown is unknown."""

_MOST_REASONS = 10
_MOST_PROBLEMS = 12
_LONGEST_TEXT = 160
_COLORS = 7
"""How many colors the style of the page defines for paths."""


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """Everything that the report shows. Counts are exact: the page suppresses small groups.

    Attributes:
        base: the rules of the run.
        file: the name of the input.
        finished: when the run ended, as shown to the reader; "" to leave it out.
        records: the rows of the input: `results` plus `rejects`.
        recommended: people by first recommendation, a path or `NO_PATH`; they sum to `results`.
        also_supported: people by path that is supported for them, but isn't their first.
        certainties: people by certainty of the first recommendation, in hundredths.
        breakdowns: for each attribute, people by value (or `UNKNOWN`) and first recommendation;
            each attribute sums to `results`.
        fired: people by rule that fired for them.
        problems: how often each problem occurs in the rejects; a row can have several.
        noted: rows with a note on how something was read, such as a matched job title.
        profiles: distinct profiles that were decided.
        checked: how many of those a second engine decided too, with the same result.
        engine: the engine that decided.
        second_engine: the engine that checked.
        versions: versions by program.
        read_as: how the input was read, a phrase each: "UTF-8".
        missing: attributes without a column in the input.
        protected: columns that are never used.

    Raises:
        ValueError: the counts contradict each other.
    """

    base: RuleBase
    file: str
    finished: str
    records: int
    results: int
    rejects: int
    recommended: Mapping[str, int]
    also_supported: Mapping[str, int]
    certainties: Mapping[int, int]
    breakdowns: Mapping[str, Mapping[str, Mapping[str, int]]]
    fired: Mapping[str, int]
    problems: Mapping[str, int]
    noted: int
    profiles: int
    checked: int
    engine: str
    second_engine: str
    versions: Mapping[str, str]
    read_as: Sequence[str] = ()
    missing: Sequence[str] = ()
    protected: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.records != self.results + self.rejects:
            raise ValueError("the records aren't results plus rejects")
        sums = {"recommended": sum(self.recommended.values())}
        for attribute, groups in self.breakdowns.items():
            sums[attribute] = sum(sum(group.values()) for group in groups.values())
        for name, people in sums.items():
            if people != self.results:
                raise ValueError(f"'{name}' counts {people} people, not the {self.results} results")


def render_report(figures: ReportFigures) -> str:
    """Return the page, the same text for the same figures."""
    base = figures.base
    titles = {path.id: path.title for path in base.paths.values()}
    colors = {path: f"path-{index % _COLORS + 1}" for index, path in enumerate(titles)}
    leading = _leading(figures.recommended, titles)
    if figures.recommended.get(NO_PATH):
        titles[NO_PATH], colors[NO_PATH] = "Not enough answers", "muted"
    standings = [
        (path, figures.recommended.get(path, 0), figures.also_supported.get(path, 0))
        for path in titles
    ]
    problems = sorted(figures.problems.items(), key=lambda problem: (-problem[1], problem[0]))
    environment = Environment(
        autoescape=True,
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": _number, "people": _people, "rows": _rows, "share": _share}
    template = files(__package__).joinpath("report.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(template).render(
        figures=figures,
        base=base,
        titles=titles,
        colors=colors,
        leading=leading,
        second=next(iter(_leading(figures.also_supported, titles)), None),
        standings=standings,
        longest=max(first + also for _, first, also in standings) or 1,
        support=_support(figures),
        breakdowns=[_breakdown(figures, name, titles, colors) for name in figures.breakdowns],
        reasons=_reasons(figures),
        most_reasons=_MOST_REASONS,
        problems=problems[:_MOST_PROBLEMS],
        other_problems=[count for _, count in problems[_MOST_PROBLEMS:]],
        few=FEW,
        some=SOME,
        smallest=SMALLEST,
    )


def _leading(counts: Mapping[str, int], paths: Mapping[str, str]) -> list[str]:
    """Return the path with the highest count, or several that share it."""
    most = max((counts.get(path, 0) for path in paths), default=0)
    return [path for path in paths if most and counts.get(path, 0) == most]


def _support(figures: ReportFigures) -> dict[str, int]:
    """Return people by the word for how strong the support of their first path is."""
    certainty = figures.base.certainty
    counts = dict.fromkeys((word for _, word in certainty.bands), 0)
    for hundredths, people in figures.certainties.items():
        word = certainty.in_words(hundredths)
        counts[word] = counts.get(word, 0) + people
    return counts


class _Reason(NamedTuple):
    title: str
    counts: str
    people: int


def _reasons(figures: ReportFigures) -> list[_Reason]:
    """Return the rules for and against a path that fired, for most people first."""
    base = figures.base
    reasons = [
        _Reason(
            rule.title,
            f"{'against' if rule.then.against else 'for'} {base.paths[rule.then.path].title}",
            figures.fired[rule.id],
        )
        for rule in base.rules
        if isinstance(rule.then, Evidence) and figures.fired.get(rule.id, 0) >= SMALLEST
    ]
    return sorted(reasons, key=lambda reason: -reason.people)


class _Group(NamedTuple):
    label: str
    people: str
    cells: list[str]
    bar: list[tuple[float, str, str, str]]
    """Share of the bar, color, text and CSS class of each segment."""


class _Breakdown(NamedTuple):
    attribute: str
    columns: list[str]
    groups: list[_Group]
    hidden: set[str]
    """Which of `FEW` and `SOME` stand in the cells."""

    any_shown: bool


def _breakdown(
    figures: ReportFigures, attribute: str, titles: Mapping[str, str], colors: Mapping[str, str]
) -> _Breakdown:
    """Return the first recommendations by the values of an attribute, small groups suppressed."""
    by_group = figures.breakdowns[attribute]
    labels = {value.id: value.label for value in figures.base.attributes[attribute].values}
    labels[UNKNOWN] = "unknown"
    labels = {
        group: label for group, label in labels.items() if sum(by_group.get(group, {}).values())
    }
    columns = [path for path in titles if figures.recommended.get(path)]
    counts = [[by_group[group].get(path, 0) for path in columns] for group in labels]
    groups, hidden, any_shown = [], set(), False
    for label, row, cells in zip(labels.values(), counts, safe_table(counts), strict=True):
        bar = [
            (count / sum(row), colors[path], cell, "")
            for path, count, cell in zip(columns, row, cells, strict=True)
            if cell not in (FEW, SOME)
        ]
        hidden |= {FEW, SOME} & set(cells)
        any_shown = any_shown or bool(bar)
        groups.append(_Group(label[:1].upper() + label[1:], safe_count(sum(row)), cells, bar))
    return _Breakdown(attribute, columns, groups, hidden, any_shown)


# ------------------------------------------------------------------- filters of the template


def _printable(value: Any) -> Any:
    """Make a text fit for a page: no control characters, not too long, its own direction.

    It's applied to everything the template writes; escaping comes after it.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    text = "".join(
        character
        if character.isprintable()
        else " "
        if character.isspace()
        else "\N{REPLACEMENT CHARACTER}"
        for character in value
    )
    if len(text) > _LONGEST_TEXT:
        text = f"{text[: _LONGEST_TEXT - 1]}…"
    return text if text.isascii() else Markup("<bdi>{}</bdi>").format(text)


def _number(count: int) -> str:
    return f"{count:,}"


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _share(part: int, whole: int) -> str:
    """Return a percentage that never rounds something to nothing, or most to all."""
    percent = 100 * part / whole if whole else 0
    if 0 < percent < 1:
        return "<1%"
    return ">99%" if 99 < percent < 100 else f"{percent:.0f}%"
