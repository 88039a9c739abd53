"""Reports in words: of the class to those who teach it, of one learner to their manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from lti_tool.arrivals.sessions import hashed
from lti_tool.mail import Words, path_to
from lti_tool.manager_mail.making import ToManager
from lti_tool.models import Course
from lti_tool.names import in_sentence
from lti_tool.pages import local_time
from quizzes.models import Quiz
from quizzes.reporting import TopicResult
from quizzes.reports.mailing.standing import Arrangement
from quizzes.reports.mailing.whole_class import ClassReport
from quizzes.reports.people import Line
from quizzes.reports.topics import Standing

MOST_NAMES, MOST_TOPICS = 20, 20


def of_class(quiz: Quiz, report: ClassReport) -> Words:
    """In the language that is spoken just now."""
    return Words(
        _("Quiz report: %(quiz)s", quiz=in_sentence(quiz.title)),
        tuple(each for each in _of_class(quiz, report) if each),
        _("See the results"),
        path_to("quizzes.results", course=quiz.course.public_id, quiz_id=quiz.public_id),
    )


def _of_class(quiz: Quiz, report: ClassReport) -> list[str]:
    results = report.results
    counted = ngettext(
        "%(handed_in)d of %(num)d learner has a result.",
        "%(handed_in)d of %(num)d learners have a result.",
        results.learners,
        handed_in=results.handed_in,
    )
    average = results.average_percent
    reached = _("On average they earned %(percent)s.", percent=_percent(average / 100)) if average is not None else ""
    if quiz.settings.is_practice:
        return [_joined(counted, reached), _topics(report.topics)]
    ready = ngettext(
        "%(passed)d passed, and %(num)d is ready.",
        "%(passed)d passed, and %(num)d are ready.",
        report.ready,
        passed=results.passed,
    )
    return [
        _joined(counted, ready, reached),
        _topics(report.topics),
        _("Not ready yet: %(names)s", names=_names(report.not_yet)) if report.not_yet else "",
        _("Nothing handed in yet: %(names)s", names=_names(report.not_taken)) if report.not_taken else "",
    ]


def _topics(topics: Sequence[TopicResult]) -> str:
    told = [f"{in_sentence(topic.title)} {_percent(topic.share)}" for topic in topics[:MOST_TOPICS]]
    return _("Topics, what went worst first: %(topics)s", topics="; ".join(told)) if told else ""


def _names(lines: Sequence[Line]) -> str:
    names = "; ".join(in_sentence(line.learner.name) for line in lines[:MOST_NAMES])
    if len(lines) <= MOST_NAMES:
        return names
    return str(
        ngettext("%(names)s and %(num)d more", "%(names)s and %(num)d more", len(lines) - MOST_NAMES, names=names)
    )


def to_manager(arrangement: Arrangement, standing: Standing) -> ToManager:
    """Topics, and whether they are ready; never a question or an answer.

    In the language and by the clocks of whoever it is written for.
    """
    learner, quiz, best = arrangement.learner, arrangement.progress.quiz, arrangement.progress.best
    assert best is not None, "only what counts is reported"
    name = in_sentence(learner.name)
    return ToManager(
        subject=_("Quiz report: %(name)s", name=name),
        paragraphs=(
            _taken(name, quiz, learner.course, best.submitted or best.started),
            _verdict(standing),
            *(_topic(topic) for topic in standing.topics),
            _(
                "This is the whole report. There is nothing to open and nothing to sign in to; single questions and"
                " answers are not passed on. Ask %(name)s, or whoever teaches the course, about anything else.",
                name=name,
            ),
        ),
        why=_("You get this because you are recorded as the manager of %(name)s, who agreed to it.", name=name),
        stop=_("No more of these reports, about anybody:"),
    )


def _taken(name: str, quiz: Quiz, course: Course, submitted: datetime) -> str:
    return str(
        _(
            "%(name)s took the quiz %(quiz)s in the course %(course)s. The attempt that counts was handed in on"
            " %(when)s.",
            name=name,
            quiz=in_sentence(quiz.title),
            course=in_sentence(course.title),
            when=local_time(submitted),
        )
    )


def _verdict(standing: Standing) -> str:
    if standing.is_ready:
        return str(_("Ready: the quiz is passed, and enough is understood."))
    if not standing.has_passed:
        return str(_("Not yet ready: the quiz is not passed."))
    return str(_("Not yet ready: the quiz is passed, but too little was earned in some of the topics."))


def _topic(topic: TopicResult) -> str:
    return str(
        ngettext(
            "%(topic)s: %(right)d of %(num)d question fully right, %(percent)s earned.",
            "%(topic)s: %(right)d of %(num)d questions fully right, %(percent)s earned.",
            topic.asked,
            topic=in_sentence(topic.title),
            right=topic.right,
            percent=_percent(topic.share),
        )
    )


def digest_of(standing: Standing) -> str:
    """The same as long as a report of it would say the same."""
    return hashed(repr((standing.is_ready, standing.has_passed, list(standing.topics))))


def _percent(share: float) -> str:
    return str(format_percent(share, "#,##0%"))


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)
