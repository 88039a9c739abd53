"""The nouns of participants: somebody's part in a cohort, and what they offer as a mentor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.programs.models import Cohort


class ParticipantState(StrEnum):
    """Whether somebody takes part; offering, seeking and placed follow from offers and places."""

    INVITED = "invited"
    TAKING_PART = "taking_part"
    WAITING_LIST = "waiting_list"
    PAUSED = "paused"
    LEFT = "left"


class Participant(Base):
    """One person's part in one cohort. Learners without a row are mentees all the same."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("cohort_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey(Enrolment.id), index=True)
    as_mentor: Mapped[bool] = mapped_column(default=False)
    as_mentee: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ParticipantState] = mapped_column(default=ParticipantState.TAKING_PART)
    created: Mapped[datetime]

    cohort: Mapped[Cohort] = relationship()
    enrolment: Mapped[Enrolment] = relationship(lazy="joined", innerjoin=True)
    offer: Mapped[MentorOffer | None] = relationship(back_populates="participant")

    @property
    def name(self) -> str:
        return self.enrolment.name

    @property
    def capacity(self) -> int:
        """The places they offer this term; none without an offer."""
        return self.offer.capacity if self.offer is not None and self.as_mentor else 0


class MentorOffer(Base):
    """What somebody brings as a mentor."""

    __tablename__ = "mentor_offer"
    __table_args__ = (CheckConstraint("capacity >= 0", name="capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), unique=True)
    capacity: Mapped[int]
    """Most mentees at once; 0 says not this term."""
    created: Mapped[datetime]
    changed: Mapped[datetime]

    participant: Mapped[Participant] = relationship(back_populates="offer")
