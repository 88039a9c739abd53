"""What we ask of our own statements beyond what a store must accept."""

import pytest

from tests.xapi.samples import AGENT, BASE, QUIZ, REFERENCE, SUB_STATEMENT, VOIDED, about, changed, without
from xapi.validation import emitter_errors, errors


def said(statement: object) -> list[str]:
    return [str(fault) for fault in emitter_errors(statement)]


def test_the_base_statement_may_be_sent():
    assert said(BASE) == []


@pytest.mark.parametrize("statement", [about(AGENT), about(REFERENCE), about(SUB_STATEMENT)])
def test_other_kinds_of_object_may_be_sent(statement: object):
    assert said(statement) == []


@pytest.mark.parametrize(
    ("statement", "faults"),
    [
        (changed(("version", "1.0.0")), ["version: is left to the store"]),
        (changed(("stored", BASE["timestamp"])), ["stored: is left to the store"]),
        (changed(("authority", AGENT)), ["authority: is left to the store"]),
        (without("id"), ["id: required of our own statements"]),
        (without("timestamp"), ["timestamp: required of our own statements"]),
        (
            changed(("timestamp", "2026-11-22T12:00:00Z")),
            ["timestamp: must be in UTC with milliseconds and Z"],
        ),
        (
            changed(("timestamp", "2026-11-22T12:00:00.123456Z")),
            ["timestamp: must be in UTC with milliseconds and Z"],
        ),
        (
            changed(("timestamp", "2026-11-22T12:00:00.123+00:00")),
            ["timestamp: must be in UTC with milliseconds and Z"],
        ),
        (
            changed(("context.contextActivities.grouping", QUIZ)),
            ["context.contextActivities.grouping: must be an array"],
        ),
        (changed(("id", BASE["id"].upper())), ["id: must be in lower case"]),
        (
            changed(("context.registration", BASE["context"]["registration"].upper())),
            ["context.registration: must be in lower case"],
        ),
        (
            changed(("context.statement", {**REFERENCE, "id": "ABCDEFAB-bb2b-4a9d-8c2e-000000000002"})),
            ["context.statement.id: must be in lower case"],
        ),
        (
            about({**REFERENCE, "id": "ABCDEFAB-bb2b-4a9d-8c2e-000000000002"}),
            ["object.id: must be in lower case"],
        ),
        (
            about(
                {
                    **SUB_STATEMENT,
                    "timestamp": "2026-11-22T12:00:00Z",
                    "context": {"contextActivities": {"other": QUIZ}},
                }
            ),
            [
                "object.timestamp: must be in UTC with milliseconds and Z",
                "object.context.contextActivities.other: must be an array",
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_store_would_take_but_we_do_not_send(statement: object, faults: list[str]):
    assert errors(statement) == []
    assert said(statement) == faults


@pytest.mark.parametrize("value", [None, [], "x", {}, {"object": []}, {"context": {"contextActivities": []}}])
def test_what_is_no_statement_is_refused_without_stumbling(value: object):
    assert said(value) != []


def test_what_a_store_refuses_we_refuse_too():
    assert said(changed(("verb.id", VOIDED))) == ["object: must be a StatementRef to void"]
