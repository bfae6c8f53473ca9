"""Looks for the names of roles in the standard words of a job title."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fourways.answers.titles.words import Part, StandardWords
from fourways.model.titles import Titles

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A role that was found in a title.

    Attributes:
        role: the role.
        whole: the title says nothing but its name.
        loose: words follow the name, or other parts of the title come first.
        ruled_out: what the title speaks of instead, where a word rules the role out.
    """

    role: str
    whole: bool = False
    loose: bool = False
    ruled_out: str = ""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words in which a name is looked for; `strict` when the job stood before its field."""

    words: Words
    strict: bool = False
    whole: bool = False


class NamesInTitles:
    """Finds the name of a role where the words of a title put it.

    Args:
        titles: what is known about job titles.
        words: puts their names into standard words.
    """

    def __init__(self, titles: Titles, words: StandardWords) -> None:
        self._titles = titles
        self._posts = frozenset(word for post in titles.posts for word in words.of(post))
        jobs = frozenset(word for job in titles.jobs for word in words.of(job))
        self._ends = self._posts | jobs
        self._levels = frozenset(word for level in titles.levels for word in level.words)
        self._numerals = frozenset(word for level in titles.levels for word in level.numerals)
        self._ranks = self._levels - self._posts
        self._units = frozenset(titles.units)
        self._links = frozenset(titles.links)
        self._turning = frozenset(titles.turning)
        self._joining = frozenset(titles.joining)
        self.full: dict[Words, str] = {}
        self._longest = 0
        for name, role in titles.names.items():
            self.full.setdefault(self._turned(words.of(name)).words, role)
        self._alone = {words.of(name): role for name, role in titles.alone.items()}
        self._longest = max(map(len, self.full), default=0)
        self._rules_out = [
            (out.meaning, out.roles, [f" {' '.join(words.of(row))} " for row in out.words])
            for out in titles.rules_out
        ]

    def find(self, parts: Sequence[Part]) -> Found | None:
        """Give the role that the parts of a title name; None where they name none."""
        said = self._said_once(parts)
        found = self._named(said) or self._named_alone(said)
        if found is None:
            return None
        text = f" {' '.join(word for part in parts for word in part.words)} "
        for meaning, roles, rows in self._rules_out:
            if found.role in roles and any(row in text for row in rows):
                return Found(found.role, ruled_out=meaning)
        return found

    def _said_once(self, parts: Sequence[Part]) -> list[Part]:
        """Give the parts that say something, and in brackets something that was not said."""
        said: list[Part] = []
        for part in parts:
            if not part.words:
                continue
            # "Project management office (PMO)": the abbreviation says it again.
            field_before = said and not self._is_bare(said[-1].words)
            again = said and part.words == said[-1].words
            if not (part.aside and (again or (field_before and self._is_abbreviation(part)))):
                if said and self._spells_out(part, said[-1]):
                    said.pop()
                said.append(replace(part, words=self._rank_first(part.words)))
        return said

    def _spells_out(self, part: Part, before: Part) -> bool:
        """Tell whether brackets say what the abbreviation before stands for: PM (Product Manager).

        What it is usually short for is not meant then.
        """
        short = before.written == 1 and len(before.words) > 1
        return part.aside and short and part.written > 1 and part.words[-1] in self._ends

    def _rank_first(self, words: Words) -> Words:
        """Give words with the rank at the front: "project senior manager"."""
        for index in range(1, len(words) - 1):
            if words[index] in self._ranks and words[index + 1] in self._posts:
                return (words[index], *words[:index], *words[index + 1 :])
        return words

    def _is_abbreviation(self, part: Part) -> bool:
        return part.written < 2 and part.words[0] not in self._levels

    def _named(self, parts: Sequence[Part]) -> Found | None:
        for index, phrase in self._phrases(parts):
            following = parts[index + 1 : index + 2]
            found = self._in(phrase, following)
            if found is None and not phrase.strict:
                jobs = (self._in(job, following) for job in self._joined_in(phrase.words))
                found = next((job for job in jobs if job is not None), None)
            if found is not None:
                whole = found.whole and len(parts) == 1
                return Found(found.role, whole, found.loose or index > 0)
        return None

    def _phrases(self, parts: Sequence[Part]) -> Iterator[tuple[int, _Phrase]]:
        """Give the phrases in which a name may stand, each with the index of its part."""
        index = 0
        while index < len(parts):
            part = parts[index]
            words, whole = self._until_link(part.words)
            after = parts[index + 1] if index + 1 < len(parts) else None
            if words:
                if whole and self._is_bare(words) and after and after.words:
                    field, _ = self._until_link(after.words)
                    if field and field[-1] not in self._ends:
                        yield index, self._put_last(words, field)
                yield index, self._turned(words)
                if whole and after and self._is_bare(after.words) and not self._is_bare(words):
                    yield index, _Phrase((*words, *after.words))
                if (
                    words[-1] in self._ends
                    and not self._is_bare(words)
                    and not (after and after.choice)
                ):
                    return
            index += 1

    def _joined_in(self, words: Words) -> Iterator[_Phrase]:
        """Give the jobs that are joined in a phrase, where it names more than one."""
        for field in self._split(words)[:-1]:
            if field and field[-1] in self._units:
                yield _Phrase((*field, words[-1]))
            # "Portfolio director and chief of staff": the first counts.
            yield _Phrase(field)

    def _until_link(self, words: Words) -> tuple[Words, bool]:
        """Give the words up to one that says what the job is for, and whether these are all."""
        for index, word in enumerate(words):
            if word in self._links:
                return words[:index], False
        return words, True

    def _is_bare(self, words: Words) -> bool:
        """Tell whether words say a post and its level, and no field."""
        return not self._posts.isdisjoint(words) and all(
            word in self._posts or word in self._levels or word in self._numerals for word in words
        )

    def _turned(self, words: Words) -> _Phrase:
        """Give words with the post last: "head of projects" and "director projects" alike."""
        for index, word in enumerate(words):
            if word in self._turning:
                post, field = words[:index], words[index + 1 :]
                if self._is_bare(post) and field:
                    return self._put_last(post, self._until_turning(field))
                return _Phrase(post)
        leading = 0
        while leading < len(words) and (
            words[leading] in self._posts or words[leading] in self._levels
        ):
            leading += 1
        post, field = words[:leading], words[leading:]
        # "Lead project manager infrastructure": lead is a rank there, no post.
        ranked = not self._levels.isdisjoint(post) and self._begins_with_name(field)
        if field and self._is_bare(post) and field[-1] not in self._ends and not ranked:
            return self._put_last(post, field)
        return _Phrase(words, whole=True)

    def _begins_with_name(self, field: Words) -> bool:
        """Tell whether words begin with the name of a role that ends with a post."""
        lengths = range(2, min(self._longest, len(field)) + 1)
        return any(field[n - 1] in self._posts and field[:n] in self.full for n in lengths)

    def _until_turning(self, words: Words) -> Words:
        for index, word in enumerate(words):
            if word in self._turning:
                return words[:index]
        return words

    def _put_last(self, post: Words, field: Words) -> _Phrase:
        """Give a field with the post behind it and the level before it."""
        level = tuple(word for word in post if word not in self._posts)
        head = tuple(word for word in post if word in self._posts)
        if len(head) > 1:
            # "Executive director": the last word is the post, those before it are its rank.
            level, head = (*level, *(w for w in head[:-1] if w in self._levels)), head[-1:]
        for part in self._split(field):
            if part and part[-1] in self._units:
                return _Phrase((*level, *part, *head), strict=True, whole=True)
        return _Phrase((*level, *field, *head), strict=True, whole=True)

    def _split(self, words: Words) -> list[Words]:
        """Give the parts of a field that joining words make."""
        parts: list[list[str]] = [[]]
        for word in words:
            if word in self._joining:
                parts.append([])
            else:
                parts[-1].append(word)
        return [tuple(part) for part in parts]

    def _in(self, phrase: _Phrase, following: Sequence[Part]) -> Found | None:
        """Give the role whose name stands last in a phrase, with no other job behind it."""
        words = phrase.words
        for end in range(len(words), 0, -1):
            before_other_job = end < len(words) and not self._ends.isdisjoint(
                (words[end], words[-1])
            )
            for length in range(0 if before_other_job else min(self._longest, end), 0, -1):
                role = self.full.get(words[end - length : end])
                if role is not None:
                    return self._with_level(phrase, role, end - length, end, following)
            if phrase.strict:
                break
        return None

    def _with_level(
        self, phrase: _Phrase, role: str, start: int, end: int, following: Sequence[Part]
    ) -> Found | None:
        """Give the role of a name from `start` to `end`, moved by the seniority beside it."""
        before, tail = phrase.words[:start], phrase.words[end:]
        if phrase.strict and not self._joining.isdisjoint(before):
            return None
        levels, loose = self._levels_around(before, tail, following)
        whole = phrase.whole and all(word in levels for word in (*before, *tail))
        return Found(self._moved(role, levels), whole, loose)

    def _levels_around(
        self, before: Words, tail: Words, following: Sequence[Part]
    ) -> tuple[set[str], bool]:
        """Give the words of seniority beside a name, and whether other words follow it."""
        levels = set()
        for words in (before, before[::-1]):
            for word in words:
                if word not in self._levels:
                    break
                levels.add(word)
        said_after = self._levels | self._numerals
        if tail and tail[0] in said_after:
            levels.add(tail[0])
        for part in following:
            if all(word in said_after for word in part.words):
                levels.update(part.words)
        return levels, any(word not in levels for word in tail)

    def _moved(self, role: str, levels: set[str]) -> str:
        for level in self._titles.levels:
            said = not levels.isdisjoint(level.words) or not levels.isdisjoint(level.numerals)
            if said and role in level.moves:
                return level.moves[role]
        return role

    def _named_alone(self, parts: Sequence[Part]) -> Found | None:
        """Give the role of a name that counts only where the first part says no more."""
        if not parts:
            return None
        words, whole = self._until_link(parts[0].words)
        said = tuple(word for word in words if word not in self._levels)
        for name in (words, said, said[:-1] if said[-1:] and said[-1] in self._numerals else said):
            role = self._alone.get(name)
            if role is not None:
                levels = {word for word in words if word not in name}
                return Found(
                    self._moved(role, levels), whole and len(parts) == 1, loose=len(parts) > 1
                )
        return None
