"""A login: which platform knocks, and where the browser goes to be vouched for (security framework 1.0, 5.1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import Connection, bindparam, select

from lti_tool import platforms
from lti_tool.arrivals import kept, verdicts
from lti_tool.arrivals.states import nonce_of
from lti_tool.arrivals.verdicts import Refused
from lti_tool.db import connected, table
from lti_tool.models import Platform, Standing
from lti_tool.prepared import Prepared
from lti_tool.registering.introducing import launch_url

LONGEST_HINT = 16 * 1024
REQUIRED = {"iss": 512, "login_hint": LONGEST_HINT, "target_link_uri": 2048}
OPTIONAL = {"client_id": 255, "lti_message_hint": LONGEST_HINT, "lti_deployment_id": 255}


@dataclass(frozen=True)
class Door:
    """What a login has to know of its platform."""

    id: int
    public_id: str
    issuer: str
    client_id: str
    auth_url: str
    standing: Standing


_PLATFORM = table(Platform).c
_DOORS = select(*(_PLATFORM[each.name] for each in fields(Door)))
_OF_ISSUER = _DOORS.where(_PLATFORM.issuer == bindparam("issuer")).order_by(_PLATFORM.id).limit(100)
_BY_ISSUER = Prepared(_OF_ISSUER)
_BY_CLIENT = Prepared(_OF_ISSUER.where(_PLATFORM.client_id == bindparam("client_id")))
_BY_NAME = Prepared(_OF_ISSUER.where(_PLATFORM.public_id == bindparam("public_id")))


def door_of(said: Mapping[str, str], registration: str) -> Door:
    """The platform that knocks. Raises Refused with the reason for what is missing, odd, unknown or not let in."""
    _check(said)
    issuer, client_id = said["iss"], said.get("client_id", "")

    def find() -> tuple[Door, bool]:
        with connected() as connection:
            return _let_in(connection, issuer, client_id, registration), True

    return kept.found(("door", issuer, client_id, registration), find)


def _let_in(connection: Connection, issuer: str, client_id: str, registration: str) -> Door:
    door = _find(connection, issuer, client_id, registration)
    if door is None:
        reason = verdicts.UNKNOWN_PLATFORM
        if _BY_ISSUER.rows(connection, issuer=issuer) and not (client_id or registration):
            reason = verdicts.AMBIGUOUS_PLATFORM
        raise Refused(reason, f"iss={issuer} client_id={client_id}")
    if door.standing != Standing.ACTIVE:
        raise Refused(verdicts.PLATFORM_WAITING, platform=door.public_id)
    return door


def _check(said: Mapping[str, str]) -> None:
    for name, longest in REQUIRED.items():
        if not 1 <= len(said.get(name, "")) <= longest or "\x00" in said[name]:
            raise Refused(verdicts.MISSING_PARAMETER, name)
    for name, longest in OPTIONAL.items():
        if len(value := said.get(name, "")) > longest or "\x00" in value:
            raise Refused(verdicts.MISSING_PARAMETER, name)
    if not said["target_link_uri"].startswith(current_app.config["PUBLIC_URL"] + "/"):
        raise Refused(verdicts.WRONG_TARGET)


def _find(connection: Connection, issuer: str, client_id: str, registration: str) -> Door | None:
    """The registration named in the address, if issuer and client are that one's; else as `platforms.find`."""
    if registration:
        named = [Door(*row) for row in _BY_NAME.rows(connection, issuer=issuer, public_id=registration)]
        return next((door for door in named if client_id in ("", door.client_id)), None)
    if client_id:
        rows = _BY_CLIENT.rows(connection, issuer=issuer, client_id=client_id)
    else:
        rows = _BY_ISSUER.rows(connection, issuer=issuer)
    return platforms.fitting([Door(*row) for row in rows], is_of_client=bool(client_id))


def onward(door: Door, said: Mapping[str, str], *, state: str) -> str:
    """The platform's address for authentication requests (5.1.1.2); hints go back as they came."""
    asked = {"state": state, "nonce": nonce_of(state), "login_hint": said["login_hint"]}
    if hint := said.get("lti_message_hint"):
        asked["lti_message_hint"] = hint
    return _always(door.auth_url, door.client_id, launch_url()) + urlencode(asked)


@lru_cache(maxsize=256)
def _always(auth_url: str, client_id: str, redirect_uri: str) -> str:
    """What is the same in every request to one platform."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
    }
    return f"{auth_url}{'&' if '?' in auth_url else '?'}{urlencode(asked)}&"
