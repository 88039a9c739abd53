"""Access tokens and calls to an LMS: PyLTI1p3's connector over our client, our token store and our pager."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

import requests
from pylti1p3.exception import LtiException
from pylti1p3.service_connector import ServiceConnector
from sqlalchemy import ForeignKey, String, Text, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool import clock, keys, platforms
from lti_tool.db import Base, db, find_or_create, transaction
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.outgoing.http import MOST_BYTES, Answer, CallFailed, host_of, http, is_late

RENEWED_BEFORE = timedelta(seconds=60)
MOST_PAGES = 2000
MOST_OF_A_LIST = 128 * 1024 * 1024
"""All pages of a list together: a class of 50,000 people takes a quarter of it."""
LONGEST_LIST = 3600.0
"""Seconds within which the last page of a list begins, whoever asks: a thousand pages of a slow Canvas."""
LONGEST_ERRAND = 60.0
"""The same where a letter waits for it, whose lane is held for two minutes."""


class AccessToken(Base):
    """A token an LMS gave us, shared by all processes and sealed at rest."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey(Platform.id))
    sealed: Mapped[str] = mapped_column(Text)
    expires: Mapped[datetime]


class ServiceFailed(Exception):
    """An LMS service said no, or nothing. `status` is what it answered, or None if it did not."""

    def __init__(
        self, message: str, status: int | None = None, retry_after: float | None = None, *, is_token: bool = False
    ) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after
        self.is_token = is_token
        """Whether it was a token that was refused: then the whole registration is concerned, not one address."""

    @property
    def may_pass(self) -> bool:
        """Whether trying again later can help without anybody's doing."""
        return self.status is None or self.status in (408, 423, 425, 429) or self.status >= 500


class ScopeNotGranted(ServiceFailed):
    """The LMS does not let this tool do what the scopes ask for; only somebody there can change that."""

    def __init__(self, scopes: Iterable[str]) -> None:
        named = ", ".join(scope.rpartition("/")[2] for scope in scopes)
        super().__init__(f"the LMS did not grant this tool the permission for it: {named}", 403)


LOCKED = 423
"""What stands for the answer of an LMS that is not even asked; it may pass, and says nothing of its neighbours."""
NOT_GRANTED = ""
"""What stands in place of a token the LMS did not give for these scopes."""
ASKED_AGAIN_AFTER = timedelta(hours=1)


class Connector(ServiceConnector):
    """The library's token handling, with a store that never mixes registrations and with time-outs."""

    def __init__(self, deployment: Deployment) -> None:
        self._platform = deployment.platform
        self._deployment_id = deployment.deployment_id
        self._asked: Sequence[str] = ()
        self._token_session = _TokenSession(http().session)
        super().__init__(platforms.registration_for(self._platform), requests_session=cast(Any, self._token_session))

    def get_access_token(self, scopes: Sequence[str]) -> str:
        cached = self._get_cached_access_token(self._scope_key(scopes))
        if cached == NOT_GRANTED:
            raise ScopeNotGranted(scopes)
        if cached is not None:
            return cached
        self._asked = scopes
        # Only now is the private key needed, and opening it costs more than all else.
        platforms.hand_key_to(self._registration, keys.signing(db.session))
        db.session.commit()
        try:
            return str(super().get_access_token(scopes))
        except LtiException:
            if self._token_session.has_no_scope:
                self._refuse(scopes)
            raise

    def _scope_key(self, scopes: Sequence[str]) -> str:  # type: ignore[override]
        whose = [str(self._platform.id), self._platform.token_url, self._deployment_id, *sorted(scopes)]
        return hashlib.sha256("\n".join(whose).encode()).hexdigest()

    def _get_cached_access_token(self, scope_key: str) -> str | None:
        row = db.session.scalar(select(AccessToken).where(AccessToken.key == scope_key))
        if row is None or row.expires - RENEWED_BEFORE <= clock.now():
            return None
        if row.sealed == NOT_GRANTED:
            return NOT_GRANTED
        try:
            return keys.unseal(row.sealed)
        except keys.SecretsUnreadable:
            return None

    def _cache_access_token(self, scope_key: str, access_token: str, expires_in: float) -> None:
        if self._token_session.lacks(self._asked):
            self._refuse(self._asked)
        expires = clock.now() + timedelta(seconds=min(float(expires_in or 0), 86400))
        self._keep(scope_key, keys.seal(access_token), expires)

    def _refuse(self, scopes: Sequence[str]) -> NoReturn:
        """Remember that these scopes are not granted, so that nothing asks in vain again and again."""
        self._keep(self._scope_key(scopes), NOT_GRANTED, clock.now() + ASKED_AGAIN_AFTER)
        raise ScopeNotGranted(scopes)

    def _keep(self, scope_key: str, sealed: str, expires: datetime) -> None:
        with transaction() as session:
            row, _ = find_or_create(
                session,
                AccessToken,
                {"key": scope_key},
                platform_id=self._platform.id,
                sealed=sealed,
                expires=expires,
            )
            row.sealed, row.expires = sealed, expires

    def forget(self, scopes: Sequence[str]) -> None:
        """Drop a token the LMS no longer takes."""
        with transaction() as session:
            session.execute(delete(AccessToken).where(AccessToken.key == self._scope_key(scopes)))

    def encode_jwt(self, message: dict[str, Any], private_key: str, headers: dict[str, str]) -> str:
        # Core specification since 24 January 2023: an assertion should name its deployment.
        named = {**message, "https://purl.imsglobal.org/spec/lti/claim/deployment_id": self._deployment_id}
        return str(super().encode_jwt(named, private_key, headers))


class _TokenSession:
    """Passes a request for a token on and keeps what the answer says of scopes, which the library does not look at."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._said: Mapping[str, Any] = {}

    def post(self, url: str, **rest: Any) -> requests.Response:
        db.session.commit()  # The library has just asked our store for a token; nothing is held while it asks the LMS.
        response = self._session.post(url, **rest)
        try:
            said = response.json()
        except ValueError:
            said = None
        self._said = said if isinstance(said, dict) else {}
        return response

    @property
    def has_no_scope(self) -> bool:
        """Whether none was granted (RFC 6749, section 5.2)."""
        return self._said.get("error") == "invalid_scope"

    def lacks(self, scopes: Sequence[str]) -> bool:
        """Whether fewer were granted than asked for; an answer that names none grants all (RFC 6749, section 5.1)."""
        granted = self._said.get("scope")
        return isinstance(granted, str) and bool(granted.split()) and not set(scopes) <= set(granted.split())


def forget_refusals(platform: Platform) -> None:
    """Ask this LMS again for what it did not grant; the caller commits."""
    db.session.execute(
        delete(AccessToken).where(AccessToken.platform_id == platform.id, AccessToken.sealed == NOT_GRANTED)
    )


@dataclass(frozen=True)
class Service:
    """Calls to the services of one deployment's LMS, with the scopes they need."""

    deployment: Deployment
    scopes: Sequence[str]
    named: Sequence[str | None] = ()
    """Addresses that a verified launch named: hosted Canvas keeps services on each school's own host."""
    last_moment: float | None = None
    """By `time.monotonic()`: no further page is asked for after it."""

    def call(
        self,
        method: str,
        url: str,
        *,
        accept: str,
        body: bytes | None = None,
        content_type: str | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Answer:
        """One call with a token; a token the LMS refuses is renewed once.

        Raises ServiceFailed if no token is to be had or no answer came, and where nobody is let in from there.
        """
        self._check_standing()
        self.check_host(url)
        connector = Connector(self.deployment)
        for _try in range(2):
            headers = {"Authorization": f"Bearer {self._token(connector)}", "Accept": accept}
            if content_type:
                headers["Content-Type"] = content_type
            answer = self._send(method, url, headers, body, most_bytes)
            if answer.status != 401:
                return answer
            connector.forget(self.scopes)
        return answer

    def renew_token(self) -> None:
        """Ask for a new token, whatever is kept. Raises ServiceFailed."""
        connector = Connector(self.deployment)
        connector.forget(self.scopes)
        self._token(connector)

    def _check_standing(self) -> None:
        if not self.deployment.standing == self.deployment.platform.standing == Standing.ACTIVE:
            # It may be let in again: what waits goes on waiting.
            raise ServiceFailed("this platform, or this installation of the tool there, is not let in", LOCKED)

    def check_host(self, url: str) -> None:
        """Send a token only where the platform itself lives, or where a launch it signed says its services are."""
        platform = self.deployment.platform
        places = (platform.token_url, platform.auth_url, platform.issuer, *self.named)
        own = {_origin(each) for each in places if each}
        is_safe = url.startswith("https://") or not platform.token_url.startswith("https://")
        if _origin(url) not in own or not is_safe:
            raise ServiceFailed(f"{host_of(url)} is not where this platform lives; nothing was sent there", 400)

    def _token(self, connector: Connector) -> str:
        if not all(platforms.allows(self.deployment.platform, scope) for scope in self.scopes):
            raise ScopeNotGranted(self.scopes)
        try:
            return str(connector.get_access_token(self.scopes))
        except ScopeNotGranted:
            raise
        except CallFailed as problem:
            raise ServiceFailed(f"the LMS gave no access token: {problem}", is_token=True) from None
        except LtiException as problem:
            response = getattr(problem, "response", None)
            status = getattr(response, "status_code", None)
            raise ServiceFailed(f"the LMS gave no access token (HTTP {status})", status, is_token=True) from None
        except SQLAlchemyError:
            raise
        except Exception as problem:
            # Whatever an LMS puts in place of a token, the library trips over it in its own way.
            where = host_of(self.deployment.platform.token_url)
            why = f": {where} did not answer in time" if is_late(problem) else f" ({where}: {type(problem).__name__})"
            raise ServiceFailed(f"the LMS gave no access token{why}") from None

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, most_bytes: int) -> Answer:
        db.session.commit()
        try:
            return http().call(method, url, body=body, headers=headers, most_bytes=most_bytes)
        except CallFailed as problem:
            raise ServiceFailed(str(problem)) from None

    def pages(self, url: str, *, accept: str, most_bytes: int = MOST_BYTES) -> Iterator[Answer]:
        """Every page from `url` on, each of at most so many bytes, following `rel=next` on the platform's own host.

        Raises ServiceFailed on an error, a loop, a foreign host, more than 2,000 pages, or more than anybody can hold.
        """
        last_moment = self.last_moment if self.last_moment is not None else time.monotonic() + LONGEST_LIST
        size = 0
        seen: set[str] = set()
        following: str | None = url
        while following:
            if following in seen or len(seen) >= MOST_PAGES:
                raise ServiceFailed("the pages of the LMS's list never end", 400)
            if time.monotonic() > last_moment:
                raise ServiceFailed("the LMS takes too long to hand out its list")
            seen.add(following)
            answer = self.call("GET", following, accept=accept, most_bytes=most_bytes)
            if not answer.is_ok:
                raise failure(answer)
            if (size := size + len(answer.body)) > MOST_OF_A_LIST:
                raise ServiceFailed("the LMS's list is larger than any honest one", 400)
            yield answer
            following = next_page(answer)
            if following and _origin(following) != _origin(url):
                raise ServiceFailed(f"the list goes on at {host_of(following)}, which is another host", 400)


def failure(answer: Answer) -> ServiceFailed:
    """What an unfriendly answer means; its text stays out, it may hold names."""
    return ServiceFailed(f"{host_of(answer.url)} answered HTTP {answer.status}", answer.status, seconds_asked(answer))


def seconds_asked(answer: Answer) -> float | None:
    """How long `Retry-After` asks us to wait, at most an hour; None if it says nothing, or nothing sensible."""
    after = answer.headers.get("retry-after", "")
    is_number = after.isascii() and after.isdecimal() and len(after) < 10
    return min(float(after), 3600.0) or None if is_number else None


def next_page(answer: Answer) -> str | None:
    """The address of `rel=next`, quoted or not, exactly as sent (RFC 8288)."""
    for target, parameters in re.findall(r"<([^<>]*)>([^<]*)", answer.headers.get("link", "")):
        # Split and not matched: a pattern for all of it would try each way to divide a header of nothing but gaps.
        for name, _, value in (each.partition("=") for each in parameters.lower().split(";")):
            if name.strip() == "rel" and "next" in value.strip(' \t,"').split():
                return str(target)
    return None


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", url, None
    return parts.scheme, (parts.hostname or "").lower(), port
