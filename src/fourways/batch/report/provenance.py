"""Where the figures come from: the reasons given, the input, the rejects, the rule base."""

from fourways.batch.report.markup import clean, facts, many, section, share, table
from fourways.batch.report.small_groups import SMALLEST
from fourways.batch.report.summary import Summary
from fourways.model.base import RuleBase
from fourways.model.rules import Evidence

MOST_RULES = 10
MOST_PROBLEMS = 12
"""Lines of the tables that could be long."""


def most_given(summary: Summary, base: RuleBase) -> str:
    """Give the section of the reasons for and against that most people were given."""
    spoken = [
        (rule, rule.then, count)
        for rule in base.rules
        if isinstance(rule.then, Evidence) and (count := summary.fired.get(rule.id, 0)) >= SMALLEST
    ]
    spoken.sort(key=lambda line: -line[2])
    rows = [
        (rule.title, f"{'against' if then.against else 'for'} {base.paths[then.path].title}",
         f"{count:,}", share(count, summary.results))
        for rule, then, count in spoken[:MOST_RULES]
    ]  # fmt: skip
    if not rows:
        return ""
    among = f", {len(rows)} of {len(spoken)}" if len(spoken) > len(rows) else ""
    return section(
        "rules",
        "The reasons that were given most often",
        "<p>Each person can have several reasons, for a way or against it. Here are those"
        f" that were given to the most people{among}.</p>"
        + table("Reasons", ("Reason", "Speaks", "People", "Share"), rows, left=1, fold=False),
    )


def what_was_read(summary: Summary) -> str:
    """Give the section that tells how the input was understood."""
    lines = [("File", clean(summary.file))]
    if summary.detected:
        lines.append(("Read as", "; ".join(map(clean, summary.detected))))
    if summary.missing:
        names = ", ".join(clean(name.replace("_", " ")) for name in summary.missing)
        lines.append(("No column for", f"{names}: unknown for everybody"))
    lines.append(
        (
            "Notes",
            f"{many(summary.noted, 'row')} with a note on how something was read"
            if summary.noted
            else "none",
        )
    )
    if summary.protected:
        names = ", ".join(map(clean, summary.protected))
        lines.append(("Left alone", f"{names}: no rule ever reads such a column"))
    decided = f"{summary.distinct:,}, equal ones once in each block of rows"
    lines.append(("Profiles decided", decided))
    return section("input", "What was read", facts(lines), css="half")


def rejected(summary: Summary) -> str:
    """Give the section of the rejects, by reason."""
    if not summary.rejects:
        body = "<p>None. Every row of the file was answered.</p>"
        return section("rejects", "Rows rejected", body, css="half")
    ordered = sorted(summary.problems.items(), key=lambda line: (-line[1], line[0]))
    rows = [(problem, f"{count:,}") for problem, count in ordered[:MOST_PROBLEMS]]
    if rest := ordered[MOST_PROBLEMS:]:
        rows.append((f"{len(rest)} other reasons", f"{sum(count for _, count in rest):,}"))
    return section(
        "rejects",
        "Rows rejected",
        f"<p>{many(summary.rejects, 'row')} of {summary.rows:,}"
        f" ({share(summary.rejects, summary.rows)}). A row can have several problems. The rejects"
        " file has the line of each.</p>"
        + table("Rejects by reason", ("Reason", "Times"), rows, fold=False),
        css="half",
    )


def how_made(summary: Summary, base: RuleBase) -> str:
    """Give the section by which the run can be told from others."""
    versions = ", ".join(f"{clean(name)} {clean(v)}" for name, v in summary.versions.items())
    again = (
        f"{summary.verified:,} of {summary.distinct:,} decided profiles were decided again by"
        f" {clean(summary.verified_by)}, every one with the same outcome"
        if summary.verified
        else "no profile was decided again by a second engine"
    )
    lines = [
        ("Reasoning", f"the article “{clean(base.title)}”, as {len(base.rules)} rules"),
        ("Rule base", f"<code>sha256 {clean(base.digest)}</code>"),
        ("Decided by", clean(summary.decided_by)),
        ("Agreement", again),
        ("Versions", versions),
    ]
    if summary.finished:
        lines.append(("Finished", clean(summary.finished)))
    return section("made", "How this was made", facts(lines))
