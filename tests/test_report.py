"""A page about a run: its figures, whole and readable anywhere, and nobody to be recognised."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from fourways.batch.report import Breakdown, Summary, charts, page, require_charts
from fourways.batch.report.small_groups import FEW, SMALLEST, SOME, safe_table
from fourways.errors import InputError
from fourways.rulebase import load_builtin

BASE = load_builtin()
NAUGHTY = "<script>alert('x')</script>\x00\x1b[31m\u202e\ud800&amp;\"${title}$x"
ALL = {"move_up": 500, "move_out": 401, "stay": 290, "": 13}
SUMMARY = Summary(
    file="people.csv",
    rows=1240,
    results=1204,
    rejects=36,
    first=ALL,
    also={"move_sideways": 222, "stay": 17},
    certainties={85: 600, 61: 302, 40: 200, 25: 89},
    breakdowns=(
        Breakdown(
            "current_role",
            {
                "project_manager": {"move_up": 480, "move_out": 390, "stay": 280, "": 9},
                "pmo_analyst": {"move_up": 17, "move_out": 11, "stay": 6, "": 4},
                "pmo_director": {"move_up": 3},
                "": {"stay": 4},
            },
        ),
        Breakdown("organisation_size", {"large": ALL}),
    ),
    problems={"unknown value in 'job'": 33, "too many fields": 7},
    distinct=731,
    verified=50,
    decided_by="ColumnarEngine",
    verified_by="ExpertaEngine",
    versions={"fourways": "0.1.0", "python": "3.11.7"},
    detected=("Windows-1252", "cells parted by a semicolon"),
    noted=212,
    missing=("pmo_scope",),
    protected=("Gender",),
    fired={BASE.evidence["stay"][0].id: 288},
    finished="2024-05-03 14:02 UTC",
)
NOBODY = replace(
    SUMMARY, rows=36, results=0, first={}, also={}, certainties={}, breakdowns=(), fired={}
)


@pytest.fixture(scope="module")
def html() -> str:
    return page(SUMMARY, BASE)


class Strict(HTMLParser):
    """Collects texts, tags and attributes; every element must end where it should."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.extend((name, value or "") for name, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def tables(html: str) -> dict[str, list[list[str]]]:
    """Give the tables of a page by their captions, the header being the first row."""
    root = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>"))
    return {
        region.get("aria-label", ""): [
            ["".join(c.itertext()) for c in r] for r in region.iter("tr")
        ]
        for region in root.iter("div")
        if region.get("role") == "region"
    }


# ------------------------------------------------------------------- the page


@pytest.mark.parametrize("summary", [SUMMARY, NOBODY], ids=["people", "nobody"])
def test_the_page_is_well_formed_as_html_and_as_xml(summary: Summary) -> None:
    html = page(summary, BASE)
    assert html.startswith("<!DOCTYPE html>")
    assert Strict(html).tags >= {"html", "title", "main", "h1", "table"}
    ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>"))


def test_nothing_is_loaded_and_nothing_runs(html: str) -> None:
    parsed = Strict(html)
    assert parsed.tags.isdisjoint({"script", "link", "img", "iframe", "object", "use", "a"})
    assert not re.search(r"https?:|//|url\(|@import|\bsrc=|href=", html)
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 100_000


def test_the_same_run_gives_the_same_bytes_in_any_process(html: str) -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests'); from test_report import *;"
        "sys.stdout.buffer.write(page(SUMMARY, BASE).encode())"
    )
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert again.stdout.decode() == html
    assert again.stderr == b""


def test_the_order_in_which_counts_come_does_not_matter(html: str) -> None:
    turned = replace(
        SUMMARY,
        first=dict(reversed(SUMMARY.first.items())),
        problems=dict(reversed(SUMMARY.problems.items())),
        certainties=dict(reversed(SUMMARY.certainties.items())),
    )
    assert page(turned, BASE) == html


def test_the_charts_look_the_same_whatever_style_other_charts_have(html: str) -> None:
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "figure.dpi": 300}):
        assert page(SUMMARY, BASE) == html
        assert (mpl.rcParams["font.size"], mpl.rcParams["svg.fonttype"]) == (30, "path")


def test_no_date_stands_in_it_but_the_one_given(html: str) -> None:
    assert set(re.findall(r"20\d\d-\d\d-\d\d", html)) == {"2024-05-03"}
    assert not re.search(r"20\d\d-\d\d-\d\d", page(replace(SUMMARY, finished=""), BASE))


# ----------------------------------------------------------------- its figures


def test_the_page_tells_what_came_in_and_what_came_out(html: str) -> None:
    text = Strict(html).text
    assert "rows in the file 1,240" in text
    assert "Next steps for 1,204 people" in text
    assert "Move up : 500 of 1,204 people (42%)" in text
    assert "For 13 people there are not enough answers" in text
    assert "36 rows of 1,240 (3%)" in text
    assert "A recommendation is a starting point for a conversation" in text


def test_each_way_is_told_with_how_often_it_came_first_and_was_also_supported(html: str) -> None:
    header, *rows = tables(html)["People by first recommendation"]
    assert header == ["Way", "First", "Share", "Also supported"]
    assert ["Move up", "500", "42%", "0"] in rows
    assert ["Move sideways", "0", "0%", "222"] in rows
    assert ["Stay", "290", "24%", "17"] in rows
    assert rows[-1] == ["Not enough answers", "13", "1%", "0"]


def test_certainties_are_told_in_the_words_of_the_rule_base(html: str) -> None:
    _, *rows = tables(html)["People by support"]
    assert [row[:2] for row in rows] == [
        ["strong", "600"],
        ["good", "302"],
        ["some", "200"],
        ["weak", "89"],
    ]


def test_rejects_are_told_by_reason_the_most_frequent_first(html: str) -> None:
    _, *rows = tables(html)["Rejects by reason"]
    assert rows == [["unknown value in 'job'", "33"], ["too many fields", "7"]]


def test_the_rarest_reasons_are_told_as_one(html: str) -> None:
    many = {f"reason {n:02}": 50 - n for n in range(20)}
    _, *rows = tables(page(replace(SUMMARY, problems=many), BASE))["Rejects by reason"]
    assert rows[-1] == ["8 other reasons", str(sum(range(31, 39)))]


def test_the_page_tells_how_it_was_made(html: str) -> None:
    text = Strict(html).text
    for said in (
        BASE.digest, f"{len(BASE.rules)} rules", "fourways 0.1.0, python 3.11.7", "ColumnarEngine",
        "50 of 731 decided profiles were decided again by ExpertaEngine", "Windows-1252",
        "212 rows with a note", "pmo scope: unknown for everybody", "Gender: no rule ever reads",
    ):  # fmt: skip
        assert said in text


def test_a_reason_given_to_many_is_told_with_what_it_speaks_for(html: str) -> None:
    rule = BASE.evidence["stay"][0]
    _, *rows = tables(html)["Reasons"]
    assert rows == [[rule.title, "for Stay", "288", "24%"]]


def test_counts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="rows"):
        replace(SUMMARY, rows=1)
    with pytest.raises(ValueError, match="'first'"):
        replace(SUMMARY, first={"stay": 3})
    with pytest.raises(ValueError, match="'current_role'"):
        replace(SUMMARY, breakdowns=(Breakdown("current_role", {"other": {"stay": 3}}),))


# ------------------------------------------------------- for those who cannot see


def test_every_chart_has_a_title_and_its_figures_in_words(html: str) -> None:
    root = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>"))
    drawn = list(root.iter("svg"))
    assert len(drawn) == 6
    for svg in drawn:
        title, text = svg[0], svg[1]
        assert svg.get("aria-labelledby") == f"{title.get('id')} {text.get('id')}"
        assert title.text
        assert re.search(r"\d", text.text or "")


def test_no_two_elements_have_the_same_id(html: str) -> None:
    ids = [value for name, value in Strict(html).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_charts_have_only_colours_of_the_page(html: str) -> None:
    root = ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>"))
    used = {
        colour
        for svg in root.iter("svg")
        for element in svg.iter()
        for colour in re.findall(r"(?:fill|stroke): ([^;]+)", element.get("style", ""))
    }
    assert used
    for colour in used:
        assert f"--{colour.removeprefix('var(--').removesuffix(')')}: #" in html


# -------------------------------------------------------------- texts from outside


def test_whatever_a_file_holds_stays_text() -> None:
    naughty = replace(
        SUMMARY,
        file=NAUGHTY,
        problems={NAUGHTY: 1},
        detected=(NAUGHTY,),
        protected=(NAUGHTY,),
        missing=(NAUGHTY,),
        versions={NAUGHTY: NAUGHTY},
        finished=NAUGHTY,
        decided_by=NAUGHTY,
        verified_by=NAUGHTY,
    )
    html = page(naughty, BASE)
    parsed = Strict(html)
    assert "script" not in parsed.tags
    assert parsed.text.count("<script>alert('x')</script>") == 12
    assert "&amp;amp;" in html
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ud800-\udfff]", html)
    ElementTree.fromstring(html.removeprefix("<!DOCTYPE html>").encode())


def test_labels_of_a_house_can_hold_any_letters_and_signs() -> None:
    strange = replace(BASE.paths["stay"], title="留 <b>$x$ & \u202e😀" + "y" * 300)
    base = replace(BASE, paths={**BASE.paths, "stay": strange})
    html = page(SUMMARY, base)
    assert "留 &lt;b&gt;$x$ &amp;" in html
    assert "\u202e" not in html
    Strict(html)


def test_more_ways_than_colours_are_drawn_all_the_same() -> None:
    more = {f"way_{n}": replace(BASE.paths["stay"], id=f"way_{n}") for n in range(20)}
    Strict(page(SUMMARY, replace(BASE, paths={**BASE.paths, **more})))


# ---------------------------------------------------------------- small groups


def test_figures_under_five_are_hidden_in_the_breakdowns_and_it_is_said(html: str) -> None:
    header, *rows = tables(html)["First recommendations by current role"]
    assert header == [
        "Current role", "People", "Move up", "Move out", "Stay", "Not enough answers",
    ]  # fmt: skip
    assert rows[0][:2] == ["Project manager", "1,159"]
    assert rows[2] == ["PMO director", *[FEW] * 5]
    assert rows[3] == ["Unknown", *[FEW] * 5]
    assert "Figures under 5 are shown as <5" in Strict(html).text


def test_a_file_with_only_small_groups_is_not_broken_down() -> None:
    few = replace(
        SUMMARY, rows=39, results=3, first={"stay": 3}, also={}, certainties={70: 3},
        breakdowns=(Breakdown("current_role", {"other": {"stay": 1}, "pmo_analyst": {"stay": 2}}),),
    )  # fmt: skip
    html = page(few, BASE)
    assert "The groups are too small" in Strict(html).text
    assert "First recommendations by current role" not in tables(html)


def test_one_group_alone_is_not_broken_down(html: str) -> None:
    assert "All are in one group: 250 people or more." in Strict(html).text


def possible(
    shown: Sequence[Sequence[str]], counts: Sequence[Sequence[int]]
) -> Iterator[list[int]]:
    """Give every table that fits what is shown and the sums of rows and columns, as one list."""

    def fitting(texts: Sequence[str], row: Sequence[int]) -> list[tuple[int, ...]]:
        ranges = {FEW: range(SMALLEST), SOME: range(SMALLEST, sum(row) + 1)}
        cells = (ranges.get(text) or (int(text),) for text in texts)
        return [found for found in product(*cells) if sum(found) == sum(row)]

    sums = [sum(column) for column in zip(*counts, strict=True)]
    for rows in product(*map(fitting, shown, counts)):
        if [sum(column) for column in zip(*rows, strict=True)] == sums:
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
def test_no_small_figure_follows_from_the_sums(counts: list[list[int]]) -> None:
    fitting = list(possible(safe_table(counts), counts))
    for index, count in enumerate(count for row in counts for count in row):
        if 0 < count < SMALLEST:
            assert len({cells[index] for cells in fitting}) > 1


def test_what_is_shown_is_true() -> None:
    counts = [[20, 3, 0], [30, 1200, 6]]
    for row, texts in zip(counts, safe_table(counts), strict=True):
        for count, text in zip(row, texts, strict=True):
            assert text == f"{count:,}" or (text == FEW if count < SMALLEST else text == SOME)


def test_a_table_without_small_figures_is_shown_as_it_is() -> None:
    assert safe_table([[5, 6], [7, 1000]]) == [["5", "6"], ["7", "1,000"]]


# ------------------------------------------------------------- without the extra


def test_without_matplotlib_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(charts, "find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'fourways\[report\]'"):
        require_charts()


def test_the_module_can_be_imported_without_loading_matplotlib() -> None:
    program = "import sys, fourways.batch.report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
