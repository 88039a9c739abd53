"""Entries that somebody shares, where its people see them: a section of the mentorship's page, and a page of all."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool.access import MEMBERS, open_to
from lti_tool.db import db
from lti_tool.models import Enrolment
from lti_tool.pages import render
from lti_tool.paging import paging
from lti_tool.panels import Card
from mentoring.mentorships.blueprint import ONE as MENTORSHIP
from mentoring.mentorships.blueprint import mine
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.sections import Look, Section
from mentoring.together.notebook import queries
from mentoring.together.notebook.blueprint import bp

FEW = 3
AT_ONCE = 20


def section(look: Look) -> Card | None:
    """The newest, if anything is shared; nobody but its people even asks."""
    among = queries.shared_in(look)
    entries = queries.newest_shared(look.session, among, FEW) if among is not None else ()
    if not entries:
        return None
    return Card(
        title=_("From your notebooks"),
        template="notebook/_section.html",
        context={"look": look, "entries": entries, "names": _names(look)},
    )


SECTION = Section(key="notebook", order=55, fill=section)


@bp.get(f"{MENTORSHIP}/notebook")
@open_to(*MEMBERS)
def shared(me: Enrolment, mentorship_id: str) -> ResponseReturnValue:
    look = mine(me, mentorship_id)
    among = queries.shared_in(look)
    if among is None:
        abort(404)
    page = paging(queries.count(db.session, among), AT_ONCE)
    return render(
        "notebook/shared.html",
        me=me,
        look=look,
        mentorship=look.mentorship,
        title=title_of(look.mentorship),
        entries=queries.newest_shared(db.session, among, AT_ONCE, page.first),
        names=_names(look),
        page=page,
    )


def _names(look: Look) -> dict[int, str]:
    """What to call whoever wrote it, as in this course."""
    return {person.enrolment.person_id: person.name for person in look.mentorship.people}
