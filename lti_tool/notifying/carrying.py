"""Mails on their way: what a letter of the lane `mail` stands for, read anew in the moment it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from lti_tool import clock
from lti_tool.db import db, reading, transaction
from lti_tool.models import Enrolment
from lti_tool.notifying import unsubscribing
from lti_tool.notifying.kinds import kind_of
from lti_tool.notifying.models import PersonalNotice
from lti_tool.notifying.post_offices import Counter, post_office
from lti_tool.notifying.wishes import wish_of
from lti_tool.notifying.writing import write
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome, Pause
from lti_tool.outgoing.mail_settings import mail_address
from lti_tool.outgoing.smtp import Fate, MailFailed
from lti_tool.pages import read_by

TRIED_FOR = timedelta(days=5)
"""As long as mail servers themselves go on (RFC 5321, section 4.5.4.1)."""
QUIET = "waits for the end of the reader's quiet hours"
MEND = "mend MAIL_URL, MAIL_FROM or the server, then resume"


class MailCarrier:
    """Brings each notice to its reader's mailbox; one that was taken does not go again, whatever its letter says."""

    batch = 20

    def carry(self, errands: Sequence[Errand]) -> Iterator[Outcome]:
        return brought(errands, _bring)


def brought(errands: Sequence[Errand], bring: Callable[[Errand, Counter], Outcome]) -> Iterator[Outcome]:
    """Bring these one by one over one counter; `bring` may raise MailFailed."""
    same_for_all: Outcome | None = None
    with post_office().opened() as counter:
        for errand in errands:
            if same_for_all is not None:
                # What one has found out, the rest of the batch need not find out one by one.
                yield same_for_all
                continue
            try:
                yield bring(errand, counter)
            except MailFailed as problem:
                outcome = judge(problem, errand)
                same_for_all = outcome if problem.fate in (Fate.NOBODY_THERE, Fate.NONE_GOES) else None
                yield outcome


def judge(problem: MailFailed, errand: Errand) -> Outcome:
    """What a failed mail means for its letter; a mailbox that stays shut for days is given up."""
    match problem.fate:
        case Fate.DEAD:
            return Dead(str(problem))
        case Fate.LATER if clock.now() - errand.created > TRIED_FOR:
            return Dead(f"{problem}, for five days")
        case Fate.NONE_GOES:
            return Pause(f"{problem}: {MEND}")
        case _:
            return Later(str(problem))


def _bring(errand: Errand, counter: Counter) -> Outcome:
    notice = db.session.get(PersonalNotice, errand.body["notice"], populate_existing=True)
    if notice is None or notice.mailed is not None or notice.message_id is None:
        return Done()
    try:
        kind = kind_of(notice.kind)
    except LookupError:
        return Dead(f"the tool has no notices of kind {notice.kind} any more")
    at, reader = clock.now(), db.session.get_one(Enrolment, notice.enrolment_id, populate_existing=True)
    wish = wish_of(db.session, reader, kind)
    if not wish.is_mailed:
        return Done()
    if (end := wish.quiet_until(at)) is not None:
        return Later(QUIET, (end - at).total_seconds())
    _send(notice, counter, at)
    with transaction() as session:
        session.get_one(PersonalNotice, notice.id, populate_existing=True).mailed = clock.now()
    return Done()


def _send(notice: PersonalNotice, counter: Counter, at: datetime) -> None:
    """To the address that the LMS gives them now. Raises MailFailed."""
    person = notice.enrolment.person
    to = mail_address(person.email)
    assert to is not None, "whoever wishes mail has an address"
    with transaction() as session:
        stop_address = unsubscribing.make(session, person, notice.kind, at=at)
    with read_by(notice.enrolment):
        message = write(notice, to=to, sender=post_office().sender, stop_address=stop_address)
    with reading():
        counter.take(message, to=to.addr_spec)
