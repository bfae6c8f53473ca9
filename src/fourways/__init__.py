"""An expert system for people in Project Management Offices who wonder what comes next."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fourways.batch.frame import evaluate_frame as evaluate_frame

__version__ = "0.1.0"
__all__ = ["__version__", "evaluate_frame"]


def __getattr__(name: str) -> Any:
    # Dataframes take a while to import; the command line can do without them.
    if name == "evaluate_frame":
        from fourways.batch.frame import evaluate_frame

        return evaluate_frame
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
