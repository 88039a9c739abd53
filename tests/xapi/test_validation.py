"""The validator against the corpus, against statements older than itself, and at the edges."""

import copy
import json
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.xapi import cases
from tests.xapi.reasons import REASONS
from tests.xapi.samples import AGENT, ATTACHMENT, BASE, GROUP, changed, corpus
from xapi.validation import MalformedJsonError, Version, errors, strict_json

VERSIONS: tuple[Version, ...] = ("1.0.3", "2.0.0")


def accepted(statements: Mapping[str, object], version: Version) -> list[str]:
    return [name for name, statement in statements.items() if not errors(statement, version)]


def refused(statements: Mapping[str, object], version: Version) -> dict[str, list[str]]:
    found = {name: [str(fault) for fault in errors(case, version)] for name, case in statements.items()}
    return {name: faults for name, faults in found.items() if faults}


def said(statement: object, version: Version = "1.0.3") -> list[str]:
    return [str(fault) for fault in errors(statement, version)]


@pytest.mark.parametrize(("version", "valid", "invalid"), [("1.0.3", 274, 540), ("2.0.0", 284, 557)])
def test_every_verdict_on_the_corpus_is_the_recorded_one(version: Version, valid: int, invalid: int):
    lines = list(corpus(version))

    wrong = [line["n"] for line in lines if bool(errors(line["statement"], version)) == line["valid"]]

    assert wrong == []
    assert [line["valid"] for line in lines].count(True) == valid
    assert [line["valid"] for line in lines].count(False) == invalid


@pytest.mark.parametrize("version", VERSIONS)
def test_none_of_the_forty_bad_statements_is_accepted(version: Version):
    assert len(cases.BAD_FORTY) == 40
    assert accepted(cases.BAD_FORTY, version) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_none_of_the_23_good_statements_is_refused(version: Version):
    assert len(cases.GOOD_23) == 23
    assert refused(cases.GOOD_23, version) == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_beyond_the_edges_is_accepted(version: Version):
    only_in_2 = ["context agents are of 2.0"] if version == "2.0.0" else []

    assert len(cases.EDGE_BAD) > 130
    assert accepted(cases.EDGE_BAD, version) == only_in_2


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_within_the_edges_is_refused(version: Version):
    assert len(cases.EDGE_GOOD) > 120
    assert refused(cases.EDGE_GOOD, version) == {}


def test_every_bad_case_is_refused_for_its_own_reason():
    found = {name: said(statement)[:1] for name, statement in {**cases.BAD_FORTY, **cases.EDGE_BAD}.items()}

    assert found == {name: [reason] for name, reason in REASONS.items()}
    assert len(REASONS) + len(cases.GOOD_23) + len(cases.EDGE_GOOD) > 350


def test_times_without_offset_are_fine_in_1_0_3_and_refused_in_2_0_0():
    assert refused(cases.TIMES_OF_1_0_3_ONLY, "1.0.3") == {}
    assert accepted(cases.TIMES_OF_1_0_3_ONLY, "2.0.0") == []


def test_version_2_0_0_knows_its_own_version_and_1_0_3_does_not():
    statements = {value: changed(("version", value)) for value in ("2.0", "2.0.0", "2.0.7", "2.1.0", "3.0.0")}

    assert accepted(statements, "1.0.3") == []
    assert accepted(statements, "2.0.0") == ["2.0", "2.0.0", "2.0.7"]


def test_people_in_the_context_of_2_0_0_say_what_they_are():
    mentor = {"objectType": "contextAgent", "agent": AGENT}
    team = {"objectType": "contextGroup", "group": GROUP, "relevantTypes": ["https://e.org/type"]}
    unnamed = {"agent": AGENT}
    empty = {**mentor, "relevantTypes": []}
    swapped = {"objectType": "contextGroup", "group": AGENT}
    hollow = {"objectType": "contextGroup", "group": {"objectType": "Group"}}

    assert said(changed(("context.contextAgents", [mentor]), ("context.contextGroups", [team])), "2.0.0") == []
    assert said(changed(("context.contextAgents", [unnamed, empty])), "2.0.0") == [
        "context.contextAgents[0].objectType: required",
        "context.contextAgents[1].relevantTypes: must be an array that is not empty",
    ]
    assert said(changed(("context.contextGroups", [swapped, hollow])), "2.0.0") == [
        "context.contextGroups[0].group.objectType: must be Group",
        "context.contextGroups[1].group.member: required in a group without an identifier",
    ]


def test_a_fault_names_its_place_and_every_fault_is_told():
    statement = changed(
        ("actor.account.homePage", "moodle"),
        ("context.contextActivities.parent", [{"id": "https://e.org/a"}, {"id": "quiz 7"}]),
        ("result.score", {"scaled": 2, "min": 5, "max": 1}),
        ("attachments", [{}]),
        ("Verb", {}),
    )

    assert said(statement) == [
        "actor.account.homePage: must be an IRI with a scheme",
        "result.score.scaled: must be between -1 and 1",
        "result.score: min must be less than max",
        "context.contextActivities.parent[1].id: must be an IRI with a scheme",
        "attachments[0].usageType: required",
        "attachments[0].display: required",
        "attachments[0].contentType: required",
        "attachments[0].length: required",
        "attachments[0].sha2: required",
        "Verb: unknown property",
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("value", [None, [], "x", 1, True, float("nan"), object(), {1, 2}, b"{}"])
def test_what_is_no_object_is_no_statement(value: object, version: Version):
    assert said(value, version) == ["statement: must be an object"]


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [path, *(place for key, part in value.items() for place in places(part, (*path, key)))]
    if isinstance(value, list):
        return [path, *(place for n, part in enumerate(value) for place in places(part, (*path, n)))]
    return [path]


def endless() -> list[object]:
    """A list that holds itself twice: 2^n values at depth n."""
    held: list[object] = []
    held += [held, held]
    return held


def deep() -> object:
    value: object = "bottom"
    for _ in range(sys.getrecursionlimit() * 3):
        value = {"https://e.org/a": [value]}
    return value


HOSTILE: dict[str, object] = {
    "huge integer": 10**5000,
    "negative huge integer": -(10**5000),
    "not a number": float("nan"),
    "infinity": float("inf"),
    "half a surrogate pair": "\ud800",
    "deep nesting": deep(),
    "holds itself": endless(),
    "keys that are no strings": {1: 2, None: 3, (4,): 5, b"6": 7},
    "a huge number as key": {10**5000: 1},
    "half a surrogate pair as key": {"\udfff": 1},
    "a set": {1},
    "bytes": b"x",
    "an object": object(),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_refused_wherever_they_stand(name: str, version: Version):
    full = changed(
        ("attachments", [copy.deepcopy(ATTACHMENT)]),
        ("authority", dict(AGENT)),
        ("stored", BASE["timestamp"]),
    )

    let_through = []
    for place in places(full)[1:]:
        statement = copy.deepcopy(full)
        part: Any = statement
        for key in place[:-1]:
            part = part[key]
        part[place[-1]] = HOSTILE[name]
        faults = said(statement, version)
        json.dumps(faults).encode()
        if not faults:
            let_through.append(place)

    assert let_through == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_values_are_refused_inside_an_extension(name: str):
    assert len(said(cases.extended({"a": [HOSTILE[name]]}))) == 1


def test_a_hostile_key_is_named_briefly_and_safely():
    hostile: dict[object, object] = {"x" * 1000: 1, "\ud800": 2, 10**5000: 3}

    assert said(dict(BASE) | hostile) == [
        f"{'x' * 80}…: unknown property",
        "\\ud800: unknown property",
        "<int>: unknown property",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "a": 1}', "the same key twice in one object"),
        ('[{"b": {"a": 1, "a": 2}}]', "the same key twice in one object"),
        ("[NaN]", "NaN is not a number in JSON"),
        ("-Infinity", "-Infinity is not a number in JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("{'a': 1}", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_strict_json_says_what_is_wrong(text: str, why: str):
    with pytest.raises(MalformedJsonError) as caught:
        strict_json(text)

    assert str(caught.value) == why


def test_strict_json_refuses_bytes_that_are_not_utf_8_and_numbers_without_end():
    with pytest.raises(MalformedJsonError):
        strict_json(b'"\xff"')
    with pytest.raises(MalformedJsonError):
        strict_json("9" * 5000)


def test_strict_json_reads_what_is_well_formed():
    assert strict_json('{"a": [1, 2.5, null, "é"]}'.encode()) == {"a": [1, 2.5, None, "é"]}
