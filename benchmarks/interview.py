"""How many questions an interview takes: as it asks, in fixed orders, and all of them.

    python benchmarks/interview.py [--profiles N] [--training N] [--seed S] [--processes N]

Random people know all about themselves: every value of a scale, of a choice and of the roles is as
likely as the next, and each member of a set applies with a probability of 0.3. Every order is
measured in the same way: it is settled when no answer can change the first recommendation any more
(exactly), and a question that cannot change anything any more is not asked. The best fixed order
is looked for on other people than those on whom it is measured.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random
from time import perf_counter

from fourways.engines.fast import CompactEngine
from fourways.explain import outcomes
from fourways.explain.relevance import Outlook
from fourways.interview import Interview, Reply
from fourways.model.base import RuleBase
from fourways.model.profile import Answer, Kind, Profile
from fourways.rulebase import load_builtin

Order = tuple[str, ...]


@dataclass(frozen=True)
class State:
    """Where an interview stands, with the questions in the order in which they were asked."""

    key: tuple[int, frozenset[str]]
    answers: dict[str, Answer]


NOTHING_ASKED = State((0, frozenset()), {})

Choice = Callable[[State], str]


class Measurement:
    """What people are asked; states in which all rules see the same are looked at once.

    Args:
        base: the rules.
    """

    def __init__(self, base: RuleBase) -> None:
        self.base = base
        self.engine = CompactEngine(base)
        self._settled: dict[object, bool] = {}
        self._left: dict[object, tuple[str, ...]] = {}

    def counts(self, person: Profile, choose: Choice) -> tuple[int, int]:
        """Give the number of questions until settled, and until nothing is left."""
        state = self._asked(person, NOTHING_ASKED, choose, self.settled)
        until = len(state.answers)
        state = self._asked(person, state, choose, lambda state: not self.left(state))
        return until, len(state.answers)

    def until_settled(self, person: Profile, choose: Choice) -> int:
        """Give the number of questions until settled."""
        return len(self._asked(person, NOTHING_ASKED, choose, self.settled).answers)

    def settled(self, state: State) -> bool:
        """Tell whether no answer changes the first recommendation any more."""
        if state.key not in self._settled:
            self._settled[state.key] = outcomes.settled(self.engine, Profile(state.answers))
        return self._settled[state.key]

    def left(self, state: State) -> tuple[str, ...]:
        """Give the questions that can still change something."""
        if state.key not in self._left:
            self._left[state.key] = Outlook(self.base, Profile(state.answers)).attributes
        return self._left[state.key]

    def in_order(self, order: Order) -> Choice:
        """Give the choice that keeps to an order."""
        return lambda state: next(name for name in order if name in self.left(state))

    def as_asked(self, state: State) -> str:
        """Choose as the interview does."""
        # What was there before the interview is not looked at again: the question is the same.
        replies = tuple(Reply(name, one, preset=True) for name, one in state.answers.items())
        question = Interview(self.base, replies, compiled=self.engine).question
        assert question is not None
        return question.id

    def telling_most(self, state: State) -> str:
        """Choose what tells most, whatever it is about, from the first question on."""
        left = self.left(state)
        telling = outcomes.telling(self.engine, Profile(state.answers), (), left)
        return next(iter(telling), left[0])

    def by_groups(self, state: State) -> str:
        """Choose what tells most in the first group that has a question left."""
        left = [name for name in self.base.attributes if name in self.left(state)]
        groups = self.groups()
        group = min(groups[name] for name in left)
        left = [name for name in left if groups[name] == group]
        if not state.answers:
            return left[0]
        telling = outcomes.telling(self.engine, Profile(state.answers), (), left)
        return next(iter(telling), left[0])

    def groups(self) -> dict[str, int]:
        """Give the place of each question's group."""
        attributes = self.base.attributes
        groups = list(dict.fromkeys(attribute.about for attribute in attributes.values()))
        return {name: groups.index(attributes[name].about) for name in attributes}

    def remembered(self, choose: Choice) -> Choice:
        """Give a choice that is made once for each state."""
        chosen: dict[object, str] = {}

        def choice(state: State) -> str:
            if state.key not in chosen:
                chosen[state.key] = choose(state)
            return chosen[state.key]

        return choice

    def _asked(
        self, person: Profile, state: State, choose: Choice, enough: Callable[[State], bool]
    ) -> State:
        while not enough(state):
            name = choose(state)
            bits, asked = state.key
            bits |= self.engine.answer_bits(name, person[name])
            state = State((bits, asked | {name}), {**state.answers, name: person[name]})
        return state


def people(base: RuleBase, number: int, seed: int) -> Iterator[Profile]:
    """Give random people that know all about themselves."""
    random = Random(seed)
    for _ in range(number):
        answers: dict[str, Answer] = {}
        for name, attribute in base.attributes.items():
            values = [value.id for value in attribute.values]
            match attribute.kind:
                case Kind.SET:
                    answers[name] = frozenset(one for one in values if random.random() < 0.3)
                case Kind.YES_NO:
                    answers[name] = random.random() < 0.5
                case _:
                    answers[name] = random.choice(values)
        yield Profile(answers)


def best_order(
    measurement: Measurement, training: Sequence[Profile], allowed: Callable[[Order], bool]
) -> Order:
    """Give the best fixed order that is found: built greedily, then improved by single moves."""

    def cost(order: Order) -> int:
        choose = measurement.in_order(order)
        return sum(measurement.until_settled(person, choose) for person in training)

    def completed(order: Order) -> Order:
        return (*order, *(name for name in measurement.base.attributes if name not in order))

    order: Order = ()
    names = tuple(measurement.base.attributes)
    while len(order) < len(names):
        more = [(*order, name) for name in names if name not in order]
        order = min((one for one in more if allowed(one)), key=lambda one: cost(completed(one)))
    least = cost(order)
    improved = True
    while improved:
        improved = False
        for other in _moved(order):
            if allowed(other) and (found := cost(other)) < least:
                order, least, improved = other, found, True
                break
    return order


def _moved(order: Order) -> Iterator[Order]:
    """Give the orders in which one question has another place, or two have changed places."""
    for index in range(len(order)):
        rest = order[:index] + order[index + 1 :]
        for place in range(len(order)):
            if place != index:
                yield (*rest[:place], order[index], *rest[place:])
        for other in range(index + 2, len(order)):
            swapped = list(order)
            swapped[index], swapped[other] = swapped[other], swapped[index]
            yield tuple(swapped)


def measured(title: str, order: Order, profiles: int, seed: int) -> tuple[float, float]:
    """Give the mean numbers of questions until settled, and until nothing is left.

    Args:
        title: which order it is: a fixed one, or one of `CHOICES`.
        order: the fixed order.
        profiles: how many people are asked.
        seed: which.
    """
    base = load_builtin()
    measurement = Measurement(base)
    choose = (
        measurement.remembered(getattr(measurement, CHOICES[title]))
        if title in CHOICES
        else measurement.in_order(order)
    )
    counts = [measurement.counts(person, choose) for person in people(base, profiles, seed)]
    until, all_of_them = (sum(column) / profiles for column in zip(*counts, strict=True))
    return until, all_of_them


CHOICES = {
    "the interview": "as_asked",
    "what tells most, whatever it is about": "telling_most",
    "what tells most, group by group": "by_groups",
}


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Count the questions of an interview.")
    parser.add_argument("--profiles", type=int, default=10_000, metavar="N")
    parser.add_argument("--training", type=int, default=300, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    parser.add_argument("--processes", type=int, default=2, metavar="N")
    options = parser.parse_args()
    started = perf_counter()
    base = load_builtin()
    measurement = Measurement(base)
    training = list(people(base, options.training, options.seed + 1_000_000))
    groups = measurement.groups()

    def keeps_groups(order: Order) -> bool:
        # The beginning of an order may leave no question of an earlier group for later.
        rest = sorted(groups[name] for name in groups if name not in order)
        places = [*(groups[name] for name in order), *rest]
        return places == sorted(places)

    def told(text: str) -> None:
        print(f"{perf_counter() - started:6.0f} s  {text}", file=sys.stderr, flush=True)

    told("looking for the best fixed orders")
    best = best_order(measurement, training, lambda _: True)
    told("of all")
    grouped = best_order(measurement, training, keeps_groups)
    told("of those that keep the groups together")
    rows: dict[str, Order] = {
        **dict.fromkeys(CHOICES, ()),
        "the best fixed order found": best,
        "the best that keeps the groups together": grouped,
        "the declared order": tuple(base.attributes),
    }
    print(f"{options.profiles} people, seed {options.seed}; trained on {len(training)} others")
    print(f"{'':42}{'settled':>9}{'nothing left':>14}")
    with ProcessPoolExecutor(options.processes) as processes:
        waiting = {
            title: processes.submit(measured, title, order, options.profiles, options.seed)
            for title, order in rows.items()
        }
        for title, result in waiting.items():
            until, all_of_them = result.result()
            print(f"{title:42}{until:9.2f}{all_of_them:14.2f}", flush=True)
            told(title)
    print(f"{'asking everything':42}{len(groups):9.2f}{len(groups):14.2f}")
    print(f"best fixed order: {', '.join(best)}")
    print(f"best within groups: {', '.join(grouped)}")


if __name__ == "__main__":
    main()
