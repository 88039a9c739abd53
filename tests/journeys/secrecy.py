"""What must never be told, as it comes along in a test, and where it is looked for."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, request

from campus.testing import CampusInHand
from lti_tool import keys
from lti_tool.arrivals import handing_over
from lti_tool.outgoing.services import Connector
from lti_tool.registering import invitations

WORDS_OF_OURS = {"Learner", "Test", "Student", "script", "alert", "und"}
"""Words in names of the campus's people that the tool's own sentences and paths have too."""


SECRET_FIELDS = ("id_token", "state", "registration_token", "confirm", "ticket")


class Secrets:
    """Tokens, keys and whatever else opens something."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch, **known: str) -> None:
        self.found = dict(known)
        app.before_request_funcs.setdefault(None, []).insert(0, self._keep_what_came)
        self._wrap(monkeypatch, Connector, "get_access_token", "access token")
        self._wrap(monkeypatch, Connector, "encode_jwt", "client assertion")
        self._wrap(monkeypatch, handing_over, "issue", "ticket")
        make, seal = invitations.make, keys.seal

        def made(*args: Any, **rest: Any) -> Any:
            invitation, secret = make(*args, **rest)
            return invitation, self.keep("invitation", secret)

        monkeypatch.setattr(invitations, "make", made)
        monkeypatch.setattr(keys, "seal", lambda text: seal(self.keep("sealed text", text)))

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, what: str) -> None:
        """Keep whatever this returns."""
        real = getattr(place, name)
        monkeypatch.setattr(place, name, lambda *args, **rest: self.keep(what, real(*args, **rest)))

    def _keep_what_came(self) -> None:
        request.get_data()  # Kept by the request, so that the tool can read it after us.
        for name in SECRET_FIELDS:
            if len(secret := request.form.get(name, "")) > 8:
                self.keep(name, secret)
        for name, secret in request.cookies.items():
            self.keep(f"cookie {name}", secret)
        for notice in (request.get_json(silent=True) or {}).get("notices", []):
            self.keep("notice", notice["jwt"])

    def keep(self, what: str, secret: str) -> str:
        self.found[f"{what} {len(self.found)}"] = secret
        return secret

    @property
    def kinds(self) -> set[str]:
        return {what.rpartition(" ")[0] for what in self.found}

    def seen_in(self, text: str) -> list[str]:
        return [what for what, secret in self.found.items() if secret in text]


def lines(caplog: pytest.LogCaptureFixture) -> str:
    """Every record with its traceback, as a handler that knows no mercy writes it."""
    told = []
    for record in caplog.records:
        told.append(f"{record.name} {record.getMessage()} {record.args}")
        if record.exc_info:
            told.append("".join(traceback.format_exception(*record.exc_info)))
    return "\n".join(told)


def names(campus: CampusInHand) -> set[str]:
    """Everybody's names and mails, whole and word by word."""
    return {word for person in campus.here.register.people() for word in _of(person)} - WORDS_OF_OURS


def _of(person: Any) -> Iterator[str]:
    for each in filter(None, (person.name, person.given, person.family, person.email)):
        words = [each] if "@" in each else [each, *re.findall(r"\w+", each)]
        yield from (word for word in words if len(word) > 2 or not word.isascii())


def named_in(text: str, campus: CampusInHand) -> list[str]:
    """Whose names stand there, as words of their own."""
    words = set(re.findall(r"\w+", text))
    return sorted(each for each in names(campus) if (each in words if each.isalpha() else each in text))
