"""Reads population.yaml: the made-up people, their answers as codes that arrays can hold.

The code of a single answer is its place among the values of its attribute; that of a set has a
bit for each member. What is not known is -1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind

UNKNOWN = -1
"""The code of an answer that is not known."""

_FILE = Path(__file__).with_name("population.yaml")


@dataclass(frozen=True)
class Weights:
    """What can occur and how often: codes, and the probability of each."""

    codes: np.ndarray
    probabilities: np.ndarray

    def drawn(self, chance: np.random.Generator, size: int) -> np.ndarray:
        """Give so many codes."""
        return chance.choice(self.codes, size, p=self.probabilities)


@dataclass(frozen=True)
class Completeness:
    """How much some people answer: each question by chance, the first few, or only some."""

    share: float
    known: float
    stops: bool
    only: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """People who are alike: their share, and what they answer."""

    share: float
    answers: Mapping[str, Weights]


@dataclass(frozen=True)
class Likeness:
    """How alike the people of a group are: how many they take after, and how often they do."""

    models: int
    like: float


@dataclass(frozen=True)
class Organisations:
    """Employers: how many, the attribute that they give their people, and how large they are."""

    count: int
    attribute: str
    sizes: Weights
    largest: int


class Population:
    """The made-up people, as the file describes them.

    Args:
        base: says which answers there are.
        path: the file.

    Raises:
        ValueError: it names a value that there is not.
    """

    def __init__(self, base: RuleBase, path: Path = _FILE) -> None:
        self._base = base
        # Every scalar as text: `yes` is a spelling here, no truth value.
        self._read: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        self.writing: Mapping[str, list[str]] = self._read["writing"]
        self.columns: Mapping[str, Any] = self._read["columns"]

    @cached_property
    def organisations(self) -> Organisations:
        """The employers."""
        read = self._read["organisations"]
        name = read["attribute"]
        return Organisations(
            int(read["count"]), name, self._weights(name, read["sizes"]), int(read["largest"])
        )

    @cached_property
    def completeness(self) -> Sequence[Completeness]:
        """How much people answer."""
        return [
            Completeness(
                float(read["share"]),
                float(read.get("known", 1)),
                name == "stops",
                tuple(read.get("only", ())),
            )
            for name, read in self._read["completeness"].items()
        ]

    @cached_property
    def likeness(self) -> Likeness:
        """How alike the people of a group are."""
        read = self._read["likeness"]
        return Likeness(int(read["models"]), float(read["like"]))

    @cached_property
    def groups(self) -> Sequence[Group]:
        """The people, by what they are like."""
        employers = self.organisations.attribute
        return [
            Group(
                float(read["share"]),
                {
                    name: self._weights(name, weights)
                    for name, weights in {**self._read["everyone"], **read["answers"]}.items()
                    if name != employers
                },
            )
            for read in self._read["groups"].values()
        ]

    def _weights(self, name: str, read: Mapping[str, str]) -> Weights:
        codes = [code_of(self._base.attributes[name], text) for text in read]
        weights = np.array([float(weight) for weight in read.values()])
        return Weights(np.array(codes, dtype=np.int16), weights / weights.sum())


def code_of(attribute: Attribute, text: str) -> int:
    """Give the code of an answer in the form of the profile contract.

    Raises:
        ValueError: the attribute has no such value.
    """
    names = [text] if attribute.kind is not Kind.SET else text.split(";")
    if attribute.kind is Kind.SET and names == [NOTHING]:
        return 0
    missing = [name for name in names if name not in attribute.order]
    if missing:
        raise ValueError(f"population.yaml: {attribute.id} has no value {missing[0]!r}")
    places = [attribute.order[name] for name in names]
    return sum(1 << place for place in places) if attribute.kind is Kind.SET else places[0]


def codes_of(attribute: Attribute) -> range:
    """Give the codes of all answers to a question."""
    values = len(attribute.values)
    return range(1 << values if attribute.kind is Kind.SET else values)


def answer_of(attribute: Attribute, code: int) -> Answer:
    """Give the answer that a code stands for."""
    if attribute.kind is Kind.SET:
        members = (v.id for place, v in enumerate(attribute.values) if code >> place & 1)
        return frozenset(members)
    name = attribute.values[code].id
    return name == "true" if attribute.kind is Kind.YES_NO else name
