"""Who reads a note, in words for whoever looks."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from mentoring.mentorships.naming import names_of
from mentoring.mentorships.sections import Look
from mentoring.together.notes.models import Visibility

FEW = 4
"""So many names stand in a sentence; more are *everybody of this circle*."""


def may_choose(look: Look) -> Sequence[Visibility]:
    """What this visitor can write, the fewest readers first. Instructors write to one another, not to the pair."""
    if look.mine is not None:
        return (Visibility.PRIVATE, Visibility.PAIR, Visibility.PROGRAM)
    return (Visibility.PRIVATE, Visibility.STAFF)


def readers(visibility: Visibility, look: Look) -> str:
    """*Only you*, *You and Maya Okafor*."""
    if visibility is Visibility.PRIVATE:
        return str(_("Only you"))
    if visibility is Visibility.STAFF:
        return str(_("The instructors of this course, and nobody of this mentorship"))
    people = _people(look)
    if visibility is Visibility.PAIR:
        return people
    return str(_("%(people)s; the instructors of this course as well", people=people))


def _people(look: Look) -> str:
    others = [each for each in look.mentorship.people if look.mine is None or each.id != look.mine.id]
    if len(others) > FEW:
        return str(_("Everybody of this circle"))
    if look.mine is None:
        return names_of(others)
    return str(_("You and %(names)s", names=names_of(others))) if others else str(_("You who belong to it"))


def who_sees(look: Look) -> str:
    """The one line of the page."""
    if look.mine is not None:
        return str(
            _(
                "each note says it. A private one nobody but you, not even your instructors. Somebody who joins later "
                "reads what is shared from then on, and nothing from before."
            )
        )
    return str(
        _(
            "you read what the people of this mentorship share with instructors, and what instructors write, which "
            "those people do not read. What you keep private, other instructors do not read either."
        )
    )
