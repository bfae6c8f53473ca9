"""Reads rules, and the moves of the role graph, which are rules of their own kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourways.errors import Place
from fourways.loading.conditions import ConditionReader
from fourways.loading.knowledge import Article, Posts
from fourways.loading.nodes import Mapping as MappingNode
from fourways.loading.nodes import Node, Scalar
from fourways.loading.reader import Reader
from fourways.model.certainty import Word
from fourways.model.conditions import ALWAYS, All, Among, Condition, Recommended
from fourways.model.profile import Kind
from fourways.model.rules import (
    Action,
    Caution,
    Conclusion,
    Evidence,
    Finding,
    Rule,
    Target,
    Time,
)

_GUIDANCE = ("action", "caution")


@dataclass(slots=True)
class RuleReader:
    """Reads rules against what the knowledge files declare."""

    reader: Reader
    conditions: ConditionReader
    article: Article
    words: Mapping[str, Word]
    posts: Posts

    def rule(self, node: Node) -> Rule | None:
        """Give the rule that a node of a rules file writes."""
        one = self.reader.fields(
            node, ("id", "title", "when", "then"), ("because", "cites", "reading", "house")
        )
        then = self._conclusion(one)
        if then is None or "when" not in one.by_key:
            return None
        because = self.reader.text(one, "because")
        if not because and not isinstance(then, Action | Caution):
            self.reader.problem("'because' is missing", one.place, "Give the reason in a sentence.")
        guidance = isinstance(then, Action | Caution)
        return Rule(
            id=self.reader.text(one, "id"),
            title=self.reader.text(one, "title"),
            when=self.conditions.read(one.by_key["when"].value, guidance),
            then=then,
            because=because,
            cites=self._cites(one),
            reading=self._reading(one),
            house=self.reader.truth(one, "house"),
            place=one.place,
        )

    def move(self, node: Node) -> Rule | None:
        """Give the rule that a move of the role graph stands for."""
        one = self.reader.fields(
            node,
            ("id", "from", "to", "path", "time", "certainty"),
            ("when", "cites", "reading", "house"),
        )
        path = self.reader.member(one, "path", str, self.conditions.paths)
        to = self.reader.member(one, "to", str, [*self.posts.roles, *self.posts.posts])
        time = self.reader.member(one, "time", Time, [time.value for time in Time])
        word = self.reader.member(one, "certainty", str, self.words)
        if path is None or to is None or time is None or word is None:
            return None
        origin = self._origin(one)
        parts: list[Condition] = [Recommended(path)]
        if origin is not None:
            parts.append(self._started_from(one, origin))
        if "when" in one.by_key:
            parts.append(self.conditions.read(one.by_key["when"].value, guidance=True))
        title = self.posts.roles[to].title if to in self.posts.roles else self.posts.posts[to]
        return Rule(
            id=self.reader.text(one, "id"),
            title=f"A next job: {title}",
            when=All(tuple(parts)),
            then=Target(to, path, time, word),
            cites=self._cites(one),
            reading=self._reading(one),
            house=self.reader.truth(one, "house"),
            origin=origin,
            place=one.place,
        )

    def _conclusion(self, one: MappingNode) -> Conclusion | None:
        if "then" not in one.by_key:
            return None
        then = self.reader.fields(
            one.by_key["then"].value, (), ("finding", "path", "against", "certainty", *_GUIDANCE)
        )
        said = [key for key in then.by_key if key != "certainty"]
        if len(said) != 1:
            self.reader.problem(
                "a rule concludes one thing", then.place,
                "One of finding, path, against, action or caution.",
            )  # fmt: skip
            return None
        key = said[0]
        if key in ("path", "against"):
            path = self.reader.member(then, key, str, self.conditions.paths)
            word = self.reader.member(then, "certainty", str, self.words)
            if "certainty" not in then.by_key:
                self.reader.problem("'certainty' is missing", then.place, "Name a modal word.")
            if path is None or word is None:
                return None
            return Evidence(path, word, self.words[word].factor, key == "against")
        if "certainty" in then.by_key:
            self.reader.problem("'certainty' is for paths only", then.by_key["certainty"].place)
        text = self.reader.text(then, key)
        if key == "finding":
            return Finding(text)
        return Action(text) if key == "action" else Caution(text)

    def _cites(self, one: MappingNode) -> tuple[str, ...]:
        cites = tuple(self.reader.placed(one, "cites"))
        for name, place in cites:
            self.reader.one_of(name, self.article.statements, "statement", place)
        house = self.reader.truth(one, "house")
        if not cites and not house:
            self.reader.problem(
                "a rule without citation", one.place,
                "Name the statements it rests on under `cites`, or mark it `house: true`.",
            )  # fmt: skip
        if cites and house:
            self.reader.problem(
                "a rule of the house does not cite the article", one.place,
                "Take away `cites` or `house`.",
            )  # fmt: skip
        return tuple(name for name, _ in cites)

    def _reading(self, one: MappingNode) -> tuple[str, ...]:
        taken = tuple(self.reader.placed(one, "reading"))
        for name, place in taken:
            question, option = name[:-1], name[-1:]
            if question not in self.article.readings:
                self.reader.one_of(question, self.article.readings, "reading", place)
            elif option not in self.article.readings[question].takes:
                takes = ", ".join(question + o for o in self.article.readings[question].takes)
                self.reader.problem(
                    f"'{name}' is not how {question} is read", place, f"article.yaml takes {takes}."
                )
        return tuple(name for name, _ in taken)

    def _origin(self, one: MappingNode) -> tuple[str, ...] | None:
        entry = one.by_key.get("from")
        if entry is None or (isinstance(entry.value, Scalar) and entry.value.text == "anyone"):
            return None
        roles: list[str] = []
        for name, place in self.reader.placed(one, "from"):
            known = {**self.posts.roles, **self.posts.families}
            if self.reader.one_of(name, known, "role or family", place):
                family = [r.id for r in self.posts.roles.values() if r.family == name]
                roles += family if name in self.posts.families else [name]
        return tuple(dict.fromkeys(roles))

    def _started_from(self, one: MappingNode, origin: tuple[str, ...]) -> Condition:
        of_kind = [a for a in self.conditions.attributes.values() if a.kind is Kind.ROLE]
        if len(of_kind) != 1:
            place: Place = one.by_key["from"].place
            self.reader.problem("a move needs one attribute of kind role", place)
            return ALWAYS
        return Among(of_kind[0].id, "one_of", origin, frozenset(origin))
