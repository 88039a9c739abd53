"""What a mentorship is called where no title was given: by the people in it."""

from __future__ import annotations

from collections.abc import Iterable

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from mentoring.mentorships.models import Mentorship
from mentoring.names import alphabetically, in_sentence
from mentoring.participants.models import Participant


def names_of(people: Iterable[Participant]) -> str:
    """*Leo, Maya and Zoe*."""
    return str(format_list([in_sentence(person.name) for person in by_name(people)], locale=get_locale()))


def with_you(others: Iterable[Participant]) -> str:
    """*You, Leo and Maya*."""
    names = [_("You"), *(in_sentence(person.name) for person in by_name(others))]
    return str(format_list(names, locale=get_locale()))


def by_name(people: Iterable[Participant]) -> list[Participant]:
    return sorted(people, key=lambda person: alphabetically(person.enrolment))


def title_of(mentorship: Mentorship) -> str:
    """Mentor and mentee, or everybody of a circle."""
    if mentorship.is_circle:
        return names_of(mentorship.people)
    names = {"mentor": in_sentence(mentorship.mentor.name), "mentee": in_sentence(mentorship.mentee.name)}
    return str(_("%(mentor)s and %(mentee)s", **names))
