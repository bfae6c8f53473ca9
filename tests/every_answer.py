"""Every answer that can be given, and every pair of answers to two questions."""

from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product

from fourways.model.profile import Answer, Attribute, Kind, Profile


def single_answers(attribute: Attribute) -> list[Answer]:
    """Return each value alone; for a set also that nothing applies."""
    names = [value.id for value in attribute.values]
    match attribute.kind:
        case Kind.SET:
            return [frozenset(), *(frozenset({name}) for name in names)]
        case Kind.YES_NO:
            return [True, False]
    return list(names)


def every_answer(attribute: Attribute) -> list[Answer]:
    """Return each answer; for a set each set that can be made of its values."""
    if attribute.kind is not Kind.SET:
        return single_answers(attribute)
    sizes = range(len(attribute.values) + 1)
    some = chain.from_iterable(combinations(attribute.by_id, size) for size in sizes)
    return [frozenset(names) for names in some]


def every_pair(answers: Mapping[str, list[Answer]]) -> Iterator[Profile]:
    """Yield each pair of answers to two questions, with all else unknown."""
    for (one, firsts), (other, seconds) in combinations(answers.items(), 2):
        for first, second in product(firsts, seconds):
            yield Profile({one: first, other: second})


def every_profile(answers: Mapping[str, list[Answer]]) -> Iterator[Profile]:
    """Yield every possible profile: each question answered in each way, or left open."""
    for given in product(*([None, *some] for some in answers.values())):
        known = zip(answers, given, strict=True)
        yield Profile({name: answer for name, answer in known if answer is not None})
