"""Deep linking 2.0: an instructor picks what to place in the course page, and the tool answers the LMS.

A verified request is remembered in one row, bound to the browser session of the launch. What was picked goes back as
a form that posts a signed message to the LMS; nothing is placed until the LMS does so.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import jwt
from flask import current_app, url_for
from sqlalchemy import ForeignKey, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool import access, keys, quirks
from lti_tool.arrivals import sessions, verdicts
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.arrivals.verdicts import Refused
from lti_tool.arrivals.verifying import Verified
from lti_tool.arrivals.welcome import person_of, welcome
from lti_tool.claims import (
    DEEP_LINKING_RESPONSE,
    DEPLOYMENT_ID,
    DL,
    MESSAGE_TYPE,
    VERSION,
    DeepLinkingClaim,
    Launch,
)
from lti_tool.db import Base, db, new_public_id
from lti_tool.headers import origin_of
from lti_tool.models import Course, Deployment, Platform, Role
from lti_tool.outgoing import addresses
from lti_tool.platforms import Registered
from lti_tool.prepared import Here

MAY_PLACE = (Role.INSTRUCTOR, Role.DESIGNER)
"""Those who shape a course page. Assistants place things only where the LMS calls them instructors as well."""
OPEN_FOR = timedelta(hours=2)
RESPONSE_LIVES = timedelta(minutes=5)
RESOURCE_LINK = "ltiResourceLink"


class LinkRequest(Base):
    """What an LMS will take back, and to which address."""

    __tablename__ = "deep_link_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    deployment_id: Mapped[int] = mapped_column(ForeignKey(Deployment.id))
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id))
    """None where the LMS did not say which course it is for."""
    session_id: Mapped[int] = mapped_column(ForeignKey(BrowserSession.id, ondelete="CASCADE"), index=True)
    """The browser session of the launch: only there may it be answered."""
    return_url: Mapped[str] = mapped_column(Text)
    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the LMS wants back unaltered, in UTF-8 because PostgreSQL's text takes no NUL; None if it sent nothing."""
    accept_types: Mapped[list[str]]
    accept_targets: Mapped[list[str]]
    accept_multiple: Mapped[bool]
    accept_line_item: Mapped[bool]
    expires: Mapped[datetime] = mapped_column(index=True)
    answered: Mapped[datetime | None]
    created: Mapped[datetime]

    deployment: Mapped[Deployment] = relationship(lazy="joined", innerjoin=True)
    course: Mapped[Course | None] = relationship()

    @property
    def platform(self) -> Platform:
        return self.deployment.platform

    @property
    def takes_activities(self) -> bool:
        return RESOURCE_LINK in self.accept_types


def judge(launch: Launch, platform: Registered) -> None:
    """Whether this person may place something, and the answer goes home. Raises Refused; nothing is written."""
    if launch.role not in MAY_PLACE:
        raise Refused(verdicts.MAY_NOT_PLACE, launch.role.value, platform=platform.public_id)
    assert launch.deep_linking is not None, "shapes.check lets no deep linking request through without its settings"
    if not _leads_home(launch.deep_linking, launch, platform):
        raise Refused(verdicts.WRONG_RETURN, platform=platform.public_id)


def _leads_home(claim: DeepLinkingClaim, launch: Launch, platform: Registered) -> bool:
    """Whether the return address is safe and on a host of the platform, so that no answer goes to strangers.

    Hosts of the platform are those it is registered with, and the one this signed launch says it was framed by:
    a school's Canvas is on a domain of its own.
    """
    origin = origin_of(claim.return_url)
    if not origin or not _is_plain(claim.return_url) or not _is_safe(claim.return_url):
        return False
    registered = (platform.issuer, platform.auth_url, platform.token_url, platform.jwks_url)
    known = {origin_of(url) for url in (*registered, launch.return_url)}
    return origin in known or quirks.is_same_cloud(platform.issuer, claim.return_url)


def _is_plain(address: str) -> bool:
    """Whether browsers find the same host in it as we do: they read `\\` as `/`, and skip what is not printed."""
    return "\\" not in address and "@" not in urlsplit(address).netloc and address.isprintable() and " " not in address


def _is_safe(address: str) -> bool:
    is_https = address.startswith("https://")
    return is_https or (not current_app.config["IS_HTTPS"] and addresses.is_safe(address))


def begin(here: Here, verified: Verified, *, at: datetime) -> LinkRequest:
    """Let this person in and remember what they were asked for, in the caller's transaction.

    Without a course there is no enrolment: then the browser session alone says who may answer.
    """
    launch, claim = verified.launch, verified.launch.deep_linking
    assert claim is not None
    course: Course | None = None
    if launch.course is not None:
        arrival = welcome(here, verified, at=at)
        course = arrival.me.course
        session_id = access.remember(
            here, arrival.person.id, arrival.enrolment.id, return_url=launch.return_url, acted_by=launch.acted_by
        )
    else:
        session_id = sessions.know(here, access.stored_session(), person_of(here, verified, at=at))
    asked = LinkRequest(
        deployment_id=verified.deployment.id,
        course=course,
        session_id=session_id,
        return_url=claim.return_url,
        data=None if claim.data is None else claim.data.encode(),
        accept_types=list(claim.accept_types),
        accept_targets=list(claim.accept_targets),
        accept_multiple=claim.accept_multiple,
        accept_line_item=claim.accept_line_item,
        expires=at + OPEN_FOR,
        created=at,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def address_of(asked: LinkRequest) -> str:
    """Where it is answered: below its course, or on a page of its own."""
    if asked.course is None:
        return url_for("deep_linking.choose_anywhere", request_id=asked.public_id)
    return url_for("deep_linking.choose", course=asked.course.public_id, request_id=asked.public_id)


def find(public_id: str, session_id: int | None, course: Course | None, *, at: datetime) -> LinkRequest | None:
    """The request with this id that was launched in this very browser session, for this course or for none."""
    return db.session.scalar(
        select(LinkRequest).where(
            LinkRequest.public_id == public_id,
            LinkRequest.session_id == session_id,
            LinkRequest.course_id == course.id if course is not None else LinkRequest.course_id.is_(None),
            LinkRequest.expires > at,
        )
    )


def respond(asked: LinkRequest, items: Sequence[Mapping[str, Any]], *, message: str, at: datetime) -> str:
    """The signed answer (section 4.5) with these content items, under a fresh nonce each time; the caller commits."""
    asked.answered = at
    claims: dict[str, Any] = {
        "iss": asked.platform.client_id,
        "aud": asked.platform.issuer,
        "iat": int(at.timestamp()),
        "exp": int((at + RESPONSE_LIVES).timestamp()),
        "nonce": secrets.token_urlsafe(32),
        DEPLOYMENT_ID: asked.deployment.deployment_id,
        MESSAGE_TYPE: DEEP_LINKING_RESPONSE,
        VERSION: "1.3.0",
        DL + "content_items": [dict(item) for item in items],
    }
    if asked.data is not None:
        claims[DL + "data"] = asked.data.decode()
    if message:
        claims[DL + "msg"] = message
    key = keys.signing(db.session)
    return jwt.encode(claims, keys.unseal(key.sealed_pem), "RS256", headers={"kid": key.kid})


def forget_expired(*, at: datetime) -> None:
    """Remove requests that nobody can answer any more; the caller commits."""
    db.session.execute(delete(LinkRequest).where(LinkRequest.expires < at))
