"""What a rater's page sends is taken: kept as a draft or handed in, by people of the course and from outside alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import get_timezone
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from reviews.answering import promise as promises
from reviews.answering import queries, warning, writing
from reviews.answering.naming import Names
from reviews.answering.promise import Promise
from reviews.answering.reading import Sent, read, read_ticks
from reviews.answering.said import Said, open_parts
from reviews.answering.sheet import Sheet, sheet_of
from reviews.answering.warning import Warned
from reviews.answering.writing import Kept
from reviews.campaigns.models import Assignment, RaterGroup
from reviews.instruments.content import InstrumentKind


@dataclass(frozen=True, kw_only=True)
class Came:
    """What became of a page that was sent, or one that was opened."""

    assignment: Assignment
    sheet: Sheet
    seq: int
    """Of the draft that the page shows."""
    is_handed_in: bool = False
    is_crossed: bool = False
    """Other answers were kept from another page since this one was opened; these were not."""
    warned: Sequence[Warned] = ()
    seen: str = ""
    """The marks of what was warned of."""

    @property
    def is_refused(self) -> bool:
        return not self.is_handed_in and bool(self.is_crossed or self.warned or self.sheet.faults)


def promise(session: Session, assignment: Assignment) -> Promise:
    return promises.promise_to(assignment, size=queries.size_of_group(session, assignment))


def begun(session: Session, assignment: Assignment) -> Came:
    """The page as it is opened."""
    said = writing.draft_of(assignment)
    return Came(assignment=assignment, sheet=sheet_for(assignment, said), seq=assignment.seq)


def sheet_for(
    assignment: Assignment, said: Said, *, lengths: Mapping[str, int] | None = None, marks_open: bool = False
) -> Sheet:
    group = assignment.group
    return sheet_of(
        group.content,
        group.key,
        said,
        lengths=lengths,
        marks_open=marks_open,
        ticks=is_checklist(group),
        has_notes=has_notes(group),
    )


def is_checklist(group: RaterGroup) -> bool:
    return group.version.instrument.kind is InstrumentKind.CHECKLIST


def has_notes(group: RaterGroup) -> bool:
    """When something was seen, and by whom, is known where it is known who answers, and asked nowhere else."""
    return not group.is_anonymous


def _read(assignment: Assignment, form: Mapping[str, str], before: Said, at: datetime) -> Sent:
    group = assignment.group
    if not is_checklist(group):
        return read(form, group.content, group.key, before)
    today = at.astimezone(get_timezone()).date()
    return read_ticks(form, group.content, group.key, before, today=today, has_notes=has_notes(group))


def take(session: Session, assignment: Assignment, form: Mapping[str, str], *, hands_in: bool, at: datetime) -> Came:
    """Keep what was sent, and hand it in where that is wanted and nothing stands against it; the caller commits.

    Raises NotTaken.
    """
    writing.hold(session, assignment, at)
    sent = _read(assignment, form, writing.draft_of(assignment), at)
    if not writing.knows(assignment, sent.kept, _number(form.get("seq", "")) or 0):
        sheet = sheet_for(assignment, sent.said, lengths=sent.lengths)
        return Came(assignment=assignment, sheet=sheet, seq=assignment.seq, is_crossed=True)
    writing.keep(session, assignment, sent.kept, at=at)
    sheet = sheet_for(assignment, sent.said, lengths=sent.lengths, marks_open=hands_in)
    came = Came(assignment=assignment, sheet=sheet, seq=assignment.seq)
    if not hands_in or came.is_refused:
        return came
    names = Names(queries.names_in(session, assignment.target.campaign.course), _about(assignment))
    warned = list(warning.warnings(sheet, sent.said, names))
    if warning.not_seen(warned, form.get("seen", "")):
        marks = " ".join(each.mark for each in warned)
        return Came(assignment=assignment, sheet=sheet, seq=assignment.seq, warned=warned, seen=marks)
    writing.hand_in(session, assignment, sent.kept, at=at)
    return Came(assignment=assignment, sheet=sheet, seq=0, is_handed_in=True)


def keep(
    session: Session, assignment: Assignment, form: Mapping[str, str], *, at: datetime
) -> tuple[dict[str, Any], int]:
    """What a page that saves by itself has sent is kept; what it is told, and the status of it. Raises NotTaken."""
    writing.hold(session, assignment, at)
    sent = _read(assignment, form, writing.draft_of(assignment), at)
    kept = writing.keep(session, assignment, sent.kept, seq=_number(form.get("seq", "")) or 0, at=at)
    if kept is Kept.OLDER:
        error = _("Other answers were saved from another page or device. This page does not save any more.")
        return {"error": error, "seq": assignment.seq}, 409
    return {"seq": assignment.seq, "refused": _refused(assignment, sent), "open": _open(assignment, sent.kept)}, 200


def _refused(assignment: Assignment, sent: Sent) -> dict[str, str]:
    """By the id of the field, why it is not kept."""
    sheet = sheet_for(assignment, sent.said, lengths=sent.lengths)
    return {fault.first_id: fault.sentence for fault in sheet.faults}


def _open(assignment: Assignment, said: Said) -> int:
    return len(open_parts(assignment.group.content, assignment.group.key, said))


def _about(assignment: Assignment) -> str:
    """Whoever it is about may be named."""
    whom = assignment.target.enrolment
    return whom.person.name if whom else ""


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
