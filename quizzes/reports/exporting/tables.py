"""The four tables, each a header and rows that come one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import get_timezone
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import let_go
from lti_tool.models import Enrolment
from lti_tool.tables.writing import Cell
from quizzes import queries, wording
from quizzes.accommodations import standing
from quizzes.class_results import class_results
from quizzes.models import Answer, Attempt, Quiz
from quizzes.questions import QuestionVersion
from quizzes.reporting import TopicResult
from quizzes.reports import explaining, reading
from quizzes.reports.asking import asked_of, in_short, versions_of
from quizzes.reports.columns import Which
from quizzes.reports.figures import figures_of
from quizzes.reports.meanings import OF_ITEM
from quizzes.reports.models import AttemptFacts
from quizzes.reports.packing import unpack
from quizzes.reports.people import Line, Show, topics_by_learner
from quizzes.reports.topics import asked_in, results_of, standing_in, topics_of

AT_ONCE = 500
Row = Sequence[Cell]


class What(StrEnum):
    CLASS = "class"
    """Everybody of the class, and what counts."""
    ATTEMPTS = "attempts"
    """Each attempt of each person."""
    QUESTIONS = "questions"
    ANSWERS = "answers"
    RESULTS = "results"
    """Not a table: a file for each attempt, as `results` writes them."""


@dataclass(frozen=True)
class Export:
    name: str
    """Of the sheet."""
    header: Sequence[str]
    rows: Iterator[Row]


def export(session: Session, quiz: Quiz, what: What) -> Export:
    """In the language and time zone of whoever reads it. Between portions of rows no transaction is held."""
    return _EXPORTS[what](session, quiz)


def size(session: Session, quiz: Quiz) -> int:
    """About how many attempts there are, which is what tables grow with."""
    return session.scalar(select(func.count()).select_from(AttemptFacts).where(AttemptFacts.quiz_id == quiz.id)) or 0


def _class(session: Session, quiz: Quiz) -> Export:
    learners = queries.learners_of(session, quiz.course)
    attempts = session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id))
    granted = standing.of_all(session, quiz, at=clock.now())
    lines = [Line(row) for row in class_results(quiz, learners, attempts, granted).rows]
    topics = topics_by_learner(session, lines)
    titles = _titles(topics.values())
    header = [
        *(_("Name"), _("State"), _("Attempts"), _("Earned"), _("Of"), _("Percent"), _("Minutes")),
        *(_("Last activity"), _("Ready")),
        *(_("%(topic)s, percent", topic=title) for title in titles),
    ]
    return Export(_("Class"), header, (_of_class(line, topics.get(line.learner.id, []), titles) for line in lines))


def _of_class(line: Line, topics: Sequence[TopicResult], titles: Sequence[str]) -> Row:
    best = line.progress.best
    standing = standing_in(line.progress, topics)
    return [
        line.learner.name,
        {Show.PASSED: _("passed"), Show.NOT_PASSED: _("not passed")}.get(line.state, _("nothing handed in")),
        len(line.progress.finished),
        best.raw if best else None,
        best.maximum if best else None,
        _percent(line.share),
        round(line.taken.total_seconds() / 60, 1) if line.taken is not None else None,
        _moment(line.last),
        (_("ready") if standing.is_ready else _("not yet")) if standing else None,
        *_shares(topics, titles),
    ]


def _attempts(session: Session, quiz: Quiz) -> Export:
    packed = {attempt: unpack(each) for attempt, each in _facts(session, quiz).items()}
    topics = topics_of(session, asked_in(packed.values()))
    results = {attempt: results_of(each, topics) for attempt, each in packed.items()}
    titles = _titles(results.values())
    header = [
        *(_("Name"), _("Attempt"), _("Started"), _("Handed in"), _("Minutes"), _("Earned"), _("Of"), _("Percent")),
        *(_("%(topic)s, percent", topic=title) for title in titles),
    ]
    return Export(_("Attempts"), header, _of_attempts(session, quiz, results, titles))


def _of_attempts(
    session: Session, quiz: Quiz, results: dict[int, list[TopicResult]], titles: Sequence[str]
) -> Iterator[Row]:
    names = _names(session, quiz)
    wanted = select(
        *(Attempt.id, Attempt.enrolment_id, Attempt.n, Attempt.started, Attempt.submitted),
        *(Attempt.raw, Attempt.maximum),
    )
    for some in portions(session, quiz):
        rows: Sequence[Any] = session.execute(wanted.where(Attempt.id.in_(some)).order_by(Attempt.id)).all()
        let_go()
        for attempt, who, n, started, submitted, raw, maximum in rows:
            minutes = round((submitted - started).total_seconds() / 60, 1)
            share = raw / maximum if maximum else None
            told = [names[who], n, _moment(started), _moment(submitted), minutes, raw, maximum, _percent(share)]
            yield [*told, *_shares(results.get(attempt, []), titles)]


def _questions(session: Session, quiz: Quiz) -> Export:
    columns = reading.columns_of(session, quiz)
    figures = figures_of(columns, Which.FIRST, asked_of(session, columns.versions))
    versions = versions_of(session, [each.version for each in figures.items])
    header = [
        *(_("Question"), _("Topic"), _("Name"), _("Version"), _("Kind"), _("Answers"), _("Met by")),
        *(_("%(figure)s, percent", figure=label) for label, _sentence in OF_ITEM.values()),
        _("To be looked at"),
    ]
    return Export(_("Questions"), header, (_of_question(each, versions[each.version]) for each in figures.items))


def _of_question(figures: Any, version: QuestionVersion) -> Row:
    values = explaining.values_of_item(figures)
    return [
        in_short(version),
        version.question.category.title,
        version.question.name,
        version.n,
        version.kind.value,
        figures.n,
        figures.met,
        *(None if values[key] is None else round(values[key] or 0.0, 2) for key in OF_ITEM),
        ", ".join(word for word, _sentence in explaining.flags(figures)),
    ]


def _answers(session: Session, quiz: Quiz) -> Export:
    header = [
        *(_("Name"), _("Attempt"), _("Place"), _("Topic"), _("Question"), _("Answer")),
        *(_("Percent"), _("Earned"), _("Of")),
    ]
    return Export(_("Answers"), header, _of_answers(session, quiz))


def _of_answers(session: Session, quiz: Quiz) -> Iterator[Row]:
    names, asked, said = _names(session, quiz), _Questions(session), _Said()
    wanted = select(
        *(Attempt.enrolment_id, Attempt.n, Answer.place, Answer.version_id, Answer.response),
        *(Answer.fraction, Answer.mark, Answer.maximum),
    ).join(Attempt.answers)
    for some in portions(session, quiz):
        rows = session.execute(wanted.where(Attempt.id.in_(some)).order_by(Attempt.id, Answer.place)).all()
        asked.know(row[3] for row in rows)
        let_go()
        for who, n, place, version, response, fraction, mark, maximum in rows:
            question = asked.found[version]
            answer = said.lines(question.version, response)
            yield [
                *(names[who], n, place, question.topic, question.text, answer),
                *(_percent(fraction), mark, maximum),
            ]


@dataclass(frozen=True)
class _Question:
    version: QuestionVersion
    topic: str
    text: str


class _Questions:
    """The versions met so far, each read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.found: dict[int, _Question] = {}

    def know(self, versions: Iterator[int]) -> None:
        if new := set(versions) - self.found.keys():
            for each, version in versions_of(self._session, new).items():
                self.found[each] = _Question(version, version.question.category.title, in_short(version))


class _Said:
    """Answers in words; most are given more than once."""

    MOST = 20_000

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], str] = {}

    def lines(self, version: QuestionVersion, response: dict[str, list[str]]) -> str:
        key = (version.id, json.dumps(response))
        if key not in self._kept:
            if len(self._kept) > self.MOST:
                self._kept.clear()
            self._kept[key] = "; ".join(wording.said(version, response))
        return self._kept[key]


def portions(session: Session, quiz: Quiz, at_once: int = AT_ONCE) -> Iterator[Sequence[int]]:
    """The attempts that were handed in, in the order of their rows."""
    last = 0
    wanted = select(AttemptFacts.attempt_id).where(AttemptFacts.quiz_id == quiz.id).order_by(AttemptFacts.attempt_id)
    while some := session.scalars(wanted.where(AttemptFacts.attempt_id > last).limit(at_once)).all():
        last = some[-1]
        yield some


def _facts(session: Session, quiz: Quiz) -> dict[int, bytes]:
    wanted = select(AttemptFacts.attempt_id, AttemptFacts.packed).where(AttemptFacts.quiz_id == quiz.id)
    return dict(session.execute(wanted).all())


def _names(session: Session, quiz: Quiz) -> dict[int, str]:
    people = session.scalars(select(Enrolment).where(Enrolment.course_id == quiz.course_id))
    return {person.id: person.name for person in people}


def _titles(results: Any) -> list[str]:
    """Every topic once, in the order in which they are met."""
    return list(dict.fromkeys(topic.title for topics in results for topic in topics))


def _shares(topics: Sequence[TopicResult], titles: Sequence[str]) -> list[Cell]:
    found = {topic.title: _percent(topic.share) for topic in topics}
    return [found.get(title) for title in titles]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _moment(moment: datetime | None) -> str | None:
    """Where the reader is, as spreadsheets sort it."""
    return moment.astimezone(get_timezone()).strftime("%Y-%m-%d %H:%M") if moment else None


_EXPORTS: dict[What, Callable[[Session, Quiz], Export]] = {
    What.CLASS: _class,
    What.ATTEMPTS: _attempts,
    What.QUESTIONS: _questions,
    What.ANSWERS: _answers,
}
