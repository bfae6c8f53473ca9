"""Reads rules, and the moves of the role graph, which are rules of their own kind."""

from collections.abc import Mapping
from dataclasses import dataclass

from fourways.errors import Location
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
from fourways.rulebase.conditions import ConditionReader
from fourways.rulebase.knowledge import Article, Posts
from fourways.rulebase.nodes import Listing, Node, Scalar
from fourways.rulebase.nodes import Mapping as MappingNode
from fourways.rulebase.reader import Reader

_CONCLUSIONS = ("finding", "path", "against", "action", "caution")


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
            node,
            ("id", "title", "when", "then"),
            ("because", "cites", "reading", "house", "default"),
        )
        if not one.entries:
            return None
        then = self._conclusion(one)
        explained = isinstance(then, Finding | Evidence)
        if explained and "because" not in one.by_key:
            self.reader.problem(
                "'because' is missing", one.location, "Give the reason in a sentence."
            )
        when = one.by_key.get("when")
        # What is wrong with one part of a rule keeps no other part from being read.
        rule = Rule(
            id=self._id(one),
            title=self.reader.text(one, "title"),
            when=self.conditions.read(when.value, guidance=not explained) if when else ALWAYS,
            then=then or Finding(""),
            because=self.reader.text(one, "because"),
            cites=self._cites(one),
            reading=self._reading(one),
            house=self.reader.truth(one, "house"),
            default=self.reader.truth(one, "default"),
            location=one.location,
        )
        if rule.default and not isinstance(then, Evidence):
            self.reader.problem(
                "'default' on a rule that isn't evidence for a path",
                one.by_key["default"].location,
                "Only a rule with `then: {path: ...}` can be the usual next step.",
            )
        return rule if then else None

    def move(self, node: Node) -> Rule | None:
        """Give the rule that a move of the role graph stands for."""
        one = self.reader.fields(
            node,
            ("id", "from", "to", "path", "time", "certainty"),
            ("when", "cites", "reading", "house"),
        )
        if not one.entries:
            return None
        path = self.reader.member(one, "path", str, self.conditions.paths)
        to = self.reader.member(one, "to", str, [*self.posts.roles, *self.posts.posts])
        time = self.reader.member(one, "time", Time, [time.value for time in Time])
        word = self.reader.member(one, "certainty", str, self.words)
        origin = self._origin(one)
        parts: list[Condition] = [Recommended(path or "")]
        if origin is not None:
            parts.append(self._started_from(one, origin))
        if "when" in one.by_key:
            parts.append(self.conditions.read(one.by_key["when"].value, guidance=True))
        titles = {**self.posts.posts, **{r.id: r.title for r in self.posts.roles.values()}}
        rule = Rule(
            id=self._id(one),
            title=f"A next job: {titles.get(to or '', '')}",
            when=All(tuple(parts)),
            then=Target(to or "", path or "", time or Time.NOW, word or ""),
            cites=self._cites(one),
            reading=self._reading(one),
            house=self.reader.truth(one, "house"),
            origin=origin,
            location=one.location,
        )
        return rule if path and to and time and word else None

    def _id(self, one: MappingNode) -> str:
        if "id" not in one.by_key:
            return ""
        location = one.by_key["id"].value.location
        return self.reader.name(self.reader.text(one, "id"), "a rule", location, dotted=True)

    def _conclusion(self, one: MappingNode) -> Conclusion | None:
        if "then" not in one.by_key:
            return None
        then = self.reader.fields(one.by_key["then"].value, (), (*_CONCLUSIONS, "certainty"))
        said = [key for key in then.by_key if key in _CONCLUSIONS]
        if not said and any(key != "certainty" for key in then.by_key):
            return None
        if len(said) != 1:
            self.reader.problem(
                "a rule concludes one thing", then.location,
                "One of finding, path, against, action or caution.",
            )  # fmt: skip
            return None
        key = said[0]
        if key in ("path", "against"):
            path = self.reader.member(then, key, str, self.conditions.paths)
            word = self.reader.member(then, "certainty", str, self.words)
            if "certainty" not in then.by_key:
                self.reader.problem("'certainty' is missing", then.location, "Name a modal word.")
            if path is None or word is None:
                return None
            return Evidence(path, word, self.words[word].factor, key == "against")
        if "certainty" in then.by_key:
            self.reader.problem("'certainty' is for paths only", then.by_key["certainty"].location)
        text = self.reader.text(then, key)
        if key == "finding":
            return Finding(self.reader.name(text, "a finding", then.by_key[key].value.location))
        return Action(text) if key == "action" else Caution(text)

    def _cites(self, one: MappingNode) -> tuple[str, ...]:
        cites = tuple(self.reader.located(one, "cites"))
        for name, location in cites:
            self.reader.one_of(name, self.article.statements, "statement", location)
        house = self.reader.truth(one, "house")
        if not cites and not house:
            self.reader.problem(
                "a rule without citation", one.location,
                "Name the statements it rests on under `cites`, or mark it `house: true`.",
            )  # fmt: skip
        if cites and house:
            self.reader.problem(
                "a rule of the house does not cite the article", one.location,
                "Take away `cites` or `house`.",
            )  # fmt: skip
        return tuple(name for name, _ in cites)

    def _reading(self, one: MappingNode) -> tuple[str, ...]:
        taken = tuple(self.reader.located(one, "reading"))
        for name, location in taken:
            question, option = name[:-1], name[-1:]
            if question not in self.article.readings:
                self.reader.one_of(question, self.article.readings, "reading", location)
            elif option not in self.article.readings[question].takes:
                takes = ", ".join(question + o for o in self.article.readings[question].takes)
                self.reader.problem(
                    f"'{name}' is not how {question} is read",
                    location,
                    f"article.yaml takes {takes}.",
                )
        return tuple(name for name, _ in taken)

    def _origin(self, one: MappingNode) -> tuple[str, ...] | None:
        entry = one.by_key.get("from")
        if entry is None or (isinstance(entry.value, Scalar) and entry.value.text == "anyone"):
            return None
        roles: list[str] = []
        for name, location in self.reader.located(one, "from"):
            known = {**self.posts.roles, **self.posts.families}
            if self.reader.one_of(name, known, "role or family", location):
                family = [r.id for r in self.posts.roles.values() if r.family == name]
                roles += family if name in self.posts.families else [name]
        if isinstance(entry.value, Listing) and not entry.value.items:
            self.reader.problem(
                "'from' of nothing", entry.location, "Write `anyone`, or name roles."
            )
        return tuple(dict.fromkeys(roles))

    def _started_from(self, one: MappingNode, origin: tuple[str, ...]) -> Condition:
        of_kind = [a for a in self.conditions.attributes.values() if a.kind is Kind.ROLE]
        if len(of_kind) != 1:
            location: Location = one.by_key["from"].location
            self.reader.problem("a move needs one attribute of kind role", location)
            return ALWAYS
        return Among(of_kind[0].id, "one_of", origin, frozenset(origin))
