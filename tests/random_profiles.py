"""Random profiles from a seed, some with few answers, some with all; and files and frames of them."""

from collections.abc import Sequence
from random import Random

import polars as pl

from fourways.model.base import RuleBase
from fourways.model.profile import NOTHING, Answer, Attribute, Kind, Profile, name_of


def random_profiles(base: RuleBase, count: int, seed: int) -> list[Profile]:
    random = Random(seed)
    return [random_profile(base, random) for _ in range(count)]


def random_profile(base: RuleBase, random: Random) -> Profile:
    left_out = random.random()
    return Profile(
        {
            name: random_answer(attribute, random)
            for name, attribute in base.attributes.items()
            if random.random() >= left_out
        }
    )


def random_answer(attribute: Attribute, random: Random) -> Answer:
    match attribute.kind:
        case Kind.SET:
            return frozenset(value.id for value in attribute.values if random.random() < 0.3)
        case Kind.YES_NO:
            return random.random() < 0.5
    return random.choice(attribute.values).id


def written(answer: Answer | None) -> str | None:
    """Return an answer as a file has it; null where it is unknown."""
    if isinstance(answer, frozenset):
        return ";".join(sorted(answer)) or NOTHING
    return None if answer is None else name_of(answer)


def frame_of(profiles: Sequence[Profile], base: RuleBase) -> pl.DataFrame:
    """Return a row per profile, a column per attribute."""
    return pl.DataFrame(
        {name: [written(profile.get(name)) for profile in profiles] for name in base.attributes},
        schema=dict.fromkeys(base.attributes, pl.String),
    )
