"""Random profiles from a seed: some with few answers, some with all."""

from random import Random

from fourways.model.base import RuleBase
from fourways.model.profile import Answer, Kind, Profile


def random_profiles(base: RuleBase, count: int, seed: int) -> list[Profile]:
    random = Random(seed)
    return [_profile(base, random) for _ in range(count)]


def _profile(base: RuleBase, random: Random) -> Profile:
    left_out = random.random()
    answers: dict[str, Answer] = {}
    for name, attribute in base.attributes.items():
        if random.random() < left_out:
            continue
        values = [value.id for value in attribute.values]
        if attribute.kind is Kind.SET:
            answers[name] = frozenset(value for value in values if random.random() < 0.3)
        elif attribute.kind is Kind.YES_NO:
            answers[name] = random.random() < 0.5
        else:
            answers[name] = random.choice(values)
    return Profile(answers)
