"""Telling a platform where we take notices: once for each deployment and kind, by a letter after a launch."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from lti_tool import clock, outbox
from lti_tool.claims import Launch
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Deployment
from lti_tool.outbox import Dead, Done, Errand, Later, Outcome
from lti_tool.outgoing.http import CallFailed
from lti_tool.outgoing.services import Service, ServiceFailed, failure
from lti_tool.prepared import Here

log = logging.getLogger(__name__)

HELLO_WORLD = "LtiHelloWorldNotice"
CONTEXT_COPY = "LtiContextCopyNotice"
WANTED = (CONTEXT_COPY, HELLO_WORLD)
NOT_AGAIN_WITHIN = timedelta(minutes=1)
"""While a wish is under way, the launches of a class need not all hurry it on."""
NOTICE_SCOPE = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"


class NoticeHandler(Base):
    """One kind of notice that a deployment's platform was asked to send, and how that went."""

    __tablename__ = "notice_handler"
    __table_args__ = (UniqueConstraint("deployment_id", "notice_type"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey(Deployment.id))
    notice_type: Mapped[str] = mapped_column(String(64))
    service_url: Mapped[str] = mapped_column(Text)
    """Where the newest launch said the platform takes such wishes."""
    handler: Mapped[str] = mapped_column(Text)
    """The address of ours that was named; another one is named anew."""
    registered: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")

    deployment: Mapped[Deployment] = relationship()


def handler_url() -> str:
    return f"{current_app.config['PUBLIC_URL']}/lti/notices"


def hear(here: Here, launch: Launch, deployment_id: int, *, platform: str, at: datetime) -> None:
    """Ask for notices where a launch says that there are some and we have not asked; the caller commits."""
    claim = launch.notices
    if claim is None:
        return
    # One entry a deployment, however often its platform names another address.
    settled: dict[int, tuple[str, str, datetime]] = current_app.extensions.setdefault("notices_settled", {})
    known = settled.get(deployment_id)
    if known is not None and known[:2] == (claim.url, handler_url()) and at < known[2]:
        return
    session = outbox.session_of(here)
    wanted = [kind for kind in WANTED if kind in claim.types]
    open_kinds = [kind for kind in wanted if not _is_settled(session, deployment_id, kind, claim.url)]
    until = datetime.max.replace(tzinfo=UTC) if not open_kinds else at + NOT_AGAIN_WITHIN
    settled[deployment_id] = (claim.url, handler_url(), until)
    if open_kinds:
        lane = f"notices:{platform}"
        outbox.post(session, lane, {"deployment": deployment_id}, key=f"notices:{deployment_id}")


def _is_settled(session: Session, deployment_id: int, kind: str, url: str) -> bool:
    """Whether the platform has been asked, or refused; otherwise the wish is noted."""
    row, is_new = find_or_create(
        session,
        NoticeHandler,
        {"deployment_id": deployment_id, "notice_type": kind},
        service_url=url,
        handler=handler_url(),
        problem="",
    )
    if not is_new and (row.service_url, row.handler) != (url, handler_url()):
        row.service_url, row.handler, row.registered, row.problem = url, handler_url(), None, ""
    return row.registered is not None or bool(row.problem)


class NoticeCarrier:
    """Registers our address with a platform's notification service; registering twice leaves one handler."""

    batch = 2

    def carry(self, errands: Sequence[Errand]) -> list[Outcome]:
        return [_register(errand) for errand in errands]


def _register(errand: Errand) -> Outcome:
    rows = db.session.scalars(
        select(NoticeHandler)
        .where(NoticeHandler.deployment_id == errand.body["deployment"], NoticeHandler.registered.is_(None))
        .order_by(NoticeHandler.id)
    ).all()
    refused = ""
    for row in rows:
        try:
            _put(row)
        except ServiceFailed as problem:
            if problem.may_pass:
                return Later(str(problem))
            # Each kind is answered for, or the next launch would ask for the rest, and so on.
            refused = str(problem)
            _note(row.id, refused)
            continue
        except (CallFailed, ValueError) as problem:
            return Later(f"the platform answered something that is no answer ({type(problem).__name__})")
        _note(row.id, "")
    return Dead(refused) if refused else Done()


def _put(row: NoticeHandler) -> None:
    service = Service(row.deployment, [NOTICE_SCOPE], (row.service_url,))
    answer = service.call(
        "PUT",
        row.service_url,
        accept="application/json",
        content_type="application/json",
        body=json.dumps({"notice_type": row.notice_type, "handler": row.handler}).encode(),
    )
    if not answer.is_ok:
        raise failure(answer)


def _note(row_id: int, problem: str) -> None:
    with transaction() as session:
        row = session.get(NoticeHandler, row_id, populate_existing=True)
        assert row is not None
        row.problem, row.registered = problem, None if problem else clock.now()
