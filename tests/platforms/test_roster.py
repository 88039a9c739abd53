"""The five certification cases of names and roles, each as the platform sees it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool.claims import ROSTER_SCOPE
from lti_tool.models import Course, Enrolment
from lti_tool.outgoing.http import BoundedSession
from tests.conftest import Arrive


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, str], Any]]:
    """Every call that left the tool: method, address, headers and body."""
    seen: list[tuple[str, str, dict[str, str], Any]] = []
    ask = BoundedSession.request

    def note(self: BoundedSession, method: Any, url: Any, *args: Any, **rest: Any) -> Any:
        seen.append((str(method), str(url), dict(rest.get("headers") or {}), rest.get("data")))
        return ask(self, method, url, *args, **rest)

    monkeypatch.setattr(BoundedSession, "request", note)
    return seen


def asked_for_members(sent: list[tuple[str, str, dict[str, str], Any]]) -> list[tuple[str, str, dict[str, str]]]:
    return [(method, url, headers) for method, url, headers, _body in sent if "/memberships" in url]


def test_an_instructors_launch_with_a_roster_service_is_let_in_and_its_people_are_known(
    session: Session, campus: CampusInHand, arrive: Arrive
):
    """CERT-NRPS-01"""
    client = arrive("ines")

    assert client.get(client.page).status_code == 200  # type: ignore[attr-defined]
    assert len(session.scalars(select(Enrolment)).all()) == len(campus.people())
    assert session.scalars(select(Course.roster_url)).one() == f"{campus.url}/services/2/memberships"


def test_the_roster_is_got_from_the_address_the_launch_named(campus: CampusInHand, arrive: Arrive, sent):
    """CERT-NRPS-02"""
    arrive("ines")

    asked = asked_for_members(sent)
    assert {method for method, _url, _headers in asked} == {"GET"}
    assert asked[0][1].startswith(f"{campus.url}/services/2/memberships?")


def test_the_roster_is_asked_for_in_its_media_type(arrive: Arrive, sent):
    """CERT-NRPS-03"""
    arrive("ines")

    accepted = {headers["Accept"] for _method, _url, headers in asked_for_members(sent)}
    assert accepted == {"application/vnd.ims.lti-nrps.v2.membershipcontainer+json"}


def test_every_page_is_asked_for_with_one_valid_bearer_token(campus: CampusInHand, arrive: Arrive, sent):
    """CERT-NRPS-04"""
    arrive("ines")

    shown = {headers["Authorization"] for _method, _url, headers in asked_for_members(sent)}
    [token] = shown
    assert token.startswith("Bearer ")
    assert [each.status for each in campus.requests if each.endpoint == "names_roles.memberships"] == [200] * 4


def test_the_token_is_asked_for_with_the_scope_of_the_roster_alone(campus: CampusInHand, arrive: Arrive, sent):
    """CERT-NRPS-05"""
    arrive("ines")

    scopes = [body["scope"] for _method, url, _headers, body in sent if url.endswith("/oauth/token")]
    assert scopes[0] == ROSTER_SCOPE == "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
