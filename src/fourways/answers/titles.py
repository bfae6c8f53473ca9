"""Match a job title with a role: how it was matched, and how sure that is.

The standard words of a title are put into phrases with the job last ("head of projects" becomes
"project head"), and the name of a role is looked for at the end of each phrase.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile

from fourways.answers.titlewords import Segment, Vocabulary, Words, split_words
from fourways.errors import quoted
from fourways.model.certainty import shown
from fourways.model.titles import Titles

MAX_LENGTH = 500
"""Characters of a title; a longer text is no title."""


class How(StrEnum):
    """How a title was matched, the surest first."""

    EXACT = "exact"
    NAME = "another name"
    ABBREVIATIONS = "abbreviations"
    WORDING = "its words"
    SPELLING = "spelling"
    NONE = "no match"


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """The role that a title was matched with.

    Attributes:
        role: the id of the role.
        how: how it was matched.
        score: how sure that is, in hundredths; 0 if nothing matched.
        note: what was inferred, for the user; empty if the title is the role's own.
    """

    role: str
    how: How
    score: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words of a title with the job last.

    Attributes:
        segment: the index of the segment that they begin in.
        words: the words.
        strict: whether a name counts at the very end only, as the job stood first in the title.
    """

    segment: int
    words: Words
    strict: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    """The name of a role in a title.

    Attributes:
        role: the id of the role.
        words: the words of the name, and of seniority beside it.
        loose: whether other words follow it, or other segments come before it.
    """

    role: str
    words: frozenset[str]
    loose: bool


class TitleMatcher:
    """Matches job titles with the roles that they name.

    Args:
        titles: the part of the knowledge base about job titles.
    """

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self._vocabulary = Vocabulary(titles)
        standard = self._vocabulary.standard
        own = {name: role for role, title in titles.roles.items() for name in (role, title)}
        self._own = {_plain(name): role for name, role in own.items()}
        others = {**titles.alone, **titles.names}
        self._others = {_plain(name): role for name, role in others.items()}

        self._posts = frozenset(word for post in titles.posts for word in standard(post))
        self._jobs = self._posts.union(word for job in titles.jobs for word in standard(job))
        self._levels = frozenset(word for level in titles.levels for word in level.words)
        numerals = frozenset(word for level in titles.levels for word in level.numerals)
        self._levels_after = self._levels | numerals
        self._bare_words = self._posts | self._levels_after

        self._names: dict[Words, str] = {}
        for name, role in titles.names.items():
            self._names.setdefault(self._job_last(standard(name))[0], role)
        self._alone = {standard(name): role for name, role in titles.alone.items()}
        self._rules_out = [
            (out.meaning, out.roles, [f" {' '.join(standard(words))} " for words in out.words])
            for out in titles.rules_out
        ]

    def match(self, title: str) -> TitleMatch:
        """Return the role of a title; one that fits no role counts as another job."""
        if len(title) > MAX_LENGTH:
            return self._no_match(title, "it's too long for a job title")
        plain = _plain(title)
        if plain in self._own:
            return TitleMatch(self._own[plain], How.EXACT, 100)
        if plain in self._others:
            return self._matched(title, self._others[plain], How.NAME, 100)
        match = self._match_words(title, title)
        if match is None:
            corrected, similarity = self._vocabulary.correct(title)
            if similarity < 100:
                match = self._match_words(title, corrected, similarity)
        return match or self._no_match(title)

    def _match_words(self, title: str, corrected: str, similarity: int = 100) -> TitleMatch | None:
        all_segments = list(self._vocabulary.segments(corrected))
        segments = self._without_repeats(all_segments)
        name = self._find_name(segments) or self._find_alone(segments)
        if name is None:
            return None
        text = f" {' '.join(word for segment in all_segments for word in segment.words)} "
        for meaning, roles, phrases in self._rules_out:
            if name.role in roles and any(phrase in text for phrase in phrases):
                return self._no_match(title, f"it's about {meaning}")
        words = {word for segment in segments for word in segment.words}
        says_more = not words <= name.words.union(self._titles.turning)
        if similarity < 100:
            how, score = How.SPELLING, similarity * (90 if says_more else 100) // 100
        else:
            how, score = (How.WORDING, 90) if says_more else (How.ABBREVIATIONS, 95)
        return self._matched(title, name.role, how, score - (10 if name.loose else 0))

    def _matched(self, title: str, role: str, how: How, score: int) -> TitleMatch:
        detail = "" if how is How.NAME else f" ({how}, {shown(score)})"
        note = f"{quoted(title)} read as {self._titles.roles[role]}{detail}"
        return TitleMatch(role, how, score, note)

    def _no_match(self, title: str, reason: str = "") -> TitleMatch:
        other = self._titles.roles.get(self._titles.otherwise, "unknown")
        reason = reason or "we don't know this job title"
        note = f"{quoted(title)} counts as {other}: {reason}"
        return TitleMatch(self._titles.otherwise, How.NONE, 0, note)

    # ------------------------------------------------------------------ where a name may stand

    def _without_repeats(self, segments: Sequence[Segment]) -> list[Segment]:
        """Return the segments that say something, and in brackets something new."""
        distinct: list[Segment] = []
        for segment in segments:
            if not segment.words:
                continue
            last = distinct[-1] if distinct else None
            if last and segment.bracketed:
                # "Project management office (PMO)"
                abbreviation = segment.written == 1 and segment.words[0] not in self._levels
                repeats = abbreviation and not self._is_bare(last.words)
                if repeats or segment.words == last.words:
                    continue
                # "PM (Product Manager)": not what the abbreviation usually stands for.
                spells_out = segment.written > 1 and segment.words[-1] in self._jobs
                if spells_out and last.written == 1 < len(last.words):
                    distinct.pop()
            distinct.append(replace(segment, words=self._rank_first(segment.words)))
        return distinct

    def _rank_first(self, words: Words) -> Words:
        """Return words with the rank in front: "project senior manager"."""
        for index in range(1, len(words) - 1):
            if words[index] in self._levels - self._posts and words[index + 1] in self._posts:
                return (words[index], *words[:index], *words[index + 1 :])
        return words

    def _phrases(self, segments: Sequence[Segment]) -> Iterator[_Phrase]:
        """Yield the phrases in which a name may stand, the likeliest first."""
        for index, segment in enumerate(segments):
            words = _before(segment.words, self._titles.links)
            following = segments[index + 1] if index + 1 < len(segments) else None
            if not words:
                continue
            adjacent = following if words == segment.words else None
            if adjacent and self._is_bare(words):
                # "Director, Project Management"
                field = _before(adjacent.words, self._titles.links)
                if field and field[-1] not in self._jobs:
                    yield _Phrase(index, self._post_last(words, field), strict=True)
            yield from self._with_joined(_Phrase(index, *self._job_last(words)))
            if self._is_bare(words):
                continue
            if adjacent and self._is_bare(adjacent.words):
                # "Project Management, Director"
                yield from self._with_joined(_Phrase(index, words + adjacent.words))
            if words[-1] in self._jobs and not (following and following.after_slash):
                return

    def _with_joined(self, phrase: _Phrase) -> Iterator[_Phrase]:
        """Yield a phrase, then the jobs that "and" joins in it."""
        yield phrase
        if not phrase.strict:
            for field in self._split_joined(phrase.words)[:-1]:
                # "PMO and strategy manager" manages the PMO.
                if field and field[-1] in self._titles.units:
                    yield replace(phrase, words=(*field, phrase.words[-1]))
                yield replace(phrase, words=field)

    def _job_last(self, words: Words) -> tuple[Words, bool]:
        """Return words with the job last, and whether it was first: "head of projects"."""
        turning = self._titles.turning
        post = _before(words, turning)
        if len(post) < len(words):
            field = _before(words[len(post) + 1 :], turning)
            if not field or not self._is_bare(post):
                return post, False
        else:
            post = tuple(takewhile((self._posts | self._levels).__contains__, words))
            field = words[len(post) :]
            if not field or field[-1] in self._jobs or not self._is_bare(post):
                return words, False
            # "Lead project manager infrastructure": lead is a rank there, not the job.
            starts = (field[:end] for end in range(2, len(field) + 1))
            ranked = not self._levels.isdisjoint(post)
            if ranked and any(s[-1] in self._posts and s in self._names for s in starts):
                return words, False
        return self._post_last(post, field), True

    def _post_last(self, post: Words, field: Words) -> Words:
        """Return a field with its post behind it and the rank in front: "senior pmo manager"."""
        head = max(index for index, word in enumerate(post) if word in self._posts)
        rank = [word for word in (*post[:head], *post[head + 1 :]) if word in self._levels_after]
        units = (
            words
            for words in self._split_joined(field)
            if words[-1:] and words[-1] in self._titles.units
        )
        return (*rank, *next(units, field), post[head])

    def _split_joined(self, words: Words) -> list[Words]:
        fields: list[Words] = [()]
        for word in words:
            if word in self._titles.joining:
                fields.append(())
            else:
                fields[-1] += (word,)
        return fields

    def _is_bare(self, words: Words) -> bool:
        """Return whether words are a post, perhaps with its level, and nothing else."""
        return not self._posts.isdisjoint(words) and self._bare_words.issuperset(words)

    # ----------------------------------------------------------------------- names in phrases

    def _find_name(self, segments: Sequence[Segment]) -> _Name | None:
        """Return the last and longest name of a role in the likeliest phrase that has one."""
        for phrase in self._phrases(segments):
            words = phrase.words
            for end in (len(words),) if phrase.strict else range(len(words), 0, -1):
                # "Project lead engineer" is an engineer.
                if end < len(words) and not self._jobs.isdisjoint((words[end], words[-1])):
                    continue
                start = next((n for n in range(end) if words[n:end] in self._names), None)
                if start is None:
                    continue
                before, name, after = words[:start], words[start:end], words[end:]
                # "Director, strategy and programs" doesn't direct a program.
                if phrase.strict and not set(before).isdisjoint(self._titles.joining):
                    break
                levels = self._levels.intersection(before)
                levels |= self._levels_after.intersection(after[:1])
                for segment in segments[phrase.segment + 1 : phrase.segment + 2]:
                    if self._levels_after.issuperset(segment.words):
                        levels = levels.union(segment.words)
                loose = phrase.segment > 0 or not levels.issuperset(after)
                return self._with_level(self._names[name], name, levels, loose)
        return None

    def _find_alone(self, segments: Sequence[Segment]) -> _Name | None:
        """Return a name that counts only if the first segment says no more."""
        words = _before(segments[0].words, self._titles.links) if segments else ()
        for name in (words, tuple(word for word in words if word not in self._levels_after)):
            if name in self._alone:
                levels = frozenset(words).difference(name)
                return self._with_level(self._alone[name], name, levels, len(segments) > 1)
        return None

    def _with_level(self, role: str, name: Words, levels: frozenset[str], loose: bool) -> _Name:
        """Return a name with its role, or the one that seniority makes of it."""
        for level in self._titles.levels:
            if role in level.moves and not levels.isdisjoint(level.words + level.numerals):
                role = level.moves[role]
                break
        return _Name(role, levels.union(name), loose)


@lru_cache(maxsize=16)
def matcher_of(titles: Titles) -> TitleMatcher:
    """Return the matcher for a knowledge base's titles, built once."""
    return TitleMatcher(titles)


def _plain(text: str) -> str:
    return " ".join(split_words(text.replace("_", " ")))


def _before(words: Words, stops: Container[str]) -> Words:
    return tuple(takewhile(lambda word: word not in stops, words))
