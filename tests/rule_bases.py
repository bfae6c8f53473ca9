"""Small rule bases for tests, so that what is tested does not depend on the article's rules."""

from collections.abc import Mapping
from pathlib import Path

from fourways.rulebase import BaseFolders

KNOWLEDGE = {
    "article.yaml": """
title: A text
sections:
  - {id: S0, title: The only section, rules: rules.yaml}
statements: {}
readings: {}
""",
    # A word for each factor: c40 stands for 0.40.
    "certainty.yaml": "cutoff: 0.20\nwords:\n"
    + "".join(f"  c{n:02}: {{factor: 0.{n:02}, class: M1, meaning: so}}\n" for n in range(1, 100))
    + "in_words:\n  - {from: 0.00, says: possible}\n",
    "paths.yaml": """
alpha: {title: Alpha, means: the first, section: S0}
beta: {title: Beta, means: the second, section: S0}
gamma: {title: Gamma, means: the third, section: S0}
""",
    "profile.yaml": """
post: {kind: role, about: all, question: Post?, label: the post}
size:
  kind: scale
  about: all
  question: Size?
  label: the size
  values: {low: {label: low}, middle: {label: middle}, high: {label: high}}
colour:
  kind: choice
  about: all
  question: Colour?
  label: the colour
  values: {red: {label: red}, green: {label: green}, blue: {label: blue}}
wants:
  kind: set
  about: all
  question: Wants?
  label: the wants
  values: {x: {label: X}, y: {label: Y}, z: {label: Z}}
ready:
  kind: yes_no
  about: all
  question: Ready?
  label: whether ready
  values: {"true": {label: ready}, "false": {label: not ready}}
""",
    "roles.yaml": """
families: {near: the near ones, far: the far ones}
roles:
  clerk: {title: clerk, family: near}
  cook: {title: cook, family: near}
  pilot: {title: pilot, family: far}
posts: {elsewhere: a post elsewhere}
moves: []
""",
    "titles.yaml": "otherwise: cook\n",
}


def write_base(
    folder: Path, rules: str | bytes, knowledge: Mapping[str, str | bytes] | None = None
) -> BaseFolders:
    """Write a rule base and return its folders.

    Args:
        folder: where to.
        rules: the text of rules.yaml.
        knowledge: knowledge files that differ from the small ones here.
    """
    files = {f"knowledge/{name}": text for name, text in {**KNOWLEDGE, **(knowledge or {})}.items()}
    for name, text in {**files, "rules/rules.yaml": rules}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return BaseFolders((folder / "knowledge",), (folder / "rules",))
