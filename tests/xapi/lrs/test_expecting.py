"""The replay notices an answer that has the right status and says something else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, TestResponse

from tests.xapi.lrs.expecting import Expectation, Sent
from tests.xapi.samples import AGENT, BASE, changed

ADDED = {
    "stored": "2026-11-23T09:00:00.000Z",
    "authority": {"objectType": "Agent", "account": {"homePage": "https://e.org", "name": "k"}},
    "version": "1.0.0",
}
KEPT = {**BASE, **ADDED}
READ = Sent("GET", "/statements", {"statementId": BASE["id"]}, "", "")
LIST = Sent("GET", "/statements", {"limit": "1"}, "", "")
TELL = Sent("POST", "/statements", {}, "application/json", json.dumps(BASE))
WHERE = {"agent": json.dumps(AGENT), "profileId": "one"}
EXCHANGE = {"status": 200, "resp": {"type": "application/json"}}


def answer(said: Any, status: int = 200, more: Mapping[str, str] | None = None) -> TestResponse:
    headers = Headers(
        {
            "Content-Type": "application/json",
            "X-Experience-API-Version": "1.0.3",
            "X-Experience-API-Consistent-Through": ADDED["stored"],
            "Last-Modified": "Mon, 23 Nov 2026 09:00:00 GMT",
        }
    )
    headers.update(more or {})
    body = [said if isinstance(said, bytes) else json.dumps(said).encode()]
    return TestResponse(body, str(status), headers, EnvironBuilder().get_request())


@pytest.fixture
def expectation() -> Expectation:
    """Of a store that was told one statement."""
    found = Expectation("1.0.3")
    assert found.faults(EXCHANGE, TELL, answer([BASE["id"]])) == []
    return found


def test_what_is_as_it_was_told_passes(expectation: Expectation):
    assert expectation.faults(EXCHANGE, READ, answer(KEPT)) == []
    assert expectation.faults(EXCHANGE, LIST, answer({"statements": [KEPT], "more": ""})) == []


@pytest.mark.parametrize(
    ("request_", "spoilt"),
    [
        (READ, answer(changed(("verb.display", {}), base=KEPT))),
        (READ, answer(changed(("result.score.raw", 4), base=KEPT))),
        (READ, answer(changed(("timestamp", "2026-11-22T12:00:00Z"), base=KEPT))),
        (READ, answer({name: part for name, part in KEPT.items() if name != "result"})),
        (READ, answer({name: part for name, part in KEPT.items() if name != "authority"} | {"authority": AGENT})),
        (READ, answer({**KEPT, "extra": 1})),
        (READ, answer({**KEPT, "id": "00000000-0000-4000-8000-000000000000"})),
        (READ, answer(KEPT, more={"X-Experience-API-Version": "2.0.0"})),
        (READ, answer(KEPT, more={"X-Experience-API-Consistent-Through": ""})),
        (READ, answer(KEPT, more={"Content-Type": "text/plain"})),
        (READ, answer(KEPT, more={"ETag": "one"})),
        (READ, answer({"error": ""}, 400)),
        (READ, answer({"why": "Because."}, 400)),
        (LIST, answer({"statements": [KEPT, KEPT], "more": ""})),
        (LIST, answer({"statements": [KEPT]})),
        (TELL, answer(["00000000-0000-4000-8000-000000000000"])),
        (TELL, answer([BASE["id"], BASE["id"]])),
        (TELL, answer([BASE["id"]], 204)),
    ],
)  # fmt: skip
def test_what_says_something_else_does_not(expectation: Expectation, request_: Sent, spoilt: TestResponse):
    assert expectation.faults(EXCHANGE, request_, spoilt) != []


def test_what_was_voided_is_in_no_list(expectation: Expectation):
    voiding = {**BASE, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}}
    voiding |= {
        "id": "00000000-0000-4000-8000-000000000001",
        "object": {"objectType": "StatementRef", "id": BASE["id"]},
    }
    told = Sent("PUT", "/statements", {"statementId": voiding["id"]}, "application/json", json.dumps(voiding))

    assert expectation.faults(EXCHANGE, told, answer(b"", 204)) == []
    assert expectation.faults(EXCHANGE, LIST, answer({"statements": [KEPT], "more": ""})) == ["something voided"]


def test_a_document_is_what_was_put_and_posted():
    expectation, marks = Expectation("1.0.3"), {"ETag": '"' + "a" * 40 + '"'}
    kept = {"status": 200, "resp": {"type": "application/json", "etag": True}}
    read = Sent("GET", "/agents/profile", WHERE, "", "")

    def heard(request: Sent, said: TestResponse) -> list[str]:
        # Only statements say up to when nothing is missing.
        del said.headers["X-Experience-API-Consistent-Through"]
        return expectation.faults(kept, request, said)

    for method, body in (("PUT", '{"a": 1}'), ("POST", '{"b": 2}')):
        heard(Sent(method, "/agents/profile", WHERE, "application/json", body), answer(b"", 204))

    assert heard(read, answer({"b": 2, "a": 1}, more=marks)) == []
    assert heard(read, answer({"b": 2}, more=marks)) != []
    assert heard(read, answer({"b": 2, "a": 1})) == ["etag"]
    assert heard(Sent("GET", "/agents/profile", {"agent": WHERE["agent"]}, "", ""), answer(["one"], more=marks)) == []
    assert heard(Sent("GET", "/agents/profile", {"agent": WHERE["agent"]}, "", ""), answer([], more=marks)) != []
