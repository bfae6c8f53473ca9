"""What tests of several parts need: decisions by every engine, on the built-in base or a small one."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines import ALL_ENGINES, profile_of
from fourways.model.base import RuleBase
from fourways.model.decision import Decision
from fourways.rulebase import load
from rule_bases import write_base


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what comes out today into tests/golden, instead of comparing with it",
    )


@pytest.fixture(scope="session", autouse=True)
def _signals_arrive() -> Iterator[None]:
    """Handle Ctrl-C and hang-ups where both start out ignored, as in a script's background job.

    A program that a test starts inherits what is ignored; what is handled, it gets as the default.
    """
    handlers = {signal.SIGINT: signal.default_int_handler}
    if hasattr(signal, "SIGHUP"):
        handlers[signal.SIGHUP] = lambda *_: None  # under nohup, the tests go on
    ignored = [one for one in handlers if signal.getsignal(one) is signal.SIG_IGN]
    for one in ignored:
        signal.signal(one, handlers[one])
    yield
    for one in ignored:
        signal.signal(one, signal.SIG_IGN)


@pytest.fixture(autouse=True)
def _ledger_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep every test away from the ledger of whoever runs it."""
    monkeypatch.setenv("FOURWAYS_LEDGER", str(tmp_path_factory.mktemp("ledger") / "ledger.db"))


@pytest.fixture(params=ALL_ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of an engine; a test that takes it runs on each."""
    return str(request.param)


@pytest.fixture
def small_base(tmp_path: Path) -> Callable[[str], RuleBase]:
    """Returns the small rule base with the rules of a text."""
    return lambda rules: load(write_base(tmp_path, rules))


@pytest.fixture
def decide_by(engine: str, small_base: Callable[[str], RuleBase]) -> Callable[..., Decision]:
    """Decides by the rules of a text: `decide_by(rules, attribute=answer, ...)`."""

    def decided(rules: str, **answers: object) -> Decision:
        return ALL_ENGINES[engine](small_base(rules)).decide(profile_of(**answers))

    return decided
