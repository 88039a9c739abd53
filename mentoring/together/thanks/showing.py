"""Thanks on other pages."""

from __future__ import annotations

from flask_babel import gettext as _

from mentoring.mentorships.days import in_words
from mentoring.mentorships.sections import Look
from mentoring.together.summing_up import Said, SummaryPart, Summed
from mentoring.together.thanks import queries
from mentoring.together.thanks.models import Thanks


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


SUMMARY = SummaryPart(key="thanks", order=60, fill=summed)
