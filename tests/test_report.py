"""The report: its figures, escaped, self-contained, and nobody identifiable in small groups."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree

import pytest

from fourways.batch.report import ReportFigures, render_report
from fourways.batch.small_groups import FEW, SMALLEST, SOME, safe_table
from fourways.rulebase import load_builtin

BASE = load_builtin()
HOSTILE = "<script>alert('x')</script>\x00\x1b[31m\u202e\ud800&amp;\"${title}{{ title }}"
ALL = {"move_up": 500, "move_out": 401, "stay": 290, "": 13}
ROLES = {
    "project_manager": {"move_up": 480, "move_out": 390, "stay": 280, "": 9},
    "pmo_analyst": {"move_up": 17, "move_out": 11, "stay": 6, "": 4},
    "pmo_director": {"move_up": 3},
    "": {"stay": 4},
}
FIGURES = ReportFigures(
    base=BASE,
    file="people.csv",
    finished="2024-05-03 14:02 UTC",
    records=1240,
    results=1204,
    rejects=36,
    recommended=ALL,
    also_supported={"move_sideways": 222, "stay": 17},
    certainties={85: 600, 61: 302, 40: 200, 25: 89},
    breakdowns={"current_role": ROLES, "organisation_size": {"large": ALL}},
    fired={BASE.evidence["stay"][0].id: 288, BASE.evidence["stay"][1].id: 4},
    problems={"unknown value in 'job'": 33, "too many fields": 7},
    noted=212,
    profiles=731,
    checked=50,
    engine="ColumnarEngine",
    second_engine="ExpertaEngine",
    versions={"fourways": "0.1.0", "python": "3.11.7"},
    read_as=("Windows-1252", "separated by semicolons"),
    missing=("pmo_scope",),
    protected=("Gender",),
)
NOBODY = replace(
    FIGURES, records=36, results=0, recommended={}, also_supported={}, certainties={},
    breakdowns={}, fired={}, profiles=0, checked=0,
)  # fmt: skip


def parsed(html: str) -> ElementTree.Element:
    """Parse the page, which is well-formed XML too."""
    return ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>").encode())


def text(html: str) -> str:
    body = parsed(html).find("body")
    assert body is not None
    return " ".join(" ".join(body.itertext()).split())


def table(html: str, label: str) -> list[list[str]]:
    """Return the cells of a table, the header first; [] if the page doesn't have it."""
    regions = parsed(html).iter("div")
    return [
        ["".join(cell.itertext()) for cell in row]
        for region in regions
        if region.get("aria-label") == label
        for row in region.iter("tr")
    ]


def bars(html: str) -> dict[str, str]:
    return {li[0].text or "": li[2].text or "" for li in parsed(html).iter("li") if len(li) == 3}


@pytest.fixture(scope="module")
def html() -> str:
    return render_report(FIGURES)


# ------------------------------------------------------------------- the page


@pytest.mark.parametrize("figures", [FIGURES, NOBODY], ids=["people", "nobody"])
def test_the_page_is_small_and_loads_and_runs_nothing(figures: ReportFigures) -> None:
    html = render_report(figures)
    tags = {element.tag for element in parsed(html).iter()}
    assert html.startswith("<!DOCTYPE html>")
    assert len(html.encode()) < 50_000
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "use", "a"})
    assert not re.search(r"https?:|//|url\(|@import|\bsrc=|href=|\son\w+=", html)


def test_the_same_figures_give_the_same_bytes_in_any_process_and_order(html: str) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_report import *;"
        "reversed_ = {name: dict(reversed(getattr(FIGURES, name).items()))"
        " for name in ('recommended', 'problems', 'certainties')};"
        "sys.stdout.buffer.write(render_report(replace(FIGURES, **reversed_)).encode())"
    )
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert again.stdout.decode() == html


@pytest.mark.parametrize(
    "said",
    [
        "rows in the file 1,240", "Next steps for 1,204 people", "Move up : 500 of 1,204 people (42%)",
        "“strong” for 600 people and “good” for 302 people", "second option is Move sideways (222",
        "13 people didn't give enough answers", "36 rows of 1,240 (3%)", "212 rows with a note",
        "A recommendation is a starting point for a conversation", BASE.digest,
        f"{len(BASE.rules)} rules", "fourways 0.1.0, python 3.11.7", "ColumnarEngine",
        "50 of 731 profiles with a second engine (ExpertaEngine), same results",
        "Windows-1252, separated by semicolons", "pmo scope: treated as unknown",
        "Never used Gender", "finished 2024-05-03 14:02 UTC",
    ],
)  # fmt: skip
def test_the_page_says_what_happened_and_how_it_was_made(html: str, said: str) -> None:
    assert said in re.sub(r"\s+([,)])", r"\1", text(html))


def test_bars_show_people_by_first_path_and_by_support(html: str) -> None:
    shown = bars(html)
    assert shown["Move up"] == "500 (42%)"
    assert shown["Move sideways"] == "0 (0%), also 222"
    assert shown["Stay"] == "290 (24%), also 17"
    assert shown["Not enough answers"] == "13 (1%)"
    assert [shown[word] for word in ("Strong", "Good", "Some", "Weak")] == [
        "600 (50%)", "302 (25%)", "200 (17%)", "89 (7%)",
    ]  # fmt: skip


def test_problems_are_listed_by_frequency_the_rarest_together(html: str) -> None:
    problems = "Rejects by problem"
    assert table(html, problems)[1:] == [["unknown value in 'job'", "33"], ["too many fields", "7"]]
    many = replace(FIGURES, problems={f"problem {n:02}": 50 - n for n in range(20)})
    assert table(render_report(many), problems)[-1] == ["8 other problems", str(sum(range(31, 39)))]


def test_a_common_reason_is_shown_with_what_it_counts_for(html: str) -> None:
    rule = BASE.evidence["stay"][0]
    assert table(html, "Reasons")[1:] == [[rule.title, "for Stay", "288", "24%"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("records", 1), ("recommended", {"stay": 3}), ("breakdowns", {"current_role": {"": {"": 3}}})],
)
def test_contradictory_counts_are_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"records|recommended|current_role"):
        replace(FIGURES, **{name: value})


# -------------------------------------------------------------- texts from outside


def test_texts_from_the_input_stay_text() -> None:
    one = (HOSTILE,)
    html = render_report(
        replace(
            FIGURES, file=HOSTILE, finished=HOSTILE, problems={HOSTILE: 1}, read_as=one,
            protected=one, missing=one, versions={HOSTILE: HOSTILE}, engine=HOSTILE,
            second_engine=HOSTILE,
        )
    )  # fmt: skip
    assert text(html).count("<script>alert('x')</script>") == 12
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ud800-\udfff]", html)


def test_titles_of_own_rules_can_hold_any_characters() -> None:
    strange = replace(BASE.paths["stay"], title="留 <b>$x$ & \u202e😀" + "y" * 300)
    more = {f"path_{n}": replace(BASE.paths["stay"], id=f"path_{n}") for n in range(20)}
    base = replace(BASE, paths={**BASE.paths, "stay": strange, **more})
    html = render_report(replace(FIGURES, base=base))
    assert "留 &lt;b&gt;$x$ &amp;" in html
    assert "\u202e" not in html
    assert "y" * 200 not in html
    parsed(html)


# ---------------------------------------------------------------- small groups


def test_counts_under_five_are_hidden_and_the_page_says_so(html: str) -> None:
    header, *rows = table(html, "People by current role and first recommendation")
    assert header == [
        "Current role", "People", "Move up", "Move out", "Stay", "Not enough answers",
    ]  # fmt: skip
    assert rows == [
        ["Project manager", "1,159", "480", "390", "280", "9"],
        ["PMO analyst", "38", "17", "11", SOME, FEW],
        ["PMO director", *[FEW] * 5],
        ["Unknown", *[FEW] * 5],
    ]
    assert "Counts under 5 are shown as <5" in text(html)


def test_bars_of_small_groups_are_empty(html: str) -> None:
    widths = {
        li[0].text: [re.findall(r"width: ([\d.]+)", part.get("style", ""))[0] for part in li[1]]
        for li in parsed(html).iter("li")
        if len(li) == 3 and "people" in (li[2].text or "")
    }
    assert widths["PMO director"] == widths["Unknown"] == []
    assert widths["PMO analyst"] == ["44.737", "28.947"]


def test_only_small_groups_or_one_group_get_no_table(html: str) -> None:
    roles = {"current_role": {"other": {"stay": 1}, "pmo_analyst": {"stay": 2}}}
    few = replace(
        FIGURES, records=39, results=3, recommended={"stay": 3}, certainties={70: 3}, breakdowns=roles
    )  # fmt: skip
    assert "The groups are too small" in text(render_report(few))
    assert not table(render_report(few), "People by current role and first recommendation")
    assert "Everybody is in one group: 250 people or more." in text(html)


def possible(
    shown: Sequence[Sequence[str]], counts: Sequence[Sequence[int]]
) -> Iterator[list[int]]:
    """Yield every table that fits what is shown and the totals, as one list of counts."""

    def fitting(texts: Sequence[str], row: Sequence[int]) -> list[tuple[int, ...]]:
        ranges = {FEW: range(SMALLEST), SOME: range(SMALLEST, sum(row) + 1)}
        cells = (ranges.get(text) or (int(text),) for text in texts)
        return [found for found in product(*cells) if sum(found) == sum(row)]

    totals = [sum(column) for column in zip(*counts, strict=True)]
    for rows in product(*map(fitting, shown, counts)):
        if [sum(column) for column in zip(*rows, strict=True)] == totals:
            yield [cell for row in rows for cell in row]


@pytest.mark.parametrize(
    "counts",
    [
        [[20, 3], [30, 40]],
        [[9, 3], [8, 7]],
        [[6, 1, 0], [7, 5, 9]],
        [[5, 0, 12], [6, 2, 8]],
        [[3, 4], [30, 9]],
        [[1, 6], [6, 6], [7, 9]],
    ],
)
def test_no_small_count_follows_from_the_totals(counts: list[list[int]]) -> None:
    fitting = list(possible(safe_table(counts), counts))
    for index, count in enumerate(count for row in counts for count in row):
        if 0 < count < SMALLEST:
            assert len({cells[index] for cells in fitting}) > 1


def test_shown_counts_are_true_and_large_ones_all_shown() -> None:
    counts = [[20, 3, 0], [30, 1200, 6]]
    for row, texts in zip(counts, safe_table(counts), strict=True):
        for count, shown in zip(row, texts, strict=True):
            assert shown == f"{count:,}" or (shown == FEW if count < SMALLEST else shown == SOME)
    assert safe_table([[5, 6], [7, 1000]]) == [["5", "6"], ["7", "1,000"]]
