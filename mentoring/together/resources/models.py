"""The noun of resources: a link or a file, of a program or of a mentorship."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.db import Base, new_public_id
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.programs.models import Program

LONGEST_TITLE = 150
LONGEST_DETAIL = 300
LONGEST_URL = 2000
LONGEST_NAME = 200


class Resource(Base):
    """Something worth reading or keeping. It outlives whoever shared it."""

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("by_id", "token"),
        CheckConstraint("(program_id IS NULL) <> (mentorship_id IS NULL)", name="of_one"),
        CheckConstraint("(file IS NULL) <> (url = '')", name="link_or_file"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    program_id: Mapped[int | None] = mapped_column(ForeignKey(Program.id), index=True)
    mentorship_id: Mapped[int | None] = mapped_column(ForeignKey(Mentorship.id), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Who shared it; empty once they are erased."""
    token: Mapped[str] = mapped_column(String(32))
    """Of the form it was shared by: one that is sent twice shares one resource."""
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    detail: Mapped[str] = mapped_column(String(LONGEST_DETAIL), default="")
    url: Mapped[str] = mapped_column(String(LONGEST_URL), default="")
    file: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The random name it lies under (`lti_tool.uploads`)."""
    file_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    """What it is called by whoever takes it away."""
    kind: Mapped[str] = mapped_column(String(16), default="")
    """What its bytes are, a key of `kinds.BY_KEY`."""
    size: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime]

    program: Mapped[Program | None] = relationship()
    mentorship: Mapped[Mentorship | None] = relationship()
    by: Mapped[Enrolment | None] = relationship()

    @property
    def is_file(self) -> bool:
        return self.file is not None
