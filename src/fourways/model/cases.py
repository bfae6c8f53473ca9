"""Cases: profiles of which a domain expert says what must and must not come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fourways.errors import Location
from fourways.model.profile import Profile

NO_PATH = "none"
"""What a case expects first where no path is to be supported."""


@dataclass(frozen=True, slots=True)
class Case:
    """A profile and what is expected of it; what is left out may come out either way.

    Attributes:
        title: what it shows, in a sentence.
        profile: what is known.
        location: where it is written.
        first: the recommendation; `NO_PATH` for none.
        ranking: all supported paths, best first.
        supported, unsupported: paths that must and must not be supported.
        fires, silent: rules, moves among them, that must and must not fire.
        always: rules that must fire here and in every other case: none can find them silent.
        findings: findings that must be concluded.
        targets: roles or posts that must be named as next jobs.
        certainty: path to its certainty in hundredths.
    """

    title: str
    profile: Profile
    location: Location
    first: str | None = None
    ranking: tuple[str, ...] | None = None
    supported: tuple[str, ...] = ()
    unsupported: tuple[str, ...] = ()
    fires: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    certainty: Mapping[str, int] = field(default_factory=dict)
