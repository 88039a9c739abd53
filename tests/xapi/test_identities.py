"""How people are named in what leaves: nothing else of a statement changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from xapi.identities import Agent, by_mail, pseudonyms, renamed
from xapi.profile.examples import BASE, examples
from xapi.validation import errors

HIDDEN = pseudonyms(b"a key of this endpoint", BASE)


def agents(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"account", "mbox"} & set(value):
            yield value
        for part in value.values():
            yield from agents(part)
    elif isinstance(value, list):
        for part in value:
            yield from agents(part)


@pytest.mark.parametrize("key", sorted(examples()))
def test_under_pseudonyms_no_account_of_the_platform_is_left_and_all_else_stays(key: str):
    statement = examples()[key]

    hidden = renamed(statement, HIDDEN, ours=BASE)

    assert "moodle.example.org" not in json.dumps(hidden)
    assert errors(hidden) == []
    assert [(each["id"], each["verb"], each["timestamp"]) for each in (hidden,)] == [
        (statement["id"], statement["verb"], statement["timestamp"])
    ]
    pairs = list(zip(agents(statement), agents(hidden), strict=True))
    assert len({json.dumps(old) for old, _ in pairs}) == len({json.dumps(new) for _, new in pairs})
    assert [new for old, new in pairs if old["account"]["homePage"] == BASE] == [
        old for old, _ in pairs if old["account"]["homePage"] == BASE
    ]


def test_a_pseudonym_is_the_same_each_time_and_another_for_another_person_or_key():
    other = pseudonyms(b"another key", BASE)
    names = [
        HIDDEN("https://a.example", "5")["account"]["name"],
        HIDDEN("https://a.example", "6")["account"]["name"],
        HIDDEN("https://b.example", "5")["account"]["name"],
        other("https://a.example", "5")["account"]["name"],
    ]

    assert HIDDEN("https://a.example", "5")["account"]["name"] == names[0]
    assert len(set(names)) == 4
    assert all(len(name) == 32 for name in names)


@pytest.mark.parametrize(
    ("address", "agent"),
    [
        ("leo@example.org", {"mbox": "mailto:leo@example.org"}),
        ("", HIDDEN("https://a.example", "5")),
        ("no address", HIDDEN("https://a.example", "5")),
    ],
)
def test_whoever_has_no_mail_address_is_named_by_a_pseudonym(address: str, agent: Agent):
    assert by_mail(lambda _issuer, _subject: address, HIDDEN)("https://a.example", "5") == agent


def test_a_group_keeps_its_members_each_under_their_new_name():
    statement = {
        **examples()["goal-set"],
        "actor": {"objectType": "Group", "member": [examples()["goal-set"]["actor"]]},
    }

    [member] = renamed(statement, HIDDEN, ours=BASE)["actor"]["member"]

    assert member == {"objectType": "Agent", **HIDDEN("https://moodle.example.org", "5")}
