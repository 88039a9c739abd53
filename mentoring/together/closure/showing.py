"""The end on a mentorship's page: it is near, and what makes it a good one; for instructors, who would go on."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool.panels import Card, NextStep, Urgency
from mentoring.mentorships.days import in_words
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.sections import Look, Section
from mentoring.participants.models import Participant
from mentoring.together.closure import closing, summaries
from mentoring.together.closure.models import Next


def section(look: Look) -> Card | None:
    """Nothing while the end is far off, and no statement is sent for it."""
    if look.mine is None:
        return _for_instructors(look)
    if not closing.is_near(look.mentorship, look.at):
        return None
    return _for_one_of_them(look, look.mine)


def _for_one_of_them(look: Look, me: Participant) -> Card:
    ends, url = look.mentorship.planned_end, page_of(look)
    assert ends is not None
    has_answered = closing.answer_of(look.session, look.mentorship, me) is not None
    sentence = (
        _("The planned end was on %(day)s. Finish it well: it takes a few minutes.", day=in_words(ends))
        if ends <= look.at
        else _("The planned end is near: %(day)s. Think about how you finish it.", day=in_words(ends))
    )
    step = NextStep(sentence=sentence, label=_("Finish well"), url=url)
    return Card(
        title=_("A good end"),
        template="closure/_section.html",
        context={"url": url},
        urgency=Urgency.QUIET if has_answered else Urgency.NEXT,
        next_step=None if has_answered else step,
    )


def _for_instructors(look: Look) -> Card | None:
    """Who would be matched again, or would mentor: what somebody else can do something about."""
    if not (look.mentorship.has_ended or closing.is_near(look.mentorship, look.at)):
        return None
    said = closing.answers(look.session, look.mentorship)
    again = [each.participant for each in said if each.wants(Next.AGAIN)]
    would_mentor = [each.participant for each in said if each.wants(Next.MENTOR)]
    if not again and not would_mentor:
        return None
    return Card(
        title=_("What they would like next"),
        template="closure/_wishes.html",
        context={"again": again, "would_mentor": would_mentor},
    )


def page_of(look: Look, endpoint: str = "closing") -> str:
    return url_for(f"closure.{endpoint}", course=look.me.course.public_id, mentorship_id=look.mentorship.public_id)


SECTION = Section(key="closure", order=12, fill=section)
KIND = EarlierKind(key="summary", order=40, label=_l("The summary of it"), is_in_place=False, show=summaries.passed_on)
