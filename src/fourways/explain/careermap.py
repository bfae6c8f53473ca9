"""The career map: the posts, the moves between them, where a person stands and what is advised.

The posts stand in lanes, one for each family of roles and one for the posts that are no roles;
within a lane a move goes upwards, so that up is up and sideways is sideways.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.model.rules import Rule, Stratum, Target, Time

_MANY = 6
"""The posts that are no roles stand in two lanes when there are more of them."""


@dataclass(frozen=True, slots=True)
class Advised:
    """A move that is open to the person: its path, when it can be made, and the rule."""

    path: str
    time: Time
    rule: Rule


@dataclass(frozen=True, slots=True)
class Post:
    """A role, or a post that is no role.

    Attributes:
        id: its name; `title` in plain words.
        rung: how far up it stands in its lane, from 0.
        here: whether it is the person's own.
        advised: the moves that lead there and are open to the person, best path first.
        from_here: the paths of moves that lead there from the person's job, advised or not.
    """

    id: str
    title: str
    rung: int
    here: bool
    advised: tuple[Advised, ...]
    from_here: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """A family of roles, or the posts that are no roles; the lowest rung first."""

    id: str
    title: str
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A move from one post to another.

    Attributes:
        source, target: the posts.
        path: the way on that it is a step of.
        time: when it can be made.
        advised: whether it is open to the person from here.
    """

    source: str
    target: str
    path: str
    time: Time
    advised: bool


@dataclass(frozen=True, slots=True)
class CareerMap:
    """The map.

    Attributes:
        decision: what was decided; gives the ranking of the paths.
        lanes: the families in their order, the other posts last; none that no move touches.
        moves: those between two posts; what is open to anyone is drawn from the person's post.
        here: the person's post; None where it is not known.
    """

    decision: Decision
    lanes: tuple[Lane, ...]
    moves: tuple[Move, ...]
    here: str | None

    @property
    def advised(self) -> tuple[tuple[str, Advised], ...]:
        """The moves that are open to the person, as post and move, best path first."""
        ranked = [standing.path for standing in self.decision.ranking]
        found = [
            (post.id, advised)
            for lane in self.lanes
            for post in lane.posts
            for advised in post.advised
        ]
        order = list(Time)
        return tuple(
            sorted(found, key=lambda one: (ranked.index(one[1].path), order.index(one[1].time)))
        )


def career_map(decision: Decision) -> CareerMap:
    """Give the map for a decision."""
    base = decision.base
    role = next((name for name, one in base.attributes.items() if one.kind == "role"), None)
    answer = decision.profile.get(role) if role else None
    here = answer if isinstance(answer, str) else None
    moves = _moves(decision, here)
    lanes = [
        Lane(
            family,
            title,
            _posts(
                decision, here, moves, [r.id for r in base.roles.values() if r.family == family]
            ),
        )
        for family, title in base.families.items()
    ]
    others = _posts(decision, here, moves, list(base.posts))
    half = (len(others) + 1) // 2 if len(others) > _MANY else len(others)
    lanes += [Lane("", "other posts", others[:half]), Lane("", "more other posts", others[half:])]
    moved = {name for move in moves for name in (move.source, move.target)} | {here}
    shown = [lane for lane in lanes if any(post.id in moved for post in lane.posts)]
    return CareerMap(decision, tuple(shown), moves, here)


def _moves(decision: Decision, here: str | None) -> tuple[Move, ...]:
    fired = {firing.rule.id for firing in decision.trace}
    moves: dict[Move, None] = {}
    for rule in decision.base.stratum(Stratum.TARGETS):
        assert isinstance(rule.then, Target)
        origins: Iterable[str] = rule.origin if rule.origin is not None else [here] if here else []
        for source in origins:
            advised = rule.id in fired and source == here
            if source != rule.then.to:
                move = Move(source, rule.then.to, rule.then.path, rule.then.time, advised)
                moves[move] = None
    return tuple(moves)


def _posts(
    decision: Decision, here: str | None, moves: tuple[Move, ...], ids: list[str]
) -> tuple[Post, ...]:
    base = decision.base
    rungs = _rungs(ids, moves)
    paths = [standing.path for standing in decision.standings]
    posts = [
        Post(
            id=name,
            title=base.post_title(name),
            rung=rungs[name],
            here=name == here,
            advised=_advised(decision, name),
            from_here=tuple(
                sorted(
                    {m.path for m in moves if m.source == here and m.target == name},
                    key=paths.index,
                )
            ),
        )
        for name in ids
    ]
    return tuple(sorted(posts, key=lambda post: post.rung))


def _advised(decision: Decision, post: str) -> tuple[Advised, ...]:
    return tuple(
        Advised(standing.path, firing.rule.then.time, firing.rule)
        for standing in decision.ranking
        for firing in decision.targets(standing.path)
        if isinstance(firing.rule.then, Target) and firing.rule.then.to == post
    )


def _rungs(ids: list[str], moves: tuple[Move, ...]) -> dict[str, int]:
    """Give how far up each post stands: above all from which a move within the lane leads there.

    A post to which none leads stands just below the lowest that it leads to. Rounds are bounded,
    so that moves in a circle end somewhere.
    """
    inside = [move for move in moves if move.source in ids and move.target in ids]
    rungs = dict.fromkeys(ids, 0)
    for _ in ids:
        for move in inside:
            rungs[move.target] = min(
                max(rungs[move.target], rungs[move.source] + 1), max(len(ids) - 1, 0)
            )
    reached = {move.target for move in inside}
    for name in ids:
        above = [rungs[move.target] for move in inside if move.source == name]
        if above and name not in reached:
            rungs[name] = max(min(above) - 1, 0)
    return rungs


def titles(base: RuleBase, advised: Iterable[Advised]) -> str:
    """Give moves in a few words: "Move up, in time"."""
    return "; ".join(
        f"{base.paths[one.path].title}, {'now' if one.time is Time.NOW else 'in time'}"
        for one in advised
    )
