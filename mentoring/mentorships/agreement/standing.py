"""How the agreement of a mentorship stands: which version holds, which is the newest, and who has yet to sign it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from lti_tool.models import Enrolment
from mentoring.mentorships.agreement.models import WORDS, Agreement, Signature
from mentoring.mentorships.earlier.reading import given_to, is_given, may_read_earlier, was_there
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.sections import Look
from mentoring.mentorships.states import STANDING
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel

EARLIER = "agreement"
"""What a new mentor reads of before they came only if their mentee lets them."""


@dataclass(frozen=True)
class Agreed:
    """The versions of a mentorship's agreement, oldest first."""

    versions: Sequence[Agreement]
    people: Sequence[Participant]
    """Who belongs to the mentorship: somebody who has left it need not sign any more."""
    withheld: Collection[int] = ()
    """Those of them, by row, who may not read the newest version: it was written before they came."""

    @property
    def newest(self) -> Agreement | None:
        return self.versions[-1] if self.versions else None

    @property
    def number(self) -> int:
        """Of the newest version; 0 before there is one."""
        return self.newest.number if self.newest else 0

    @property
    def holds(self) -> Agreement | None:
        """The version that holds now: the newest that all have signed."""
        return next((each for each in reversed(self.versions) if each.signed is not None), None)

    @property
    def proposed(self) -> Agreement | None:
        """The newest, while it waits for signatures to hold."""
        return self.newest if self.newest is not self.holds else None

    @property
    def missing(self) -> list[Participant]:
        """Who has yet to sign the newest version; of one that holds, those who came later."""
        newest = self.newest
        return [person for person in self.people if newest is not None and not newest.is_signed_by(person)]

    def waits_for(self, person: Participant | None) -> bool:
        """Whether they are asked to sign: nobody is who may not read it."""
        return any(each is person and each.id not in self.withheld for each in self.missing)

    def is_withheld_from(self, person: Participant | None) -> bool:
        """Whether they came later and were not given it to read."""
        return person is not None and person.id in self.withheld


def agreed(session: Session, mentorship: Mentorship) -> Agreed:
    found = session.scalars(
        select(Agreement)
        .where(Agreement.mentorship_id == mentorship.id)
        .options(selectinload(Agreement.signatures))
        .order_by(Agreement.number)
        .execution_options(populate_existing=True)
    ).all()
    return Agreed(found, mentorship.people, _withheld(session, mentorship, found[-1]) if found else ())


def _withheld(session: Session, mentorship: Mentorship, newest: Agreement) -> Collection[int]:
    """In a circle nobody: whoever comes into it reads what they are to keep to."""
    if mentorship.is_circle:
        return ()
    late = {each.id for each in mentorship.people if not was_there(mentorship, each, newest.created)}
    return late - given_to(session, mentorship, late, EARLIER) if late else ()


def reader(look: Look) -> Callable[[Agreement], bool]:
    """Whether this visitor reads the words of a version; its terms and signatures they read anyway."""
    me, mentorship = look.mine, look.mentorship
    if me is None:
        return lambda _version: False
    if mentorship.is_circle or may_read_earlier(look, EARLIER):
        return lambda _version: True
    return lambda version: was_there(mentorship, me, version.created)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a version says."""

    mentor_expects: str = ""
    mentee_expects: str = ""
    all_expect: str = ""
    boundaries: str = ""
    rhythm_days: int
    channel: Channel
    ends: datetime

    def without_words(self) -> Terms:
        return replace(self, mentor_expects="", mentee_expects="", all_expect="", boundaries="")


def terms_to_begin_with(mentorship: Mentorship, so_far: Agreed, *, at: datetime) -> Terms:
    """What the newest version says; before there is one, what the program says."""
    if (newest := so_far.newest) is not None:
        return Terms(
            **{name: getattr(newest, name) for name in WORDS},
            rhythm_days=newest.rhythm_days,
            channel=newest.channel,
            ends=newest.ends,
        )
    version = mentorship.cohort.version
    ends = mentorship.planned_end or at + version.length
    return Terms(rhythm_days=version.meeting_days, channel=version.channel, ends=ends)


_later = aliased(Agreement)
_TO_SIGN = (
    select(Mentorship)
    .join(Agreement, Agreement.mentorship_id == Mentorship.id)
    .join(Membership, (Membership.mentorship_id == Mentorship.id) & Membership.until.is_(None))
    .join(Membership.participant)
    .where(
        Participant.enrolment_id == bindparam("me"),
        Mentorship.state.in_(STANDING),
        # Nobody is asked to sign what they may not read.
        or_(
            Membership.part == Part.PEER,
            Agreement.created >= Membership.since,
            is_given(Mentorship.id, Participant.id, EARLIER),
        ),
        Agreement.number
        == select(func.max(_later.number)).where(_later.mentorship_id == Mentorship.id).scalar_subquery(),
        ~select(Signature.id)
        .where(Signature.agreement_id == Agreement.id, Signature.participant_id == Participant.id)
        .exists(),
    )
    .options(selectinload(Mentorship.members).joinedload(Membership.participant, innerjoin=True))
    .order_by(Agreement.created, Mentorship.id)
)


def to_sign(session: Session, me: Enrolment) -> Sequence[Mentorship]:
    """The mentorships whose newest agreement waits for my signature, the one that waits longest first."""
    return session.scalars(_TO_SIGN, {"me": me.id}).all()


def texts_of(session: Session, participants: Collection[int]) -> Mapping[Agreement, Sequence[str]]:
    """The texts these people wrote first, by version: which of `WORDS` in it are theirs."""
    theirs = select(Agreement.mentorship_id).where(Agreement.by_id.in_(participants))
    versions = session.scalars(
        select(Agreement).where(Agreement.mentorship_id.in_(theirs)).order_by(Agreement.mentorship_id, Agreement.number)
    )
    writers: dict[tuple[int, str, str], int] = {}
    found: dict[Agreement, list[str]] = {}
    for version in versions:
        for name in WORDS:
            text = getattr(version, name)
            writer = writers.setdefault((version.mentorship_id, name, text), version.by_id)
            if text and writer in participants:
                found.setdefault(version, []).append(name)
    return found
