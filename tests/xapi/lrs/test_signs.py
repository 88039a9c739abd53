"""Signs spare look-ups and never hide anything: pairs of filters find what a plain search through everything finds."""

from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from lti_tool.db import db
from tests.xapi.lrs.telling import LEO, MAYA, QUESTION, QUIZ, VERBS, activity, found, keep, told
from xapi.lrs import reading
from xapi.lrs.keys import activity_key, agent_key, mentions_of, sign, signs_of, verb_key
from xapi.lrs.models import Mention, Store

COURSES = [f"https://tool.example/xapi/courses/{n}" for n in range(5)]
PEOPLE = [{"objectType": "Agent", "account": {"homePage": "https://campus.example", "name": f"p{n}"}} for n in range(8)]
SAID = ("answered", "passed", "failed")


def some(random: Random, name: str) -> dict[str, Any]:
    grouping = {"contextActivities": {"grouping": [activity(random.choice(COURSES))]}}
    return told(
        name,
        verb=random.choice(SAID),
        actor=random.choice(PEOPLE),
        object=activity(random.choice((QUIZ, QUESTION))),
        context={**grouping, "instructor": random.choice(PEOPLE)},
    )


def test_a_key_has_one_bit_that_both_databases_can_hold():
    bits = {sign(activity_key(f"https://tool.example/{n}")) for n in range(5000)}

    assert bits == {1 << n for n in range(63)}
    assert signs_of([]) == 0
    assert max(bits) < 2**63


def test_every_mention_has_the_signs_of_all_that_its_statement_mentions(session: Session, store: Store):
    statement = told("one")
    keep(session, store, statement)

    rows = session.execute(select(Mention.key, Mention.signs)).all()

    assert {row.key for row in rows} > set(mentions_of(statement))
    assert {row.signs for row in rows} == {signs_of(row.key for row in rows)}


@pytest.mark.parametrize("knows_signs", [True, False])
def test_pairs_find_what_a_plain_search_finds(session: Session, store: Store, knows_signs: bool):
    """With signs, and with rows from before there were any."""
    random = Random(4)
    statements = [some(random, f"n{n:03}") for n in range(300)]
    keep(session, store, *statements)
    if not knows_signs:
        session.execute(update(Mention).values(signs=-1))
        session.commit()

    for _ in range(30):
        person, verb, course = random.choice(PEOPLE), random.choice(SAID), random.choice(COURSES)
        wanted = {agent_key(person), verb_key(VERBS + verb), activity_key(course)}
        plainly = [each["result"]["response"] for each in statements if wanted <= mentions_of(each).keys()]
        said: dict[str, Any] = {"agent": person, "related_agents": "true", "verb": VERBS + verb}
        about: dict[str, Any] = {"activity": course, "related_activities": "true", "limit": 500}
        assert found(session, store, **said, **about) == plainly[::-1]
        assert found(session, store, **said, **about, ascending="true") == plainly


def test_a_pair_that_never_comes_together_is_looked_up_for_few(session: Session, store: Store):
    """Where the lead's rows lack the other's bit there is nothing to look up: the database reads past them."""
    statements = [told(f"n{n}", actor=LEO, object=activity(f"{QUESTION}/{n % 7}")) for n in range(200)]
    keep(session, store, *statements, *(told(f"m{n}", actor=MAYA, object=activity(QUIZ)) for n in range(200)))

    signs = set(session.scalars(select(Mention.signs).where(Mention.key == agent_key(LEO))))

    assert sum(bool(each & sign(activity_key(QUIZ))) for each in signs) <= 2
    assert found(session, store, agent=LEO, activity=QUIZ) == []


def test_where_little_matches_more_is_read_at_once(session: Session, store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "AT_ONCE", 4)
    monkeypatch.setattr(reading, "MOST_AT_ONCE", 16)
    both = {"actor": LEO, "object": activity(QUIZ)}
    keep(session, store, told("first", **both), *(told(f"n{n}", actor=LEO) for n in range(60)))
    asked: list[int] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: asked.append(sql.count("EXISTS")))

    assert found(session, store, agent=LEO, verb=VERBS + "answered", activity=COURSES[0], limit=2) == []
    assert found(session, store, agent=LEO, activity=QUIZ, limit=2) == ["first"]
    assert sum(asked) <= 2 + 1 + 6


def test_a_verb_leads_only_where_it_is_much_rarer(session: Session, store: Store, monkeypatch: pytest.MonkeyPatch):
    """Rows of an activity have their verb with them; rows of a verb need a look-up for each."""
    monkeypatch.setattr(reading, "MANY", 2)
    common = [told(f"n{n:02}", verb="failed" if n % 3 == 0 else "answered") for n in range(60)]
    keep(session, store, told("rare", verb="reviewed"), told("rare too", verb="reviewed"), *common)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: asked.append(sql))

    assert len(found(session, store, verb=VERBS + "failed", activity=QUESTION)) == 20
    assert not any("EXISTS" in sql for sql in asked)
    assert found(session, store, verb=VERBS + "reviewed", activity=QUESTION) == ["rare too", "rare"]
    assert any("EXISTS" in sql for sql in asked)
