"""Prints decisions: the recommendation for a person, and the tree of rules for an auditor."""

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from fourways.cli.terminal import escape_lines
from fourways.engines.fast import CompactEngine
from fourways.explain import wording
from fourways.explain.justification import PathJustification, Step, justification
from fourways.explain.relevance import Outlook
from fourways.model.certainty import shown
from fourways.model.decision import Decision, Firing, Standing
from fourways.model.rules import Action, Caution, Evidence, Time

NO_JOB_NAMED = "The article doesn't name a specific job for this move."


class _Console(Console):
    """A console that shows control characters escaped."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Yield the segments of what is printed."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=escape_lines(segment.text))


def console(stderr: bool = False) -> Console:
    """Return the console to print to; it prints plain text if it isn't a terminal."""
    return _Console(stderr=stderr, highlight=False, markup=False, soft_wrap=False)


def show_decision(decision: Decision, notes: Iterable[str] = ()) -> None:
    """Print the ranked paths with their reasons and next jobs, the advice, and what is unknown."""
    out = console()
    for note in notes:
        out.print(f"Note: {note}.", style="dim")
    if not decision.ranking:
        _show_not_enough(out, decision)
        return
    for index, standing in enumerate(decision.ranking):
        if index == 1:
            out.print()
            out.print("Also possible", style="bold underline")
        out.print()
        _show_path(out, decision, standing, first=index == 0)
        if index == 0:
            _show_advice(out, decision, standing.path)
    _show_advice(out, decision, None)
    _show_unknown(out, decision)


def _show_not_enough(out: Console, decision: Decision) -> None:
    """Print the questions whose answers would help most."""
    out.print(wording.NOT_ENOUGH, style="bold")
    if decision.would_help:
        out.print("Answering these would help most:")
        for name in decision.would_help:
            _item(out, "?", decision.base.attributes[name].question)


def _show_path(out: Console, decision: Decision, standing: Standing, first: bool) -> None:
    path = decision.base.paths[standing.path]
    title = Text(path.title, style="bold green" if first else "bold")
    title.append(f"  {wording.certainty(decision, standing)}", style="default not bold")
    out.print(title)
    _item(out, "", path.means, "dim")
    if first and decision.close:
        titles = " and ".join(decision.base.paths[path].title for path in decision.close)
        _item(out, "", f"Closely followed by {titles}.", "dim")
    for firing in decision.evidence(path.id):
        _firing(out, "+", decision, firing)
    for firing in decision.evidence(path.id, against=True):
        _firing(out, "-", decision, firing)
    if first and decision.only_default:
        _item(out, " ", wording.ONLY_DEFAULT)
    named = [
        f"{label}: {'; '.join(jobs)}."
        for label, time in (("Next job", Time.NOW), ("Later", Time.IN_TIME))
        if (jobs := wording.targets(decision, path.id, time))
    ]
    for line in named or [NO_JOB_NAMED]:
        _item(out, ">", line)


def _show_advice(out: Console, decision: Decision, path: str | None) -> None:
    """Print what to do and what to watch out for on a path; with None, on any path."""
    actions, cautions = (decision.advice(sort, path) for sort in (Action, Caution))
    doing = "What to do" if path else "Whichever path you choose"
    for title, advice in ((doing, actions), ("Watch out for", cautions)):
        if advice:
            out.print()
            _item(out, "", title, "bold")
            for firing in advice:
                _firing(out, "•", decision, firing)


def _show_unknown(out: Console, decision: Decision) -> None:
    """Print the questions without an answer that could still change something."""
    matter = Outlook(CompactEngine(decision.base), decision.profile).attributes
    asked = [a for name, a in decision.base.attributes.items() if name in matter]
    if asked:
        out.print()
        out.print("Answering these could change the result", style="bold")
        for attribute in asked:
            _item(out, "?", attribute.question)


def _firing(out: Console, mark: str, decision: Decision, firing: Firing) -> None:
    text = Text(wording.text_of(decision, firing))
    text.append(f" [{wording.source(firing.rule.cites)}]", style="dim")
    _item(out, mark, text)


def _item(out: Console, mark: str, text: str | Text, style: str = "") -> None:
    """Print a line below a title, wrapped lines under its first word."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(" " if not mark else f"  {mark}", Text(text) if isinstance(text, str) else text)
    out.print(grid, style=style)


def show_justification(decision: Decision) -> None:
    """Print the tree of a decision: recommendation, rules, findings, facts, statements."""
    out = console()
    tree = justification(decision)
    if not tree.paths:
        out.print(wording.not_enough(decision))
    for path in tree.paths:
        out.print(_path_tree(decision, path))
    if decision.only_default:
        out.print(wording.ONLY_DEFAULT)
    if tree.guidance:
        root = Tree(Text("Guidance", style="bold"))
        for step in tree.guidance:
            _add(root, decision, step)
        out.print(root)


def _path_tree(decision: Decision, path: PathJustification) -> Tree:
    title = Text(decision.base.paths[path.path].title, style="bold")
    title.append(f"  {path.arithmetic}", style="not bold")
    root = Tree(title)
    for step in path.steps:
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
        branch.add(Text(wording.source(()), style="dim"))
