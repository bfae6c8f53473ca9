"""What a rule concludes: in a few words for a table, in a sentence, and as plain data."""

from fourways.model.base import RuleBase
from fourways.model.certainty import shown
from fourways.model.rules import Action, Caution, Conclusion, Evidence, Finding, Target, Time

KINDS = {
    "finding": (Finding,),
    "evidence": (Evidence,),
    "move": (Target,),
    "guidance": (Action, Caution),
}
"""The kinds of rules that can be asked for, in firing order."""


def path_of(then: Conclusion) -> str | None:
    """Give the path that a conclusion is about; None where it is about none."""
    return then.path if isinstance(then, Evidence | Target) else None


def in_brief(then: Conclusion) -> str:
    """Give a conclusion in the rules' own words."""
    match then:
        case Finding():
            return f"finding {then.id}"
        case Evidence():
            side = "against" if then.against else "for"
            return f"{side} {then.path}, {then.word} {shown(then.factor)}"
        case Target():
            return f"{then.path}: {then.to}, {then.time.value}"
        case Action():
            return "action"
        case Caution():
            return "caution"


def in_a_sentence(then: Conclusion, base: RuleBase) -> str:
    """Give a conclusion in plain words, with the modal word and its factor."""
    match then:
        case Finding():
            return f"the finding {then.id} is concluded"
        case Evidence():
            side = "against" if then.against else "for"
            return f'it speaks {side} "{base.paths[then.path].title}": {_strength(then.word, base)}'
        case Target():
            when = "now" if then.time is Time.NOW else "in time"
            job = base.post_title(then.to)
            return f'a next job on "{base.paths[then.path].title}", {when}, is {job}: ' + _strength(
                then.word, base
            )
        case Action():
            return f"do this: {then.text}"
        case Caution():
            return f"mind this: {then.text}"


def _strength(word: str, base: RuleBase) -> str:
    one = base.certainty.words[word]
    return f"{word.replace('_', ' ')}, {shown(one.factor)} ({one.meaning})"


def as_json(then: Conclusion) -> dict[str, object]:
    """Give a conclusion as plain data."""
    match then:
        case Finding():
            return {"finding": then.id}
        case Evidence():
            side = "against" if then.against else "path"
            return {side: then.path, "certainty": then.word, "factor": then.factor / 100}
        case Target():
            return {
                "target": then.to,
                "path": then.path,
                "time": then.time.value,
                "certainty": then.word,
            }
        case Action():
            return {"action": then.text}
        case Caution():
            return {"caution": then.text}
