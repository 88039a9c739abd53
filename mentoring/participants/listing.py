"""Mentors by a table: what each row would do, looked at first, then saved. It adds and never takes away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from lti_tool.names import in_sentence
from lti_tool.tables.finding import PERSON, WANTS_PERSON, Directory
from lti_tool.tables.previews import Fate, Planned, Preview, notes_of, plan, refused
from lti_tool.tables.reading import Column, Row, read
from lti_tool.tables.writing import written
from mentoring.participants.joining import hold, join
from mentoring.participants.models import MOST_PLACES
from mentoring.participants.offering import Offering, obstacle, offer
from mentoring.participants.queries import ClassRow, class_of
from mentoring.programs.models import Cohort

COLUMNS = (
    *PERSON,
    Column("places", ("places", "capacity")),
    Column("kinds", ("kinds", "kind")),
)


Kinds = Sequence[tuple[str, str]]
"""Key and label of each kind of mentor."""


@dataclass(frozen=True)
class Mentors:
    """The class as a table is judged by."""

    rows: Sequence[ClassRow]
    kinds: Kinds
    """Those the program has."""
    default: int
    """The places of a new mentor when nobody says a number."""

    def by_person(self) -> dict[int, ClassRow]:
        return {row.person.id: row for row in self.rows}


def look(content: bytes, mentors: Mentors) -> Preview:
    """What saving this table would do; raises `Unreadable`."""
    table = read(content, COLUMNS, wants=[WANTS_PERSON])
    class_ = mentors.by_person()
    directory = Directory(row.person for row in mentors.rows)
    rows = plan(table, directory, lambda row, person: _judge(row, class_[person.id], mentors))
    return Preview(rows, notes_of(table))


def _judge(row: Row, who: ClassRow, mentors: Mentors) -> Planned:
    sentence = _fault(row.cells, who, mentors.kinds)
    if sentence:
        return refused(row.number, who.person.name, sentence)
    said = row.cells["places"]
    wanted = int(said) if said else who.capacity or mentors.default
    if not wanted:
        return Planned(row.number, who.person.name, Fate.SAME, _("Nothing changes: mentors nobody."))
    return _planned(row.number, who, wanted, _kinds(row.cells["kinds"], mentors.kinds), mentors.kinds)


def _fault(cells: Mapping[str, str], who: ClassRow, kinds: Kinds) -> str:
    """What is wrong with the places or kinds that a row says; empty if nothing is."""
    said, name = cells["places"], in_sentence(who.person.name)
    is_number = said.isascii() and said.isdecimal() and len(said) < 5
    if is_number and int(said) == 0 and who.capacity:
        return str(
            _(
                "A table makes nobody stop mentoring. Leave the row out, and take the tick of %(name)s away on the "
                "page of mentors.",
                name=name,
            )
        )
    if said and not (is_number and int(said) <= MOST_PLACES):
        return str(_("Give %(name)s a whole number of places from 1 to %(most)d.", name=name, most=MOST_PLACES))
    return _fault_of_kinds(cells["kinds"], kinds)


def _words(said: str) -> list[str]:
    return [each for part in said.split(";") if (each := part.strip())]


def _kinds(said: str, kinds: Kinds) -> tuple[str, ...] | None:
    """The keys of the kinds a row names, in the program's order; None where it names none."""
    named = {word.casefold() for word in _words(said)}
    return tuple(key for key, label in kinds if {key.casefold(), label.casefold()} & named) if named else None


def _fault_of_kinds(said: str, kinds: Kinds) -> str:
    known = {word.casefold() for kind in kinds for word in kind}
    for each in _words(said):
        if each.casefold() not in known:
            labels = "; ".join(label for _key, label in kinds)
            return str(
                _("There is no kind of mentor called %(kind)s. Choose from: %(kinds)s.", kind=each, kinds=labels)
            )
    return ""


def _planned(number: int, who: ClassRow, wanted: int, kinds: tuple[str, ...] | None, known: Kinds) -> Planned:
    """What giving them so many places, of these kinds if any are named, means by what they have now."""
    name = who.person.name
    of_kinds = kinds is not None and kinds != who.kinds
    if wanted == who.capacity and not of_kinds:
        words = ngettext("Nothing changes: one place.", "Nothing changes: %(num)d places.", wanted)
        return Planned(number, name, Fate.SAME, words)
    if sentence := obstacle(Offering(who.person, wanted), who.load):
        return refused(number, name, sentence)
    change = (
        number,
        who.person.public_id,
        who.capacity,
        wanted,
        list(who.kinds),
        list(kinds or ()) if of_kinds else None,
    )
    words = _in_words(who.capacity, wanted)
    if of_kinds:
        labels = ", ".join(label for key, label in known if key in (kinds or ()))
        words = _("%(places)s Kinds: %(kinds)s.", places=words, kinds=labels)
    return Planned(number, name, Fate.CHANGED if who.capacity else Fate.NEW, words, change)


def _in_words(was: int, wanted: int) -> str:
    if not was:
        return str(ngettext("Mentors, with one place.", "Mentors, with %(num)d places.", wanted))
    if was == wanted:
        return str(ngettext("One place, as before.", "%(num)d places, as before.", wanted))
    return str(ngettext("One place instead of %(was)d.", "%(num)d places instead of %(was)d.", wanted, was=was))


def save(session: Session, cohort: Cohort, changes: Sequence[Sequence[Any]], *, at: datetime) -> Preview:
    """Save what a preview showed; the caller commits if nothing is refused.

    Everybody concerned is held while it is looked at once more. If anything is no longer as it was shown, nothing is
    saved, and the preview that comes back says how it stands now.
    """
    ids = {public_id for _number, public_id, *_rest in changes}
    kinds = [(kind.key, kind.label) for kind in cohort.version.kinds]
    known = {row.person.public_id: row.person for row in class_of(session, cohort.course, cohort)}
    concerned = [person for public_id, person in known.items() if public_id in ids]
    join(session, cohort, concerned, at=at)
    hold(session, cohort, concerned)
    now = {row.person.public_id: row for row in class_of(session, cohort.course, cohort)}
    preview = Preview([_again(change, now, kinds) for change in changes])
    if not preview.is_of(changes):
        return preview
    offerings = [
        Offering(known[public_id], wanted, None if named is None else tuple(named))
        for _number, public_id, _was, wanted, _were, named in changes
    ]
    late = {each.offering.person.public_id: each.sentence for each in offer(session, cohort, offerings, at=at)}
    return Preview([_unless_late(row, late) for row in preview.rows])


def _again(change: Sequence[Any], now: Mapping[str, ClassRow], known: Kinds) -> Planned:
    number, public_id, _was, wanted, _were, named = change
    if public_id not in now:
        return refused(number, _("Somebody"), _("They are no longer in the course. Leave the row out."))
    kinds = None if named is None else tuple(key for key, _label in known if key in named)
    return _planned(number, now[public_id], wanted, kinds, known)


def _unless_late(row: Planned, late: Mapping[str, str]) -> Planned:
    sentence = late.get(row.change[1], "")
    return refused(row.number, row.whom, sentence) if sentence else row


def as_table(rows: Sequence[ClassRow]) -> bytes:
    """The class with its places, as a table that can be changed and brought back."""
    header = ["name", "mail", "places", "kinds"]
    return written(
        header,
        ([row.person.name, row.person.person.email, row.capacity, "; ".join(row.kinds)] for row in rows),
    )
