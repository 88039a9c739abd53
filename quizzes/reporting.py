"""What an attempt shows about its learner: plain values for pages to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from quizzes import showing
from quizzes.designing.reviewing import Shown
from quizzes.headings import Heading, headings
from quizzes.models import Answer, Attempt

NOTHING = Markup()


class Understanding(StrEnum):
    """How well a topic was understood."""

    FULL = "full"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class TopicResult:
    """How the questions on one topic went."""

    title: str
    asked: int
    right: int
    """Questions answered wholly right."""
    earned: float
    maximum: float
    """What could be earned."""

    @property
    def share(self) -> float:
        """Of what could be earned, from 0 to 1."""
        return round(self.earned / self.maximum, 9) if self.maximum else 1.0

    @property
    def understanding(self) -> Understanding:
        if self.right == self.asked:
            return Understanding.FULL
        return Understanding.PARTIAL if self.earned else Understanding.NONE


@dataclass(frozen=True, kw_only=True)
class AskedQuestion:
    """A question of an attempt: what was asked and answered; whether it was right and the key, as far as told."""

    place: int
    topic: str
    text: Markup
    earned: float | None
    """None where it is not told."""
    maximum: float | None
    is_marked: bool
    """Whether it has its mark; otherwise people have yet to read it."""
    is_right: bool | None
    """Wholly; None where it is not told."""
    chosen: Sequence[Markup]
    right: Sequence[Markup] = ()
    why: Markup = NOTHING
    section: int | None = None


@dataclass(frozen=True, kw_only=True)
class AttemptReport:
    """A marked attempt, explained, as far as it is shown."""

    attempt: Attempt
    shows: frozenset[Shown]
    topics: Sequence[TopicResult]
    asked: Sequence[AskedQuestion]

    @property
    def missed(self) -> list[AskedQuestion]:
        """Those not answered wholly right, where that is told."""
        return [each for each in self.asked if each.is_right is False and each.is_marked]

    @property
    def waiting(self) -> list[AskedQuestion]:
        """Those whose answers people have yet to mark, where it is told how the others went."""
        return [each for each in self.asked if each.is_right is False and not each.is_marked]

    @property
    def others(self) -> list[AskedQuestion]:
        """Those answered rightly; all, where it is not told which are."""
        return [each for each in self.asked if each.is_right is not False]

    def headed(self, asked: Sequence[AskedQuestion]) -> list[tuple[AskedQuestion, Heading | None]]:
        """Each with what stands above it where another section begins."""
        above = headings(self.attempt.revision.outlined, [each.section for each in asked])
        return list(zip(asked, above, strict=True))


def report(attempt: Attempt, *, shows: frozenset[Shown]) -> AttemptReport:
    """What was understood and missed; nothing is in it that may not be shown."""
    titles = _titles(attempt)
    return AttemptReport(
        attempt=attempt,
        shows=shows,
        topics=[_topic(title, answers) for title, answers in _by_topic(_marked(attempt), titles)]
        if Shown.OVERALL in shows
        else [],
        asked=[
            _asked(answer, titles.get(_topic_of(answer), ""), shows)
            for answer in attempt.answers
            if answer.version.behavior.takes_answers
        ]
        if Shown.ATTEMPT in shows
        else [],
    )


def _marked(attempt: Attempt) -> list[Answer]:
    """What waits for people's marks says nothing of how a topic went yet."""
    return [answer for answer in attempt.answers if answer.fraction is not None]


def _titles(attempt: Attempt) -> dict[str, str]:
    """The topics of the quiz's bank in their order, then those of other banks that it asks from."""
    titles = {category.name: category.title for category in attempt.revision.bank.categories}
    for answer in attempt.answers:
        category = answer.version.question.category
        titles.setdefault(category.name, category.title)
    return titles


def _by_topic(answers: Iterable[Answer], titles: dict[str, str]) -> list[tuple[str, list[Answer]]]:
    """What counts, by topic; what is only read is left out."""
    grouped: dict[str, list[Answer]] = {topic: [] for topic in titles}
    for answer in answers:
        if not answer.version.behavior.takes_answers:
            continue
        grouped.setdefault(_topic_of(answer), []).append(answer)
    return [(titles.get(topic, topic), asked) for topic, asked in grouped.items() if asked]


def _topic_of(answer: Answer) -> str:
    return answer.version.question.category.name


def _topic(title: str, answers: Sequence[Answer]) -> TopicResult:
    return TopicResult(
        title=title,
        asked=len(answers),
        right=sum(answer.fraction == 1 for answer in answers),
        earned=sum(answer.mark or 0.0 for answer in answers),
        maximum=sum(answer.maximum for answer in answers),
    )


def checked(answers: Iterable[Answer], *, shows: frozenset[Shown]) -> dict[int, AskedQuestion]:
    """Of a running attempt's questions those that were checked, by place, with what is shown of them then."""
    return {answer.place: _asked(answer, "", shows) for answer in answers if answer.is_checked}


def _asked(answer: Answer, topic: str, shows: frozenset[Shown]) -> AskedQuestion:
    """What a question earned tells whether it was right, so the one is told only with the other."""
    version, tells = answer.version, Shown.CORRECTNESS in shows
    return AskedQuestion(
        place=answer.place,
        topic=topic,
        text=showing.html_of(version, version.text),
        earned=(answer.mark or 0.0) if tells and Shown.MARK in shows else None,
        maximum=answer.maximum if Shown.MAXIMUM in shows else None,
        is_marked=answer.fraction is not None,
        is_right=answer.fraction == 1 if tells else None,
        chosen=showing.said(version, answer.response),
        right=showing.said(version, version.right_answer) if Shown.RIGHT_ANSWER in shows else (),
        why=showing.html_of(version, version.why) if Shown.GENERAL in shows else Markup(),
        section=answer.section,
    )
