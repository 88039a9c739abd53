"""Somebody who reads every statement there is, and would like to know who has rated whom."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from xapi import vocabulary as v
from xapi.lrs.models import StoredStatement

Statement = Mapping[str, Any]
LIKELY = 0.5


def told(session: Session) -> list[Statement]:
    """Everything in the store, in the order in which it was stored."""
    session.rollback()
    return [json.loads(body) for body in session.scalars(select(StoredStatement.body).order_by(StoredStatement.seq))]


def progress(statements: Sequence[Statement]) -> list[Statement]:
    return [each for each in statements if each["verb"]["id"] == v.PROGRESSED.iri]


def evaluated(statements: Sequence[Statement]) -> list[Statement]:
    return [each for each in statements if each["verb"]["id"] == v.EVALUATED.iri]


def joined(statements: Sequence[Statement]) -> set[tuple[str, str]]:
    """Each rater with whom the reader takes them to have rated: those who share an activity with their progress, or, if
    nobody does, all whose results were told in the same course. They are wrong about fewer than half of them.

    How many somebody was asked about is read off the shares that were told.
    """
    subjects: dict[str, set[str]] = defaultdict(set)
    for each in evaluated(statements):
        for key in _keys(each):
            subjects[key].add(each["object"]["account"]["name"])
    far: dict[tuple[str, frozenset[str]], list[float]] = defaultdict(list)
    for each in progress(statements):
        rater, [share] = each["actor"]["account"]["name"], each["result"]["extensions"].values()
        far[rater, frozenset(_keys(each))].append(share)
    found = set()
    for (rater, keys), shares in far.items():
        among = _narrowest(keys, subjects) - {rater}
        if among and _fewest(shares) / len(among) > LIKELY:
            found |= {(rater, subject) for subject in among}
    return found


def _keys(statement: Statement) -> Iterator[str]:
    """All that two statements may have in common: activities, and the run they belong to."""
    yield statement["object"].get("id", "")
    context = statement["context"]
    yield context.get("registration", "")
    for place in ("parent", "grouping", "other"):
        for activity in context["contextActivities"].get(place, ()):
            yield activity["id"]


def _narrowest(keys: frozenset[str], subjects: Mapping[str, set[str]]) -> set[str]:
    shared = [subjects[key] for key in keys if key and key in subjects]
    return min(shared, key=len) if shared else set()


def _fewest(shares: Sequence[float]) -> int:
    """About how few people somebody can have been asked who came so far on the way."""
    return next(of for of in range(1, 101) if set(shares) <= {round(100 * done / of) for done in range(of + 1)})
