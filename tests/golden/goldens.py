"""The types of the fixtures of the golden tests."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

ROOT = Path(__file__).resolve().parents[2]
Golden = Callable[[Path, str], None]
Fourways = Callable[..., Result]
