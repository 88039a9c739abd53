"""Dynamic registration: an LMS that was invited describes itself, takes our description, and waits for an operator.

Follows https://www.imsglobal.org/spec/lti-dr/v1p0 as Moodle 4.5 and Canvas live it. What an LMS answers is kept as it
said it: fewer scopes than we asked for are fewer scopes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.claims import clean_text
from lti_tool.db import create_or_find, find_or_create, new_public_id
from lti_tool.models import Deployment, Platform, Standing
from lti_tool.outgoing.http import Answer, CallFailed, host_of, http
from lti_tool.registering import introducing, invitations, platform_configuration
from lti_tool.registering.invitations import Invitation
from lti_tool.registering.platform_configuration import Configuration, ConfigurationRefused

MOST_BYTES = 256 * 1024
"""Of a configuration, and of the answer to a registration."""
MOST_COMPLAINTS = 10


class RegistrationFailed(Exception):
    """The LMS could not be registered; the message is a sentence for its administrator, without the token."""

    def __init__(self, message: str, status: int = 502) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What the LMS answered: under which client it knows us, and what that client may do."""

    configuration: Configuration
    public_id: str
    client_id: str
    deployment_id: str
    """Empty where it comes with the first launch, as on Canvas."""
    scopes: tuple[str, ...]
    """Empty where the LMS did not say."""
    remarks: tuple[str, ...]


def register(source: str, token: str) -> Granted:
    """Read the configuration at `source`, and register with the LMS it describes; holds no transaction.

    Raises RegistrationFailed.
    """
    configuration = _configuration(source, token)
    public_id = new_public_id()
    asked = introducing.registration(
        public_id, family=configuration.family, scopes=configuration.scopes, messages=configuration.messages
    )
    body = _object(
        _send(configuration.registration_url, token, asked),
        _("The learning platform took the registration, but its answer is not a JSON object."),
    )
    client_id = clean_text(body.get("client_id"))
    if not 1 <= len(client_id) <= 255:
        raise RegistrationFailed(
            _("The learning platform took the registration, but did not say under which client id.")
        )
    scopes = _scopes(body.get("scope"))
    return Granted(
        configuration=configuration,
        public_id=public_id,
        client_id=client_id,
        deployment_id=_deployment(body),
        scopes=scopes,
        remarks=(*configuration.remarks(), *_differences(asked, body)),
    )


def _configuration(source: str, token: str) -> Configuration:
    try:
        answer = http().get(source, headers=_headers(token), most_bytes=MOST_BYTES)
    except CallFailed as problem:
        raise RegistrationFailed(
            _("The configuration of the learning platform could not be read: %(why)s.", why=problem)
        ) from None
    if answer.status in (401, 403):
        raise RegistrationFailed(_token_refused(answer))
    if not answer.is_ok:
        raise RegistrationFailed(
            _("The configuration of the learning platform could not be read: %(why)s.", why=_said(answer))
        )
    document = _object(answer, _("The configuration of the learning platform is not a JSON object."))
    try:
        return platform_configuration.read(document, source)
    except ConfigurationRefused as problem:
        raise RegistrationFailed(str(problem), 422) from None


def _send(url: str, token: str, asked: Mapping[str, Any]) -> Answer:
    headers = {**_headers(token), "Content-Type": "application/json"}
    try:
        answer = http().call("POST", url, body=json.dumps(asked).encode(), headers=headers, most_bytes=MOST_BYTES)
    except CallFailed as problem:
        raise RegistrationFailed(
            _(
                "The learning platform did not take the registration: %(why)s. If a tool named Mentoring was added"
                " there all the same, delete it before you try again.",
                why=problem,
            )
        ) from None
    if answer.is_ok:
        return answer
    if answer.status == 401:
        raise RegistrationFailed(_token_refused(answer))
    why = _complaints(answer) or _said(answer)
    raise RegistrationFailed(_("The learning platform refused the registration: %(why)s.", why=why.removesuffix(".")))


def _headers(token: str) -> dict[str, str]:
    """Canvas asks for the token when its configuration is read as well; Moodle does not mind."""
    bearer = {"Authorization": f"Bearer {token}"} if token else {}
    return {"Accept": "application/json", **bearer}


def _token_refused(answer: Answer) -> str:
    text: str = _(
        "%(host)s does not accept the registration token (HTTP %(status)s). It has expired or was used already: start"
        " the registration again in the learning platform.",
        host=host_of(answer.url),
        status=answer.status,
    )
    return text


def _said(answer: Answer) -> str:
    said = {"host": host_of(answer.url), "status": answer.status}
    text: str = _("%(host)s answered HTTP %(status)s", **said)
    if 300 <= answer.status < 400:
        text = _("%(host)s sends us on to another address (HTTP %(status)s), and that is not followed", **said)
    return text


def _object(answer: Answer, otherwise: str) -> Mapping[str, Any]:
    try:
        body = answer.json()
    except CallFailed:
        body = None
    if not isinstance(body, Mapping):
        raise RegistrationFailed(otherwise)
    return body


def _complaints(answer: Answer) -> str:
    """The reasons an LMS gives: a list under `errors` (Canvas), or one text (RFC 7591, Moodle)."""
    try:
        body = answer.json()
    except CallFailed:
        return ""
    if not isinstance(body, Mapping):
        return ""
    listed = body.get("errors")
    said = listed if isinstance(listed, list) else [listed, *(body.get(n) for n in ("error_description", "message"))]
    found = [text for each in said if (text := _complaint(each))]
    return "; ".join(found[:MOST_COMPLAINTS]) or _complaint(body.get("error"))


def _complaint(said: Any) -> str:
    if isinstance(said, Mapping):
        return ": ".join(text for name in ("field", "message") if (text := clean_text(said.get(name))[:300]))
    return clean_text(said)[:300]


def _deployment(body: Mapping[str, Any]) -> str:
    tool = body.get(introducing.TOOL_CONFIGURATION)
    said = tool.get("deployment_id") if isinstance(tool, Mapping) else None
    deployment_id = clean_text(str(said) if isinstance(said, int) else said)
    return deployment_id if len(deployment_id) <= 255 else ""


def _scopes(said: Any) -> tuple[str, ...]:
    """As granted: one text with spaces, or a list. Never the `claims` of the answer: Moodle fills those wrongly."""
    listed = said.split() if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(dict.fromkeys(each for each in listed if isinstance(each, str) and each in introducing.SCOPES))


def _differences(asked: Mapping[str, Any], body: Mapping[str, Any]) -> list[str]:
    """Where the LMS wrote down other addresses of ours than we gave it."""
    found = []
    for name in ("redirect_uris", "initiate_login_uri", "jwks_uri"):
        if name in body and body[name] != asked[name]:
            found.append(f"The LMS wrote down another {name} than the tool gave it.")
    return found


def keep(session: Session, invitation: Invitation, granted: Granted, *, tries: int, framed_from: list[str]) -> Platform:
    """Store the new platform, waiting for an operator, and use up its invitation; the caller commits.

    Raises RegistrationFailed with 409 if this LMS is registered already; that registration stays as it is.
    """
    configuration, at = granted.configuration, clock.now()
    same = session.scalars(
        select(Platform).where(Platform.issuer == configuration.issuer, Platform.client_id == granted.client_id)
    ).all()
    platform, is_new = create_or_find(
        session,
        Platform,
        {
            "issuer": configuration.issuer,
            "client_id": granted.client_id,
            "jwks_url": configuration.jwks_url,
        },
        public_id=granted.public_id,
        name=configuration.name,
        auth_url=configuration.auth_url,
        token_url=configuration.token_url,
        token_audience=configuration.token_audience or None,
        family=configuration.family,
        standing=Standing.WAITING,
        is_self_registered=True,
        granted_scopes=list(granted.scopes),
        remarks=[*granted.remarks, *_namesakes(same)],
        framed_from=framed_from,
        created=at,
    )
    if not is_new:
        raise RegistrationFailed(
            _(
                "%(issuer)s is registered here already under the client id %(client)s. That registration was left as"
                " it is.",
                issuer=configuration.issuer,
                client=granted.client_id,
            ),
            409,
        )
    if granted.deployment_id:
        key = {"platform_id": platform.id, "deployment_id": granted.deployment_id}
        find_or_create(session, Deployment, key, standing=Standing.WAITING, created=at)
    if not invitations.use_up(session, invitation, platform, tries=tries):
        raise RegistrationFailed(_("The invitation was used by somebody else or taken back in the meantime."), 403)
    return platform


def _namesakes(same: Sequence[Platform]) -> list[str]:
    return [
        f"{each.name} ({each.public_id}, {each.standing}) has the same issuer and client id, but publishes its keys at"
        f" {host_of(each.jwks_url)}. The two are kept apart."
        for each in same
    ]
