"""Which entries somebody reads: all of their own, and of others what is shared with a mentorship they are in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from lti_tool.models import Person
from lti_tool.names import plainly
from mentoring.mentorships.sections import Look
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.since import reads_from

LONGEST_SEARCH = 100
MOST_WORDS = 8


EARLIER = "notebook"
"""What a new mentor reads of before they came only if their mentee lets them."""


def mine(person: Person, search: str = "") -> Select[NotebookEntry]:
    """Their own entries in which every word of the search stands, whatever its case and accents."""
    found = select(NotebookEntry).where(NotebookEntry.person_id == person.id)
    for word in islice(plainly(search[:LONGEST_SEARCH]).split(), MOST_WORDS):
        found = found.where(NotebookEntry.plain.contains(word, autoescape=True))
    return found


def one_of_mine(session: Session, person: Person, public_id: str, *, is_held: bool = False) -> NotebookEntry | None:
    """Held until the caller commits, if it is to be changed: it may be deleted in another window meanwhile."""
    found = mine(person).where(NotebookEntry.public_id == public_id)
    if is_held:
        found = found.with_for_update().execution_options(populate_existing=True)
    return session.scalar(found)


def shared_in(look: Look) -> Select[NotebookEntry] | None:
    """What the people of this mentorship share with it, for one of them: since they came, and what is their own.

    Nothing where it does not stand, or no longer, and nothing of somebody who has left it.
    """
    since, me = reads_from(look, EARLIER), look.me.person_id
    if since is None or not look.mentorship.is_standing:
        return None
    people = [person.enrolment.person_id for person in look.mentorship.people]
    return select(NotebookEntry).where(
        NotebookEntry.shared_with_id == look.mentorship.id,
        NotebookEntry.person_id.in_(people),
        or_(NotebookEntry.shared >= since, NotebookEntry.person_id == me),
    )


def newest(
    session: Session, among: Select[NotebookEntry], most: int | None = None, first: int = 0
) -> Sequence[NotebookEntry]:
    return _in_order(session, among, NotebookEntry.written, most, first)


def newest_shared(session: Session, among: Select[NotebookEntry], most: int, first: int = 0) -> Sequence[NotebookEntry]:
    """In the order in which they were shared, the latest first."""
    return _in_order(session, among, NotebookEntry.shared, most, first)


def _in_order(
    session: Session, among: Select[NotebookEntry], by: InstrumentedAttribute[Any], most: int | None, first: int
) -> Sequence[NotebookEntry]:
    return session.scalars(among.order_by(by.desc(), NotebookEntry.id.desc()).limit(most).offset(first or None)).all()


def count(session: Session, among: Select[NotebookEntry]) -> int:
    return session.scalar(select(func.count()).select_from(among.subquery())) or 0
