"""Prints decisions: the verdict that a person reads, and the tree that an auditor reads."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.explain import wording
from fourways.explain.justification import PathJustification, Step, justification
from fourways.explain.relevance import Outlook
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Standing
from fourways.model.rules import Evidence, Time


def console(stderr: bool = False) -> Console:
    """Give the console that everything is printed to; plain where it is no terminal."""
    return Console(stderr=stderr, highlight=False, markup=False, soft_wrap=False)


def show_decision(decision: Decision, notes: Iterable[str] = ()) -> None:
    """Print a verdict: the paths ranked, the reasons, next jobs, what to do and to mind."""
    out = console()
    for note in notes:
        out.print(f"Note: {note}.", style="dim")
    if not decision.ranking:
        out.print("No way on is supported by what is known.", style="bold")
        _show_guidance(out, decision, None)
    for index, standing in enumerate(decision.ranking):
        if index == 1:
            out.print()
            out.print("Also possible", style="bold underline")
        out.print()
        _show_path(out, decision, standing, first=index == 0)
        _show_guidance(out, decision, standing.path)
        if index == 0:
            _show_guidance(out, decision, None)
    _show_unknown(out, decision)


def _show_path(out: Console, decision: Decision, standing: Standing, first: bool) -> None:
    path = decision.base.paths[standing.path]
    title = Text(path.title, style="bold green" if first else "bold")
    title.append(f"  {wording.certainty(decision, standing)}", style="default not bold")
    out.print(title)
    _item(out, "", path.means, "dim")
    if first and decision.ties:
        titles = " and ".join(decision.base.paths[path].title for path in decision.ties)
        _item(out, "", f"{titles} come out equal; the article does not rank them.", "dim")
    for firing in decision.evidence(path.id):
        _firing(out, "+", decision, firing)
    for firing in decision.evidence(path.id, against=True):
        _firing(out, "-", decision, firing)
    named = [
        f"{label}: {'; '.join(jobs)}."
        for label, time in (("Next", Time.NOW), ("In time", Time.IN_TIME))
        if (jobs := wording.targets(decision, path.id, time))
    ]
    for line in named or ["The article names no post for this step from where you are."]:
        _item(out, ">", line)


def _show_guidance(out: Console, decision: Decision, path: str | None) -> None:
    """Print the guidance that goes with a path; with none, what holds whatever the path."""
    whatever = ", whatever you choose" if path is None and decision.ranking else ""
    for title, firings in (("What to do", decision.actions), ("What to mind", decision.cautions)):
        fitting = [
            firing
            for firing in firings
            if (path in paths if (paths := _paths(firing)) else path is None)
        ]
        if fitting:
            out.print()
            _item(out, "", f"{title}{whatever}", "bold")
            for firing in fitting:
                _firing(out, "•", decision, firing)


def _paths(firing: Firing) -> tuple[str, ...]:
    return tuple(match.name for match in firing.matched if match.sort == "path")


def _show_unknown(out: Console, decision: Decision) -> None:
    """Print the questions without an answer that could still change something."""
    matter = Outlook(decision.base, decision.profile).attributes
    asked = [a for name, a in decision.base.attributes.items() if name in matter]
    if asked:
        out.print()
        out.print("Not known, and could change this", style="bold")
        for attribute in asked:
            _item(out, "?", attribute.question)


def _firing(out: Console, mark: str, decision: Decision, firing: Firing) -> None:
    text = Text(wording.text_of(decision, firing))
    text.append(f" [{sources(firing.rule.cites, firing.rule.house)}]", style="dim")
    _item(out, mark, text)


def _item(out: Console, mark: str, text: str | Text, style: str = "") -> None:
    """Print a line below a title, wrapped lines under its first word."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(" " if not mark else f"  {mark}", Text(text) if isinstance(text, str) else text)
    out.print(grid, style=style)


def sources(cites: tuple[str, ...], house: bool) -> str:
    """Give the places that a rule rests on: "S2.p1.s3, S2.p2.s2"."""
    return "rule of the house" if house else ", ".join(cites)


def show_justification(decision: Decision) -> None:
    """Print the tree of a decision: recommendation, rules, findings, facts, statements."""
    out = console()
    tree = justification(decision)
    for path in tree.paths:
        out.print(_path_tree(decision, path))
    if tree.guidance:
        root = Tree(Text("Guidance", style="bold"))
        for step in tree.guidance:
            _add(root, decision, step)
        out.print(root)


def _path_tree(decision: Decision, path: PathJustification) -> Tree:
    title = Text(decision.base.paths[path.path].title, style="bold")
    title.append(f"  {path.arithmetic}", style="not bold")
    root = Tree(title)
    for step in (*path.supporting, *path.opposing, *path.targets):
        _add(root, decision, step)
    return root


def _add(tree: Tree, decision: Decision, step: Step) -> None:
    label = Text(f"{step.order}. {step.rule.id}", style="cyan")
    if isinstance(step.rule.then, Evidence):
        against = " against" if step.rule.then.against else ""
        factor = shown(step.rule.then.factor)
        label.append(f"  {step.rule.then.word} {factor}{against}", style="default")
    label.append(f"  {step.says or step.rule.title}", style="default")
    branch = tree.add(label)
    for fact in step.facts:
        branch.add(Text(f"fact  {fact}", style="yellow"))
    for finding in step.findings:
        _add(branch, decision, finding)
    for cite in step.rule.cites:
        says = decision.base.statements[cite].says
        branch.add(Text(f"{cite}  {says}", style="dim"))
    if step.rule.house:
        branch.add(Text("rule of the house", style="dim"))
