"""Thanks on other pages."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from lti_tool.panels import Card
from mentoring.mentorships.days import in_words
from mentoring.mentorships.naming import names_of
from mentoring.mentorships.sections import Look, Section
from mentoring.together.summing_up import Said, SummaryPart, Summed
from mentoring.together.thanks import queries
from mentoring.together.thanks.models import Thanks
from mentoring.together.thanks.thanking import whom


def section(look: Look) -> Card | None:
    """Where to write one, at any time; nothing is read for it."""
    people = whom(look.mentorship, look.mine) if look.mine is not None and look.can_write else ()
    if not people:
        return None
    url = url_for("thanks.new", course=look.me.course.public_id, mentorship_id=look.mentorship.public_id)
    context = {"names": names_of(people), "number": len(people), "url": url}
    return Card(title=_("Thanks"), template="thanks/_section.html", context=context)


def summed(look: Look) -> Summed | None:
    """What I was thanked for in it; nobody else finds that in theirs."""
    thanks = queries.between(look)
    if not thanks:
        return None
    return Summed(
        title=_("Thanks you received"), said=[Said(heading=from_whom(each), words=each.words) for each in thanks]
    )


def from_whom(thanks: Thanks) -> str:
    """*Leo Baum, Nov 23, 2026*."""
    name = thanks.author or _("Somebody who is not here any more")
    return f"{name}, {in_words(thanks.at)}"


SECTION = Section(key="thanks", order=60, fill=section)
SUMMARY = SummaryPart(key="thanks", order=60, fill=summed)
