"""Notes on the mentorship's page: the newest that are shared with whoever looks, and none that is private."""

from __future__ import annotations

from flask_babel import gettext as _

from lti_tool.panels import Card
from mentoring.mentorships.sections import Look, Section
from mentoring.together.notes import queries
from mentoring.together.notes.wording import readers, who_sees

FEW = 3


def section(look: Look) -> Card | None:
    """Where nothing is shared and nothing can be written any more, there is none."""
    notes = queries.newest(look.session, queries.shared_in(look), FEW)
    if not notes and not look.mentorship.is_standing:
        return None
    return Card(
        title=_("Notes"),
        template="notes/_section.html",
        context={
            "look": look,
            "notes": notes,
            "readers": lambda note: readers(note.visibility, look),
            "who_sees_it": who_sees(look),
        },
    )


SECTION = Section(key="notes", order=50, fill=section)
