"""Registering through the pages, as an administrator's browser does: open the link, press the one button."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.registering import introducing, invitations
from lti_tool.registering.invitations import Invitation


@dataclass
class Invited:
    """An open invitation: its address, and its row."""

    link: str
    row: Invitation

    @property
    def state(self) -> str:
        db.session.refresh(self.row)
        return self.row.state(clock.now()).value


def invite(hours: int = 24, note: str = "") -> Invited:
    with transaction() as session:
        row, secret = invitations.make(session, hours=hours, note=note)
    return Invited(introducing.invitation_url(secret), row)


def opened(client: FlaskClient, link: str, **said: str) -> TestResponse:
    """The page of an invitation, opened by an LMS that says this."""
    return client.get(f"{link}?{urlencode(said)}" if said else link)


def pressed(client: FlaskClient, page: TestResponse) -> TestResponse:
    """The one button of that page."""
    form = _Form(page.text)
    assert form.action, page.text
    return client.post(form.action, data=form.fields)


class _Form(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = said["action"]
        if tag == "input" and "name" in said:
            self.fields[said["name"]] = said.get("value", "")


def words(page: TestResponse) -> str:
    """What a person reads on the page, in one line."""
    text = _Text(page.text)
    return " ".join(" ".join(text.found).split())


class _Text(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = self._is_inside or tag == "h1"

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found.append(data)
