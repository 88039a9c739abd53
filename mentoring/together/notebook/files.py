"""A notebook as a file to keep: as Markdown to read, and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from lti_tool.models import Enrolment
from lti_tool.pages import local_time
from lti_tool.tables.writing import written
from mentoring.together.notebook.companions import Known
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.notebook.months import by_month

Names = Mapping[int, Known]
"""Mentorships by their rows."""


def as_markdown(me: Enrolment, entries: Sequence[NotebookEntry], known: Names) -> bytes:
    """The newest first, under the names of months; each text exactly as it was written."""
    parts = [f"# {_('Notebook')}: {me.name}"]
    for month, those in by_month(entries):
        parts.append(f"## {month}")
        for entry in those:
            parts += [f"### {local_time(entry.written)}", *_about(entry, known), entry.text]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def _about(entry: NotebookEntry, known: Names) -> list[str]:
    mentorship = known.get(entry.grew_from_id or 0)
    return [f"*{_('With %(names)s', names=mentorship.name)}*"] if mentorship else []


def as_table(entries: Sequence[NotebookEntry], known: Names) -> bytes:
    """One row an entry, the newest first; times as machines read them."""
    header = ["written", "changed", "with", "shared_with", "text"]
    return written(
        header,
        [
            (
                entry.written.isoformat(),
                entry.changed.isoformat(),
                _name(entry.grew_from_id, known),
                _name(entry.shared_with_id, known),
                entry.text,
            )
            for entry in entries
        ],
    )


def _name(mentorship_id: int | None, known: Names) -> str:
    found = known.get(mentorship_id or 0)
    return found.name if found else ""
