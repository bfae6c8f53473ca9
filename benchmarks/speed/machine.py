"""Says what the figures were measured on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("fourways", "polars", "narwhals", "experta", "clipspy", "zen-engine")


def described() -> list[str]:
    """Give the machine and the versions, a line each."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return [
        f"{cores} cores of {_processor()}, {memory:.0f} GB of memory, {platform.system()}",
        f"Python {platform.python_version()}, {versions}",
    ]


def busy() -> str:
    """Give how busy the machine was in the last minute, without anything of ours."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0]
    warning = "; where others use it, the figures say less" if load > cores / 4 else ""
    return f"load average before the run: {load:.1f} on {cores} cores{warning}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not there)"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
