"""What a mentee lets their new mentor read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base
from mentoring.mentorships.models import Mentorship
from mentoring.participants.models import Participant


class EarlierShare(Base):
    """A mentee's answer for one kind of what was before; it holds for this mentor in this mentorship and for no other.

    No row says that they have not been asked, and shows as little as a no.
    """

    __tablename__ = "earlier_share"
    __table_args__ = (UniqueConstraint("mentorship_id", "mentor_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentorship_id: Mapped[int] = mapped_column(ForeignKey(Mentorship.id))
    """The one in which they mentor now."""
    mentor_id: Mapped[int] = mapped_column(ForeignKey(Participant.id), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    """The key of an `EarlierKind`."""
    is_given: Mapped[bool]
    changed: Mapped[datetime]

    mentorship: Mapped[Mentorship] = relationship()
    mentor: Mapped[Participant] = relationship()
