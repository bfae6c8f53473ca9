"""Read a profile from a YAML file or from pairs of attribute and value; write it as YAML."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fourways.answers.values import UnreadableAnswerError, parse_answer
from fourways.errors import InputError, Location, Problem, did_you_mean, quoted, shortened
from fourways.model.profile import NOTHING, Answer, Attribute, Profile
from fourways.rulebase.nodes import Listing, Node, Scalar, parse, read_text
from fourways.rulebase.nodes import Mapping as MappingNode


@dataclass(frozen=True, slots=True)
class ReadProfile:
    """A profile, and notes on what was inferred when it was read."""

    profile: Profile
    notes: tuple[str, ...] = ()


def read_profile(path: Path, attributes: Mapping[str, Attribute]) -> ReadProfile:
    """Read a profile from a YAML file: attribute to value, a list for a set.

    Raises:
        FourwaysError: with every problem of the file.
    """
    node = parse(read_text(path, str(path)), str(path))
    if node is None:
        return ReadProfile(Profile())
    if not isinstance(node, MappingNode):
        raise InputError(Problem("expected lines of `attribute: value`", node.location))
    pairs = []
    problems = []
    for entry in node.entries:
        text = _text(entry.value)
        if text is None:
            problems.append(Problem("expected a value or a list of values", entry.value.location))
        else:
            pairs.append((entry.key, text, entry.value.location))
    return _parse(pairs, attributes, problems)


def profile_of(pairs: Iterable[str], attributes: Mapping[str, Attribute]) -> ReadProfile:
    """Parse a profile from texts such as `organisation_size=40`.

    Raises:
        InputError: with every problem of the texts.
    """
    problems: list[Problem] = []
    split = []
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            problems.append(Problem(f"expected attribute=value, not {quoted(pair)}"))
        split.append((name.strip(), text, None))
    return _parse([] if problems else split, attributes, problems)


def as_yaml(profile: Profile, attributes: Mapping[str, Attribute]) -> str:
    """Return a profile as the YAML that `read_profile` reads."""
    lines = []
    for name, attribute in attributes.items():
        if name in profile:
            members = ", ".join(attribute.members(profile[name]))
            if isinstance(profile[name], frozenset):
                members = f"[{members}]" if members else NOTHING
            lines.append(f"{name}: {members}\n")
    return "".join(lines)


def _text(node: Node) -> str | None:
    match node:
        case Scalar():
            return node.text
        case Listing(items=()):
            return NOTHING
        case Listing() if all(isinstance(item, Scalar) for item in node.items):
            return ";".join(item.text for item in node.items if isinstance(item, Scalar))
    return None


def _parse(
    pairs: Iterable[tuple[str, str, Location | None]],
    attributes: Mapping[str, Attribute],
    problems: list[Problem],
) -> ReadProfile:
    answers: dict[str, Answer] = {}
    notes = []
    for name, text, location in pairs:
        if name not in attributes:
            hint = did_you_mean(name, attributes)
            problems.append(Problem(f"unknown attribute '{shortened(name)}'", location, hint))
            continue
        try:
            parsed = parse_answer(attributes[name], text)
        except UnreadableAnswerError as error:
            problems.append(Problem(f"{name}: {error.problem}", location, error.suggestion))
            continue
        if parsed.answer is not None:
            answers[name] = parsed.answer
        if parsed.note:
            notes.append(f"{name}: {parsed.note}")
    if problems:
        raise InputError(*problems)
    return ReadProfile(Profile(answers), tuple(notes))
