"""How operators show who they are to `/lti/check`: a code from the command line begins an operator's session.

Whoever can run `flask` on the machine may see the page. The code is good once and for ten minutes, the session for
eight hours; of both only hashes are kept, and neither ever stands in an address.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address

from flask import Request, Response, current_app
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lti_tool import clock
from lti_tool.arrivals.sessions import hashed
from lti_tool.db import Base, db

CODE_LIVES = timedelta(minutes=10)
SESSION_LIVES = timedelta(hours=8)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other."""
CODE_LENGTH = 12
TRIES_A_MINUTE = 10
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")


class OperatorCode(Base):
    """A code that was printed on the command line and waits to be typed in."""

    __tablename__ = "operator_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    expires: Mapped[datetime]


class OperatorSession(Base):
    """A browser that may see `/lti/check`."""

    __tablename__ = "operator_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    expires: Mapped[datetime]


def new_code(session: Session) -> str:
    """A code for one visit, to be read off the terminal: `abcd-efgh-jkmn`. The caller commits."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    session.execute(delete(OperatorCode).where(OperatorCode.expires <= clock.now()))
    session.add(OperatorCode(key=hashed(letters), expires=clock.now() + CODE_LIVES))
    return "-".join(letters[place : place + 4] for place in range(0, CODE_LENGTH, 4))


def begin(session: Session, code: str) -> str | None:
    """Spend the code: the key of a new operator's session, or None if it is not good (any more). The caller commits."""
    letters = "".join(each for each in code.lower() if each.isalnum())[: CODE_LENGTH + 1]
    spent = session.execute(
        delete(OperatorCode).where(OperatorCode.key == hashed(letters), OperatorCode.expires > clock.now())
    )
    if not spent.rowcount:  # type: ignore[attr-defined]
        return None
    session.execute(delete(OperatorSession).where(OperatorSession.expires <= clock.now()))
    key = secrets.token_urlsafe(32)
    session.add(OperatorSession(key=hashed(key), expires=clock.now() + SESSION_LIVES))
    return key


def end(session: Session, key: str) -> None:
    """Forget this operator's session; the caller commits."""
    session.execute(delete(OperatorSession).where(OperatorSession.key == hashed(key)))


def is_let_in(request: Request) -> bool:
    return is_at_the_machine(request) or has_session(request)


def has_session(request: Request) -> bool:
    key = request.cookies.get(cookie_name(), "")
    if not 20 <= len(key) <= 100:
        return False
    wanted = select(OperatorSession.id).where(OperatorSession.key == hashed(key), OperatorSession.expires > clock.now())
    return db.session.scalar(wanted) is not None


def is_at_the_machine(request: Request) -> bool:
    """Whether this is a local installation, asked by its own machine under its own name.

    The name counts too: a page elsewhere can make its own name lead to this machine (DNS rebinding).
    """
    if not current_app.config["PUBLIC_URL"].startswith(("http://localhost", "http://127.", "http://[::1]")):
        return False
    if request.host.rpartition(":")[0] not in LOCAL_NAMES and request.host not in LOCAL_NAMES:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def cookie_name() -> str:
    return "__Host-operator" if current_app.config["IS_HTTPS"] else "operator"


def set_cookie(response: Response, key: str) -> None:
    """The operator's cookie: this page is never framed, so nothing from another site brings it along."""
    response.set_cookie(
        cookie_name(),
        key,
        int(SESSION_LIVES.total_seconds()),
        path="/",
        httponly=True,
        secure=current_app.config["IS_HTTPS"],
        samesite="Strict",
    )


def form_token(key: str, secret: str = "") -> str:
    """What forms of a browser with this key carry, so that no other page can press their buttons."""
    secret = secret or current_app.config["SECRET_KEY"]
    return hmac.new(f"check:{secret}".encode(), key.encode(), "sha256").hexdigest()


def is_own_form(request: Request) -> bool:
    key = request.cookies.get(cookie_name(), "")
    said = request.form.get("token", "").encode()
    in_force = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return bool(key) and any(hmac.compare_digest(form_token(key, secret).encode(), said) for secret in in_force)
