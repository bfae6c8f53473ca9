"""Builds rules, and the moves of the role graph, which are rules too."""

from dataclasses import dataclass

from fourways.model.certainty import Certainties
from fourways.model.conditions import ALWAYS, All, Among, Condition, Recommended
from fourways.model.profile import Kind
from fourways.model.rules import Action, Caution, Conclusion, Evidence, Finding, Rule, Target, Time
from fourways.rulebase.conditions import ConditionReader
from fourways.rulebase.knowledge import Posts
from fourways.rulebase.nodes import Listing, Scalar
from fourways.rulebase.reader import Reader, Values
from fourways.rulebase.shapes import CONCLUSIONS


@dataclass(frozen=True, slots=True)
class RuleBuilder:
    """Builds rules from the values of rules files and of moves; None of those that are broken."""

    reader: Reader
    conditions: ConditionReader
    certainty: Certainties
    posts: Posts

    def rule(self, values: Values) -> Rule | None:
        """Return the rule that an entry of a rules file writes."""
        if not values.entries:
            return None
        then = self._conclusion(values["then"]) if values["then"] is not None else None
        explained = isinstance(then, Finding | Evidence)
        if explained and "because" not in values.entries:
            hint = "Give the reason in a sentence."
            self.reader.problem("'because' is missing", values.location, hint)
        if values["default"] and not isinstance(then, Evidence):
            self.reader.problem(
                "'default' on a rule that isn't evidence for a path",
                values.entries["default"].location,
                "Only a rule with `then: {path: ...}` can be the usual next step.",
            )
        # One broken part of a rule doesn't keep the others from being checked.
        when = values["when"]
        condition = self.conditions.read(when, guidance=not explained) if when else ALWAYS
        return self._rule(
            values, values["title"], condition, then, because=values["because"],
            default=values["default"],
        )  # fmt: skip

    def move(self, values: Values) -> Rule | None:
        """Return the rule that a move of the role graph stands for."""
        path, to, time, word = (values[key] for key in ("path", "to", "time", "certainty"))
        origin = self._origin(values)
        parts: list[Condition] = [Recommended(path)]
        if origin is not None:
            parts.append(self._role_is_one_of(values, origin))
        if values["when"] is not None:
            parts.append(self.conditions.read(values["when"], guidance=True))
        then = Target(to, path, Time(time), word) if path and to and time and word else None
        title = f"A next job: {self.posts.title(to)}" if to else ""
        return self._rule(values, title, All(tuple(parts)), then, origin=origin)

    def _rule(
        self,
        values: Values,
        title: str,
        when: Condition,
        then: Conclusion | None,
        *,
        because: str = "",
        default: bool = False,
        origin: tuple[str, ...] | None = None,
    ) -> Rule | None:
        cites, house = values["cites"], values["house"]
        if not cites and not house:
            self.reader.problem(
                "a rule without a citation", values.location,
                "Name the statements it is based on under `cites`, or mark it `house: true`.",
            )  # fmt: skip
        if cites and house:
            hint = "Remove `cites` or `house`."
            self.reader.problem("a house rule does not cite the article", values.location, hint)
        if then is None:
            return None
        return Rule(
            values["id"], title, when, then, because, cites, values["reading"], house, default,
            origin, values.location,
        )  # fmt: skip

    def _conclusion(self, then: Values) -> Conclusion | None:
        keys = [key for key in CONCLUSIONS if key in then.entries]
        if len(keys) != 1:
            if keys or then.entries.keys() <= {"certainty"}:
                hint = "Use one of finding, path, against, action or caution."
                self.reader.problem("a rule concludes one thing", then.location, hint)
            return None
        (key,) = keys
        value, word = then[key], then["certainty"]
        if key in ("path", "against"):
            if "certainty" not in then.entries:
                hint = "Name a modal word."
                self.reader.problem("'certainty' is missing", then.location, hint)
            if not value or not word:
                return None
            return Evidence(value, word, self.certainty.words[word].factor, key == "against")
        if "certainty" in then.entries:
            location = then.entries["certainty"].location
            self.reader.problem("'certainty' is only for paths", location)
        if key == "finding":
            return Finding(value)
        return Action(value) if key == "action" else Caution(value)

    def _origin(self, values: Values) -> tuple[str, ...] | None:
        """Return the roles that a move starts from; None for anyone."""
        node = values["from"]
        if node is None or (isinstance(node, Scalar) and node.text == "anyone"):
            return None
        if isinstance(node, Listing) and not node.items:
            location = values.entries["from"].location
            self.reader.problem("'from' is empty", location, "Write `anyone`, or name roles.")
        roles: dict[str, None] = {}
        for item in self.reader.items(node):
            name = self.reader.scalar(item)
            if self.reader.one_of(name, "role or family", item.location):
                family = (r.id for r in self.posts.roles.values() if r.family == name)
                roles |= dict.fromkeys(family if name in self.posts.families else [name])
        return tuple(roles)

    def _role_is_one_of(self, values: Values, origin: tuple[str, ...]) -> Condition:
        of_roles = [a.id for a in self.conditions.attributes.values() if a.kind is Kind.ROLE]
        if len(of_roles) != 1:
            location = values.entries["from"].location
            self.reader.problem("a move needs one attribute of kind role", location)
            return ALWAYS
        return Among(of_roles[0], "one_of", origin, frozenset(origin))
