"""Query parameters in, a question out, or what is wrong with them."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode

import pytest

from tests.xapi.lrs.telling import LEO, QUIZ, id_of
from xapi.lrs.asking import MOST_STATEMENTS, BadQuery, Query, ask


def asked(query: str) -> Query:
    return ask(parse_qs(query, keep_blank_values=True))


def refusal(query: str) -> str:
    with pytest.raises(BadQuery) as caught:
        asked(query)
    return str(caught.value)


def test_without_parameters_everything_is_asked_for_newest_first():
    assert asked("") == Query()
    assert (Query().limit, Query().ascending, Query().format) == (MOST_STATEMENTS, False, "exact")


def test_every_parameter_is_understood():
    query = asked(
        "verb=https://e.org/v&activity=https://e.org/a&registration=6B2F7A1E-9A7D-4D57-9A5C-0B3A3C6D8E01"
        "&related_activities=true&related_agents=false&since=2026-11-23T10:00:00%2B01:00&until=2026-11-23"
        "&limit=7&ascending=true&format=ids&attachments=true&cursor=12"
    )

    assert query == Query(
        verb="https://e.org/v",
        activity="https://e.org/a",
        registration="6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01",
        related_activities=True,
        since=datetime(2026, 11, 23, 9, tzinfo=UTC),
        until=datetime(2026, 11, 23, tzinfo=UTC),
        limit=7,
        ascending=True,
        format="ids",
        attachments=True,
        cursor=12,
    )


@pytest.mark.parametrize(("sent", "limit"), [("0", MOST_STATEMENTS), ("1", 1), ("9" * 18, MOST_STATEMENTS)])
def test_nobody_gets_more_than_we_give_at_once(sent: str, limit: int):
    assert asked(f"limit={sent}").limit == limit


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("foo=bar", "There is no parameter foo."),
        ("StatementId=x", "There is no parameter StatementId; did you mean statementId?"),
        ("LIMIT=1", "There is no parameter LIMIT; did you mean limit?"),
        ("statementid=" + "0" * 9, "There is no parameter statementid; did you mean statementId?"),
        ("limit=1&limit=2", "The parameter limit may be given only once."),
        ("statementId=abc", "The parameter statementId must be a UUID."),
        ("statementId=", "The parameter statementId must be a UUID."),
        ("voidedStatementId={6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01}", "The parameter voidedStatementId must be a UUID."),
        ("registration=1", "The parameter registration must be a UUID."),
        ("verb=answered", "The parameter verb must be an IRI."),
        ("verb=", "The parameter verb must be an IRI."),
        ("activity=quiz%207", "The parameter activity must be an IRI."),
        ("activity=https://e.org/%00", "The parameter activity must be an IRI."),
        ("related_agents=1", "The parameter related_agents must be true or false."),
        ("related_activities=True", "The parameter related_activities must be true or false."),
        ("ascending=", "The parameter ascending must be true or false."),
        ("attachments=yes", "The parameter attachments must be true or false."),
        ("format=Exact", "The parameter format must be exact, ids or canonical."),
        ("limit=-1", "The parameter limit must be a whole number, 0 for as many as possible."),
        ("limit=1.5", "The parameter limit must be a whole number, 0 for as many as possible."),
        ("limit=%D9%A1", "The parameter limit must be a whole number, 0 for as many as possible."),
        ("limit=" + "9" * 5000, "The parameter limit must be a whole number, 0 for as many as possible."),
        ("cursor=-1", "The parameter cursor must be taken from a `more` link."),
        ("cursor=1;drop", "The parameter cursor must be taken from a `more` link."),
        ("since=yesterday", "The parameter since must be an ISO 8601 date and time (write + as %2B)."),
        ("until=2026-11-23T09:00:00+01:00", "The parameter until must be an ISO 8601 date and time (write + as %2B)."),
        ("until=2026-02-30T09:00:00Z", "The parameter until must be an ISO 8601 date and time (write + as %2B)."),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_answered_is_named(query: str, error: str):
    assert refusal(query) == error


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "leo",
        "null",
        "[]",
        "{}",
        '{"mbox": "leo@example.org"}',
        '{"mbox": "mailto:leo@example.org", "openid": "https://e.org"}',
        '{"mbox": "mailto:leo@example.org", "email": "x"}',
        '{"mbox": "mailto:a@e.org", "mbox": "mailto:b@e.org"}',
        '{"account": {"homePage": "https://e.org"}}',
        '{"account": {"homePage": "https://e.org", "name": 7}}',
        '{"account": {"homePage": "https://e.org", "name": "\\ud800"}}',
        '{"objectType": "Group", "member": [{"mbox": "mailto:a@e.org"}]}',
        '{"objectType": "Person", "mbox": "mailto:a@e.org"}',
        "[" * 5000,
        '{"a":' * 5000,
        '{"mbox": NaN}',
        "9" * 5000,
        "\ufffd",
    ],
)
def test_an_agent_that_says_nobody_is_refused(agent: str):
    assert refusal(urlencode({"agent": agent})) == (
        "The parameter agent must be a JSON object of an agent or an identified group."
    )


@pytest.mark.parametrize(
    "beside",
    [
        {"agent": str(LEO).replace("'", '"')},
        {"verb": QUIZ},
        {"activity": QUIZ},
        {"registration": id_of("x")},
        {"since": "2026-11-23T09:00:00Z"},
        {"until": "2026-11-23T09:00:00Z"},
        {"limit": "1"},
        {"ascending": "false"},
        {"related_agents": "false"},
        {"cursor": "1"},
    ],
)
@pytest.mark.parametrize("which", ["statementId", "voidedStatementId"])
def test_the_id_of_one_statement_takes_no_filter_beside_it(which: str, beside: dict[str, str]):
    [name] = beside

    assert refusal(urlencode({which: id_of("one"), **beside})) == (
        f"The parameter {name} cannot be combined with the id of one statement."
    )


def test_the_id_of_one_statement_takes_format_and_attachments_beside_it():
    one = id_of("one")

    assert asked(f"voidedStatementId={one}&format=ids&attachments=true") == Query(
        voided_statement_id=one, format="ids", attachments=True
    )
    assert refusal(f"statementId={one}&voidedStatementId={one}") == (
        "Ask for statementId or for voidedStatementId, not for both."
    )
