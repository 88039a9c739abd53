"""Agreements with their signatures, and timelines; mentorships that stand get the six events of theirs."""

import base64
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
AT_ONCE = 1000
STANDING = ("accepted", "active", "paused")
SHARES = {
    "matched": 0,
    "kick_off": 0.08,
    "outline": 0.12,
    "schedule": 0.16,
    "mid_evaluation": 0.5,
    "end_evaluation": 1,
}
"""As they were when this was written."""

_METADATA = sa.MetaData()
ENTRY = sa.Table(
    "timeline_entry",
    _METADATA,
    sa.Column("public_id", sa.String),
    sa.Column("mentorship_id", sa.Integer),
    sa.Column("step", sa.String),
    sa.Column("title", sa.String),
    sa.Column("due", _AT),
    sa.Column("done", _AT),
)
MENTORSHIP = sa.Table(
    "mentorship",
    _METADATA,
    *(sa.Column(name) for name in ("id", "cohort_id", "state")),
    *(sa.Column(name, _AT) for name in ("started", "planned_end", "created")),
)
TRANSITION = sa.Table(
    "transition", _METADATA, *(sa.Column(name) for name in ("mentorship_id", "to_state")), sa.Column("at", _AT)
)
COHORT = sa.Table("cohort", _METADATA, *(sa.Column(name) for name in ("id", "version_id")))
VERSION = sa.Table("program_version", _METADATA, *(sa.Column(name) for name in ("id", "length_days")))


def upgrade() -> None:
    _agreements()
    _timelines()
    _lay_out()


def _agreements() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("mentor_expects", sa.Text(), nullable=False),
        sa.Column("mentee_expects", sa.Text(), nullable=False),
        sa.Column("all_expect", sa.Text(), nullable=False),
        sa.Column("boundaries", sa.Text(), nullable=False),
        sa.Column("rhythm_days", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("any", "in_person", "phone", "video", "online", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("ends", _AT, nullable=False),
        sa.Column("created", _AT, nullable=False),
        sa.Column("signed", _AT, nullable=True),
        sa.CheckConstraint("rhythm_days > 0", name=op.f("ck_agreement_rhythm_days")),
        sa.ForeignKeyConstraint(["by_id"], ["participant.id"], name=op.f("fk_agreement_by_id_participant")),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_agreement_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("mentorship_id", "number", name=op.f("uq_agreement_mentorship_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_public_id")),
    )
    op.create_table(
        "agreement_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_signature_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_agreement_signature_participant_id_participant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_signature")),
        sa.UniqueConstraint(
            "agreement_id", "participant_id", name=op.f("uq_agreement_signature_agreement_id_participant_id")
        ),
    )
    with op.batch_alter_table("agreement_signature") as batch:
        batch.create_index(op.f("ix_agreement_signature_participant_id"), ["participant_id"], unique=False)


def _timelines() -> None:
    op.create_table(
        "timeline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("mentorship_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Enum(*SHARES, name="step", native_enum=False, length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due", _AT, nullable=False),
        sa.Column("done", _AT, nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["participant.id"], name=op.f("fk_timeline_entry_by_id_participant")),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["participant.id"], name=op.f("fk_timeline_entry_done_by_id_participant")
        ),
        sa.ForeignKeyConstraint(
            ["mentorship_id"], ["mentorship.id"], name=op.f("fk_timeline_entry_mentorship_id_mentorship")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entry")),
        sa.UniqueConstraint("mentorship_id", "step", name=op.f("uq_timeline_entry_mentorship_id_step")),
        sa.UniqueConstraint("public_id", name=op.f("uq_timeline_entry_public_id")),
    )


def _lay_out() -> None:
    connection = op.get_bind()
    standing = connection.execute(_standing()).all()
    begun = {row.mentorship_id: row.at for row in connection.execute(_begun())}
    rows = [row for each in standing for row in _steps(each, begun.get(each.id))]
    for first in range(0, len(rows), AT_ONCE):
        connection.execute(sa.insert(ENTRY), rows[first : first + AT_ONCE])


def _standing() -> sa.Select[Any]:
    return (
        sa.select(MENTORSHIP, VERSION.c.length_days)
        .join(COHORT, COHORT.c.id == MENTORSHIP.c.cohort_id)
        .join(VERSION, VERSION.c.id == COHORT.c.version_id)
        .where(MENTORSHIP.c.state.in_(STANDING))
        .order_by(MENTORSHIP.c.id)
    )


def _begun() -> sa.Select[Any]:
    """When each became active for the first time."""
    return (
        sa.select(TRANSITION.c.mentorship_id, sa.func.min(TRANSITION.c.at, type_=_AT).label("at"))
        .where(TRANSITION.c.to_state == "active")
        .group_by(TRANSITION.c.mentorship_id)
    )


def _steps(mentorship: Any, begun: datetime | None) -> Iterator[dict[str, Any]]:
    started = mentorship.started or mentorship.created
    ends = mentorship.planned_end or started + timedelta(days=mentorship.length_days)
    has_begun = mentorship.state != "accepted"
    done = {"matched": started, "kick_off": begun or started if has_begun else None}
    for step, share in SHARES.items():
        yield {
            "public_id": base64.b32encode(secrets.token_bytes(10)).decode().lower(),
            "mentorship_id": mentorship.id,
            "step": step,
            "title": "",
            "due": started + (ends - started) * share,
            "done": done.get(step),
        }
