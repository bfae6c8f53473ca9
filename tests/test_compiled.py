"""What is compiled is kept by its own module: it has to be in it with all that it calls."""

import importlib
import pkgutil
from types import ModuleType

import pytest
from numba.core.registry import CPUDispatcher

import fourways

MODULES = [
    one.name
    for one in pkgutil.walk_packages(fourways.__path__, "fourways.")
    if one.name.startswith(("fourways.intake", "fourways.batch", "fourways.compiled"))
    and ".report" not in one.name
    and ".spark" not in one.name
]


def loops(module: ModuleType) -> dict[str, CPUDispatcher]:
    return {name: one for name, one in vars(module).items() if isinstance(one, CPUDispatcher)}


@pytest.mark.parametrize("name", MODULES)
def test_a_loop_calls_none_of_another_module(name: str) -> None:
    module = importlib.import_module(name)
    for loop in loops(module).values():
        function = loop.py_func
        if function.__module__ != name:
            continue
        called = [vars(module).get(used) for used in function.__code__.co_names]
        others = [one for one in called if isinstance(one, CPUDispatcher)]
        assert all(one.py_func.__module__ == name for one in others), function.__name__


def test_there_are_loops_that_this_looks_at() -> None:
    assert "look_through" in loops(importlib.import_module("fourways.intake.scanning"))
