"""Where the independent judges agree with our validator, and the few places where they do not."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import requests

from tests import judges
from tests.judges import JudgeMissing, RealLrs
from tests.xapi import cases
from tests.xapi.samples import BASE, changed, corpus
from xapi.profile import examples
from xapi.profile.templates import TEMPLATES

Judge = Callable[[Sequence[object]], list[list[str]]]

THE_JUDGE_TAKES = {
    "not a duration": {"duration P1DT", "duration -P1D"},
    "not in the calendar, or not the extended form": {
        "time 2023-02-29T00:00:00Z",
        "time 0000-01-01T00:00:00Z",
        "time 20230101T000000Z",
    },
    "characters that RFC 3987 forbids, or nothing behind the scheme": {
        "IRI 1a:b",
        "IRI a:",
        "IRI https://e.org/<x>",
        "IRI https://e.org/{x}",
        "IRI https://e.org/a|b",
        "IRI https://e.org/%zz",
        "IRI https://e.org/%",
        "IRI with a space",
        "IRI with a hard space",
        "IRI with a control character",
        "mail MAILTO:a@e.org",
    },
    "braces": {"UUID in braces"},
    "a minimum that is not less than the maximum": {"min equals max"},
    "a missing objectType where the default would be another one": {
        "statement ref without objectType",
        "group without objectType",
    },
    "groups as members": {"group in a group"},
    "any number as length and any word as hash": {
        "attachment of negative length",
        "attachment with sha1",
        "attachment hash of 55 digits",
        "attachment hash of 129 digits",
        "attachment hash is no hash",
    },
}
THE_JUDGE_REFUSES = {
    "fractions of anything but seconds, and the decimal comma": {
        "duration P1.5W",
        "duration PT1,5S",
        "duration PT1.5H",
    },
    "offsets of less than an hour": {"time 2026-11-22T12:00:00-00:30"},
    "schemes with other characters than letters and digits": {"IRI a+b.c-d:e"},
    "addresses without a dot or beyond ASCII": {
        "mail mailto:a@localhost",
        "mail mailto:maya@räksmörgås.example",
    },
    "UUIDs of other variants than RFC 4122's": {"UUID of zeros"},
}


def judged_valid(judge: Judge, statements: Mapping[str, object]) -> set[str]:
    verdicts = judge(list(statements.values()))
    return {name for name, warnings in zip(statements, verdicts, strict=True) if not warnings}


def test_the_judge_refuses_every_invalid_statement_of_the_corpus(judge: Judge):
    invalid = {line["n"]: line["statement"] for line in corpus("1.0.3") if not line["valid"]}

    assert judged_valid(judge, invalid) == set()


def test_the_judge_refuses_valid_ones_of_the_corpus_only_for_single_context_activities(judge: Judge):
    valid = {line["n"]: line["statement"] for line in corpus("1.0.3") if line["valid"]}

    refused = set(valid) - judged_valid(judge, valid)

    assert refused == {n for n, statement in valid.items() if has_single_activity(statement)}
    assert len(refused) == 16


def has_single_activity(statement: dict[str, object]) -> bool:
    thing = statement["object"]
    nested = isinstance(thing, dict) and thing.get("objectType") == "SubStatement" and has_single_activity(thing)
    context = statement.get("context")
    activities = context.get("contextActivities", {}) if isinstance(context, dict) else {}
    return nested or any(isinstance(value, dict) for value in activities.values())


def test_the_judge_refuses_the_forty_bad_statements_but_one(judge: Judge):
    assert judged_valid(judge, cases.BAD_FORTY) == {"32 component ids twice"}


def test_the_judge_accepts_the_23_good_statements_but_one(judge: Judge):
    assert set(cases.GOOD_23) - judged_valid(judge, cases.GOOD_23) == {"single context activity"}


def test_the_judge_is_laxer_than_we_are_in_known_places_only(judge: Judge):
    assert judged_valid(judge, cases.EDGE_BAD) == set.union(*THE_JUDGE_TAKES.values())


def test_the_judge_is_narrower_than_the_specification_in_known_places_only(judge: Judge):
    refused = set(cases.EDGE_GOOD) - judged_valid(judge, cases.EDGE_GOOD)

    assert refused == set.union(*THE_JUDGE_REFUSES.values())


def test_the_judge_accepts_the_example_of_each_template(judge: Judge):
    found = examples.examples()

    assert judged_valid(judge, found) == {template.key for template in TEMPLATES}


def test_a_real_lrs_stores_a_statement_and_gives_it_back(real_lrs: RealLrs):
    # This LRS adds objectType to every activity, so what should come back equal has to say it.
    course = {"objectType": "Activity", "id": "https://moodle.example.org/course/view.php?id=2"}
    statement = changed(("context.contextActivities", {"grouping": [course]}))
    headers, who = {"X-Experience-API-Version": "1.0.3"}, ("any", "body")
    url = real_lrs.endpoint + "statements"

    sent = requests.post(url, json=[statement], headers=headers, auth=who, timeout=10)
    read = requests.get(url, params={"statementId": BASE["id"]}, headers=headers, auth=who, timeout=10)

    assert (sent.status_code, sent.json()) == (200, [BASE["id"]])
    assert {key: read.json()[key] for key in statement} == statement


def test_a_missing_judge_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.judges.shutil.which", lambda _name: "/usr/bin/node")

    with pytest.raises(JudgeMissing, match=r"^The npm judges are not installed: run npm ci in tests/judges\.$"):
        judges.node_for(Path("tests/judges/node_modules/nobody"))


def test_without_node_there_is_no_judge(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(JudgeMissing, match=r"^Node is not installed, so the npm judges cannot run\.$"):
        judges.judge([BASE])
