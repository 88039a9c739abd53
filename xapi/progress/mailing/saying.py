"""A progress report in words, for the manager of a learner.

It says figures and nothing that anybody typed: not what mentorships, goals or quizzes are called. It names no mentor,
and says nothing of reviews.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.arrivals.sessions import hashed
from lti_tool.manager_mail.making import ToManager
from lti_tool.models import Enrolment
from lti_tool.names import in_sentence
from lti_tool.pages import local_time
from xapi.progress import wording
from xapi.progress.folding import Mentorship
from xapi.progress.report import Learner


def to_manager(learner: Enrolment, found: Learner, at: datetime) -> ToManager:
    """In the language and by the clocks of whoever it is written for."""
    name = in_sentence(learner.name)
    return ToManager(
        subject=_("Progress report: %(name)s", name=name),
        paragraphs=(
            _(
                "How far %(name)s has come in the course %(course)s, on %(when)s.",
                name=name,
                course=in_sentence(learner.course.title),
                when=local_time(at),
            ),
            *_mentorships(found),
            _quizzes(found),
            *([_("Last activity in the course: %(when)s.", when=local_time(found.last))] if found.last else []),
            _(
                "This is the whole report. There is nothing to open and nothing to sign in to; what people wrote, and"
                " what was said in reviews, is not passed on. Ask %(name)s, or whoever teaches the course, about"
                " anything else.",
                name=name,
            ),
        ),
        why=_("You get this because you are recorded as the manager of %(name)s, who agreed to it.", name=name),
        stop=_("No more of these progress reports, about anybody:"),
    )


def _mentorships(found: Learner) -> Iterator[str]:
    if not found.mentorships:
        yield str(_("There is no mentorship yet."))
    for number, each in enumerate(found.mentorships, 1):
        title = (
            _("Mentorship")
            if len(found.mentorships) == 1
            else _("Mentorship %(number)d of %(all)d", number=number, all=len(found.mentorships))
        )
        yield f"{title}: " + " ".join(_mentorship(each))


def _mentorship(each: Mentorship) -> Iterator[str]:
    yield str(_("%(state)s.", state=wording.in_words(each.state)[0]))
    yield str(ngettext("%(num)d meeting held.", "%(num)d meetings held.", len(each.held)))
    if waited := wording.days(each.days_to_first_meeting):
        yield str(_("First meeting after %(days)s.", days=waited))
    yield (
        str(_("Goals reached: %(reached)d of %(goals)d.", reached=each.goals_reached, goals=len(each.goals)))
        if each.goals
        else str(_("No goal is set yet."))
    )


def _quizzes(found: Learner) -> str:
    if not found.quizzes:
        return str(_("No quiz has a result yet."))
    return str(
        ngettext(
            "%(num)d quiz taken, %(passed)d passed.",
            "%(num)d quizzes taken, %(passed)d passed.",
            len(found.quizzes),
            passed=found.passed,
        )
    )


def digest_of(found: Learner) -> str:
    """The same as long as a report of it would say the same; that somebody looked in again is no news."""
    mentorships = [
        (each.state.value, len(each.held), each.days_to_first_meeting, each.goals_reached, len(each.goals))
        for each in found.mentorships
    ]
    return hashed(repr((mentorships, len(found.quizzes), found.passed)))
