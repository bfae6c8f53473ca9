"""Whatever a file holds, nothing but an error that its author can mend comes out."""

import random
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fourways.errors import FourwaysError, Problem, RuleBaseError
from fourways.rulebase import BaseFolders, builtin_folders, load
from fourways.rulebase.nodes import Listing, Mapping, Scalar, parse

FILES = {file.name: file.text() for file in builtin_folders().files()}
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


def parsed(text: str) -> None:
    """Parse a text; either it gives plain data, or it is refused with a place."""
    root = None
    said: tuple[Problem, ...] = ()
    try:
        root = parse(text, "f.yaml")
    except RuleBaseError as error:
        said = error.problems
    places = [problem.location for problem in said]
    assert all(place and place.line >= 1 and place.column >= 1 for place in places)
    assert root is None or isinstance(root, Scalar | Listing | Mapping)


@settings(QUICK, max_examples=500)
@given(st.text())
@example("\ud800")
@example("a: \0")
@example("\ufeff\ufeff")
def test_any_text_is_parsed_or_refused(text: str) -> None:
    parsed(text)


@settings(QUICK, max_examples=500)
@given(st.text(alphabet="[]{}?:-,&*!|>'\"%@`#~<= \t\n\rab0\\.\x85\u2028"))
def test_any_text_of_the_marks_of_yaml_is_parsed_or_refused(text: str) -> None:
    parsed(text)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """Return one of our own files with some parts removed, doubled, moved or overwritten."""
    name = draw(st.sampled_from(sorted(FILES)))
    text = FILES[name]
    for _ in range(draw(st.integers(1, 3))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 40))
        part = text[at : at + length]
        instead = draw(
            st.sampled_from(["", part * 2, part[::-1], "\n", ": ", "- ", "[", "}", "{x}", "'", "~"])
            | st.text(max_size=8)
        )
        text = text[:at] + instead + text[at + length :]
    return name, text


@settings(QUICK, max_examples=150)
@given(mutated())
def test_our_own_files_with_damage_are_loaded_or_refused(
    tmp_path_factory, file: tuple[str, str]
) -> None:
    name, text = file
    loaded(tmp_path_factory.mktemp("base"), {name: text.encode("utf-8", "surrogatepass")})


def test_our_own_files_with_lines_shuffled_are_loaded_or_refused(tmp_path_factory) -> None:
    chance = random.Random(4)
    for name, text in FILES.items():
        for _ in range(3):
            lines = text.splitlines(keepends=True)
            one, other = (chance.randrange(len(lines)) for _ in range(2))
            lines[one], lines[other] = lines[other], lines[one]
            loaded(tmp_path_factory.mktemp("base"), {name: "".join(lines).encode()})


def loaded(folder: Path, damaged: dict[str, bytes]) -> None:
    """Load the built-in base with some files damaged; they go over it as an organisation's own."""
    for name, data in damaged.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    built_in = builtin_folders()
    folders = BaseFolders(
        (*built_in.knowledge, folder / "knowledge"), (*built_in.rules, folder / "rules")
    )
    said: tuple[Problem, ...] | None = None
    try:
        load(folders)
    except FourwaysError as error:
        said = error.problems
    assert said is None or (said and all(str(problem) for problem in said))
