"""Plain text with many questions, read line by line; no database, no web.

A question is a line of text, and its answers stand beneath it: options that begin with `-` or a letter, those that are
right with `*`; or `= true`, `= 4 ± 0.1`, `= fire alarm`; or, as in Moodle's Aiken format, `ANSWER: B`. What begins
with spaces goes on with the line above. `Why:` explains. `Topic:`, `Tags:`, `Difficulty:` and `Points:` between
questions are for all that follow, beneath a question for that one. A backslash before a line keeps it from meaning any
of this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from quizzes.kinds.numbers import read_number

MOST_POINTS = 1_000
LONGEST_TOPIC = 120
DIFFICULTIES = {"easy": 1, "1": 1, "medium": 2, "2": 2, "hard": 3, "3": 3}
_NUMBERED = re.compile(r"(?:(?:Q|Question)\s*)?\d{1,4}[.):]\s+(?=\S)", re.IGNORECASE)
_NAMED = re.compile(
    r"(topic|tags?|difficulty|points|why|explanation|feedback|answers?)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL
)
_DASHED = re.compile(r"(?:[-\u2022\u2013]\s+|(?P<star>\*)\s+|(?P<close>\*)(?=[^\s*][^*]*$))(?P<text>\S.*)")
_LETTERED = re.compile(r"(?P<star>\*)?(?P<letter>[A-Za-z])[.)]\s+(?P<text>\S.*)")
_LETTERED_APART = re.compile(r"(?P<star>\*)\s+(?P<letter>[A-Za-z])\)\s+(?P<text>\S.*)")


class Odd(StrEnum):
    """What can be wrong with how it is written."""

    NO_QUESTION = "no_question"
    NO_ANSWER = "no_answer_line"
    TWO_WAYS = "two_ways"
    NO_SUCH_OPTION = "no_such_option"
    DIFFICULTY = "difficulty"
    POINTS = "points_line"
    LONG_TOPIC = "long_topic"


@dataclass(frozen=True)
class Trouble:
    line: int
    odd: Odd
    about: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_of_drafts_too(self) -> bool:
        return self.odd is not Odd.NO_ANSWER


@dataclass
class Words:
    """Some lines of text, and where they begin."""

    line: int
    text: str

    def go_on(self, text: str, *, is_paragraph: bool) -> None:
        self.text += ("\n\n" if is_paragraph else "\n") + text


@dataclass
class OptionWords(Words):
    is_right: bool = False
    letter: str = ""


@dataclass(frozen=True)
class About:
    """What is said of a question besides."""

    topic: str = ""
    tags: str = ""
    difficulty: int = 0
    """From 1; 0 where nothing is said."""
    points: Fraction | None = None


@dataclass
class Entry:
    """A question as it was typed."""

    words: Words
    about: About
    options: list[OptionWords] = field(default_factory=list)
    answers: list[Words] = field(default_factory=list)
    why: Words | None = None

    @property
    def line(self) -> int:
        return self.words.line

    @property
    def has_answers(self) -> bool:
        return bool(self.options or self.answers or self.why)

    @property
    def right(self) -> list[OptionWords]:
        return [option for option in self.options if option.is_right]


@dataclass
class Read:
    entries: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


def read(typed: str) -> Read:
    """The questions in this text, and what is wrong with how they are written."""
    reader = _Reader()
    for number, line in enumerate(typed.splitlines(), start=1):
        reader.take(number, line.rstrip())
    return reader.done()


class _Reader:
    def __init__(self) -> None:
        self.read = Read()
        self.about = About()
        self.entry: Entry | None = None
        """The one that lines belong to; none before the first, and beneath what is said of all that follow."""
        self.last: Words | None = None
        """What an indented line goes on with."""
        self.is_apart = True
        """Whether nothing stands directly above."""

    def take(self, number: int, line: str) -> None:
        if not line:
            self.is_apart = True
            return
        said = line.strip()
        if said.startswith("\\"):
            self._plain(number, said[1:], is_indented=line[0].isspace())
        elif named := _NAMED.fullmatch(said):
            self._named(number, named[1].lower().removesuffix("s"), named[2].strip())
        elif said.startswith("="):
            self._answer(number, said[1:].strip())
        elif option := self._option(number, said):
            self._add_option(option)
        else:
            self._plain(number, said, is_indented=line[0].isspace())
        self.is_apart = False

    def done(self) -> Read:
        for entry in self.read.entries:
            if not entry.options and not entry.answers:
                self._odd(entry.line, Odd.NO_ANSWER)
            elif entry.options and entry.answers:
                self._odd(entry.answers[0].line, Odd.TWO_WAYS)
        self.read.troubles.sort(key=lambda trouble: trouble.line)
        return self.read

    def _odd(self, line: int, odd: Odd, **about: object) -> None:
        self.read.troubles.append(Trouble(line, odd, about))

    def _plain(self, number: int, said: str, *, is_indented: bool) -> None:
        goes_on = is_indented or not (self.is_apart or _NUMBERED.match(said) or (self.entry and self.entry.has_answers))
        if self.last is not None and self.entry is not None and goes_on:
            self.last.go_on(said, is_paragraph=self.is_apart)
            return
        self.last = Words(number, _NUMBERED.sub("", said, count=1))
        self.entry = Entry(self.last, self.about)
        self.read.entries.append(self.entry)

    def _option(self, number: int, said: str) -> OptionWords | None:
        lettered = _LETTERED.fullmatch(said) or _LETTERED_APART.fullmatch(said)
        if lettered and self._may_have_letter(lettered["letter"]):
            return _option_of(number, lettered["text"], bool(lettered["star"]), lettered["letter"].lower())
        if dashed := _DASHED.fullmatch(said):
            return _option_of(number, dashed["text"], bool(dashed["star"] or dashed["close"]))
        return None

    def _may_have_letter(self, letter: str) -> bool:
        """Whether it counts options, and is not the beginning of a name."""
        if self.entry is None:
            return False
        options = self.entry.options
        return bool(options[-1].letter) if options else letter in "aA"

    def _add_option(self, option: OptionWords) -> None:
        if self.entry is None:
            self._odd(option.line, Odd.NO_QUESTION)
            return
        self.entry.options.append(option)
        self.last = option

    def _answer(self, number: int, said: str) -> None:
        if self.entry is None:
            self._odd(number, Odd.NO_QUESTION)
        elif said:
            self.last = Words(number, said)
            self.entry.answers.append(self.last)

    def _named(self, number: int, name: str, said: str) -> None:
        if name in _ABOUT:
            self._say_about(number, name, said)
        elif self.entry is None:
            self._odd(number, Odd.NO_QUESTION)
        elif name == "answer" and self.entry.options:
            self._tick(number, said)
        elif name == "answer":
            self._answer(number, said)
        else:
            self.last = self.entry.why = Words(number, said)

    def _tick(self, number: int, said: str) -> None:
        """The options with these letters are right, counted on where they have none of their own."""
        assert self.entry is not None
        found = {each.letter or chr(ord("a") + place): each for place, each in enumerate(self.entry.options)}
        for letter in re.split(r"[\s,;&]+", said.strip(" .")):
            if option := found.get(letter.lower().strip(".)")):
                option.is_right = True
            else:
                self._odd(number, Odd.NO_SUCH_OPTION, letter=letter[:20])

    def _say_about(self, number: int, name: str, said: str) -> None:
        """Beneath a question it is said of that one, elsewhere of all that follow."""
        of_one = self.entry is not None and not self.is_apart
        about = self.entry.about if of_one and self.entry is not None else self.about
        try:
            about = _ABOUT[name](about, said)
        except _NotSaid as refused:
            self._odd(number, refused.odd, said=said[:40])
        if of_one and self.entry is not None:
            self.entry.about = about
        else:
            self.about, self.entry, self.last = about, None, None


def _option_of(number: int, text: str, is_right: bool, letter: str = "") -> OptionWords:
    marked = text.startswith("* ")
    return OptionWords(number, text.removeprefix("* ").strip(), is_right or marked, letter)


class _NotSaid(Exception):
    def __init__(self, odd: Odd) -> None:
        super().__init__(odd)
        self.odd = odd


def _topic(about: About, said: str) -> About:
    title = " ".join(said.split())
    if len(title) > LONGEST_TOPIC:
        raise _NotSaid(Odd.LONG_TOPIC)
    return replace(about, topic=title)


def _tags(about: About, said: str) -> About:
    return replace(about, tags=said)


def _difficulty(about: About, said: str) -> About:
    if said.lower() not in DIFFICULTIES:
        raise _NotSaid(Odd.DIFFICULTY)
    return replace(about, difficulty=DIFFICULTIES[said.lower()])


def _points(about: About, said: str) -> About:
    points = read_number(said)
    if points is None or not 0 <= points <= MOST_POINTS:
        raise _NotSaid(Odd.POINTS)
    return replace(about, points=points)


_ABOUT: Mapping[str, Callable[[About, str], About]] = {
    "topic": _topic,
    "tag": _tags,
    "difficulty": _difficulty,
    "point": _points,
}
