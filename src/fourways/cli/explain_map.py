"""Prints the career map as a tree."""

from rich.text import Text
from rich.tree import Tree

from fourways.cli.show import NO_JOB_NAMED, console
from fourways.explain import wording
from fourways.explain.careermap import CareerMap
from fourways.model.rules import Time


def show_map(drawn: CareerMap) -> None:
    """Print your job, the recommended paths and the next jobs on each."""
    here = f"You are here: {drawn.title}" if drawn.here else "We don't know your job"
    root = Tree(Text(here, style="bold"))
    for number, path in enumerate(drawn.branches):
        title = Text(path.title, style="default" if number else "bold green")
        branch = root.add(title.append(f"  {path.support}", style="default not bold"))
        for job in path.jobs:
            when = "Next job" if job.time is Time.NOW else "Later"
            branch.add(Text(f"{when}: {job.title}"))
        if not path.jobs:
            branch.add(Text(NO_JOB_NAMED, style="dim"))
    if not drawn.branches:
        root.add(Text(wording.NOT_ENOUGH))
    console().print(root)
