"""The revisions of a quiz, and the outlines that attempts were drawn from: both are kept as they were for ever."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, ForeignKey, Index, String, UniqueConstraint, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from lti_tool.db import Base
from lti_tool.models import Enrolment
from quizzes.designing.plan import Plan
from quizzes.designing.settings import Settings
from quizzes.questions import Bank

if TYPE_CHECKING:
    from quizzes.models import Quiz

_IS_CURRENT = text("is_current")


class QuizRevision(Base):
    """What a quiz asks and by which rules: a draft to work on until it is published; then it does not change."""

    __tablename__ = "quiz_revision"
    __table_args__ = (
        UniqueConstraint("quiz_id", "n"),
        Index(
            "uq_quiz_revision_current",
            "quiz_id",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    n: Mapped[int]
    """Counts the quiz's revisions from 1."""
    title: Mapped[str]
    bank_id: Mapped[int] = mapped_column(ForeignKey(Bank.id), index=True)
    """The bank it was made for: its language is the quiz's, and new rules draw from it."""
    plan: Mapped[dict[str, Any]]
    """As `quizzes.designing.plan` keeps it."""
    settings: Mapped[dict[str, Any]]
    """As `quizzes.designing.settings` keeps them."""
    is_current: Mapped[bool] = mapped_column(default=False)
    """Whether learners get this one now."""
    published: Mapped[datetime | None]
    """Empty for a draft."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(Enrolment.id))
    """Who changed it last; empty where it came with the tool or along with a copied course."""
    created: Mapped[datetime]

    quiz: Mapped[Quiz] = relationship(back_populates="revisions")
    bank: Mapped[Bank] = relationship(lazy="joined", innerjoin=True)
    made_by: Mapped[Enrolment | None] = relationship()

    @property
    def is_draft(self) -> bool:
        return self.published is None

    @property
    def outlined(self) -> Plan:
        return Plan.of(self.plan)

    @property
    def rules(self) -> Settings:
        return _rules_of(json.dumps(self.settings))


@lru_cache(maxsize=256)
def _rules_of(settings: str) -> Settings:
    """Plain values that nobody changes, read once: whoever asks for one of them asks for several."""
    return Settings.of(json.loads(settings))


@event.listens_for(QuizRevision, "before_update")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, revision: QuizRevision) -> None:
    """Published revisions stay as they are; only whether they are current, or published at all, may change."""
    state = inspect(revision)
    was_published = state.attrs.published.history.deleted or state.attrs.published.history.unchanged
    changed = [name for name in ("plan", "settings", "bank_id") if state.attrs[name].history.has_changes()]
    if changed and was_published and was_published[0] is not None:
        raise TypeError(f"Revision {revision.id} is published, its {changed[0]} does not change. Make a new one.")


class FrozenOutline(Base):
    """What attempts were drawn from: the plan with all that fitted then. Those that start alike share it."""

    __tablename__ = "frozen_outline"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of what it follows from."""
    body: Mapped[dict[str, Any]]
    """As `quizzes.designing.freezing` writes it."""
