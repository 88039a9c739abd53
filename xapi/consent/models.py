"""What people have said about their mail addresses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.db import Base
from lti_tool.models import Person
from xapi.endpoints import Endpoint


class MailConsent(Base):
    """Whether one person agrees that one LRS outside knows them by their mail address. Without a yes, it does not."""

    __tablename__ = "lrs_mail_consent"
    __table_args__ = (UniqueConstraint("endpoint_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey(Endpoint.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    is_given: Mapped[bool]
    said: Mapped[datetime]
