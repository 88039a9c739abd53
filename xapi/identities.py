"""Who people are in statements that leave: the account the LMS knows, a pseudonym, or a mail address.

By default an LRS outside learns of accounts, the platform's issuer and its `sub`, as the LMS's own statements name
them. An endpoint may be set to pseudonyms, which nobody can lead back without its key, or to mail addresses of those
who agree, with pseudonyms for everybody else. Only how somebody is named changes; a statement keeps its id.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from xapi.validation.values import is_mailto

Agent = Mapping[str, Any]
Name = Callable[[str, str], Agent]
"""What to say of the account with this home page and name."""

_PLACES = ("actor", "object")
_IN_CONTEXT = ("instructor", "team")
_COMPANY = {"contextAgents": "agent", "contextGroups": "group"}


class Actors(StrEnum):
    """How an endpoint wants people to be named."""

    ACCOUNT = "account"
    PSEUDONYM = "pseudonym"
    MAIL = "mail"


def renamed(statement: Mapping[str, Any], name: Name, *, ours: str) -> dict[str, Any]:
    """The statement with everybody in it named so, but for this installation, whose home page is `ours`."""

    def agent(found: Mapping[str, Any]) -> Mapping[str, Any]:
        if "member" in found:
            found = {**found, "member": [agent(each) for each in found["member"]]}
        account = found.get("account")
        if account is None or account["homePage"] == ours:
            return found
        rest = {part: value for part, value in found.items() if part not in ("account", "name")}
        return {"objectType": "Agent", **rest, **name(account["homePage"], account["name"])}

    said = dict(statement)
    for place in _PLACES:
        if said[place].get("objectType", "Activity" if place == "object" else "Agent") in ("Agent", "Group"):
            said[place] = agent(said[place])
    if "context" not in said:
        return said
    context: dict[str, Any] = {place: agent(found) for place, found in said["context"].items() if place in _IN_CONTEXT}
    for place, who in _COMPANY.items():
        if place in said["context"]:
            context[place] = [{**each, who: agent(each[who])} for each in said["context"][place]]
    return {**said, "context": {**said["context"], **context}}


def pseudonyms(key: bytes, home_page: str) -> Name:
    """Accounts of this home page, by HMAC-SHA256 under the key: who is one person here is one there."""

    def name(issuer: str, subject: str) -> Agent:
        digest = hmac.new(key, f"{issuer}|{subject}".encode(), hashlib.sha256).hexdigest()
        return {"account": {"homePage": home_page, "name": digest[:32]}}

    return name


def by_mail(address_of: Callable[[str, str], str], otherwise: Name) -> Name:
    """Mail addresses, by issuer and subject; whoever has none that will do is named otherwise."""

    def name(issuer: str, subject: str) -> Agent:
        mbox = f"mailto:{address_of(issuer, subject)}"
        return {"mbox": mbox} if is_mailto(mbox) else otherwise(issuer, subject)

    return name
