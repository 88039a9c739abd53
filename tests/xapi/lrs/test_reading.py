"""Every filter, alone and together; pages; references; tenants."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from lti_tool.db import db
from tests.xapi.lrs.conftest import THEN
from tests.xapi.lrs.telling import (
    AUTHORITY,
    COURSE,
    LEO,
    MAYA,
    OTHER_COURSE,
    QUESTION,
    QUIZ,
    VERBS,
    ZOE,
    about,
    activity,
    as_sent,
    found,
    id_of,
    keep,
    keep_each_second,
    names,
    told,
    voiding,
)
from xapi.lrs import reading
from xapi.lrs.asking import MOST_STATEMENTS, ask
from xapi.lrs.models import Store

SHA1 = "cd9b00a5611f94eaa7b1661edab976068e364975"
REGISTRATION = "16ad7a5b-bb2b-4a9d-8c2e-00000000000a"


def in_course(iri: str) -> dict[str, object]:
    return {"contextActivities": {"grouping": [activity(iri)]}}


def sub_statement(**parts: object) -> dict[str, object]:
    return {
        "objectType": "SubStatement",
        "actor": MAYA,
        "verb": {"id": "http://activitystrea.ms/schedule"},
        "object": activity(QUIZ),
        **parts,
    }


def test_the_newest_comes_first_unless_ascending_is_asked_for(session: Session, store: Store):
    keep(session, store, told("one"), told("two"))
    keep(session, store, told("three"))

    assert found(session, store) == ["three", "two", "one"]
    assert found(session, store, ascending="false") == ["three", "two", "one"]
    assert found(session, store, ascending="true") == ["one", "two", "three"]


def test_an_empty_store_has_nothing_and_no_more(session: Session, store: Store):
    assert reading.find(session, store, ask({})) == reading.Page([], None)


def test_one_is_found_by_its_id_in_either_case(session: Session, store: Store):
    keep(session, store, told("one"), told("two"))

    assert found(session, store, statementId=id_of("one").upper()) == ["one"]
    assert found(session, store, statementId=id_of("three")) == []


def test_an_agent_is_found_as_actor_as_object_and_as_member_of_either(session: Session, store: Store):
    crew = {"objectType": "Group", "member": [LEO, MAYA]}
    named_crew = {"objectType": "Group", "mbox": "mailto:crew@campus.example", "member": [MAYA]}
    keep(
        session,
        store,
        told("by leo"),
        told("by maya", actor=MAYA),
        told("about maya", object=MAYA),
        told("by a crew", actor=crew),
        told("about a crew", object=named_crew),
        told("with maya", context={"instructor": MAYA}),
        told("by nobody of us", actor=ZOE),
    )

    assert found(session, store, agent=MAYA) == ["about a crew", "by a crew", "about maya", "by maya"]
    assert found(session, store, agent=LEO) == ["with maya", "about a crew", "by a crew", "about maya", "by leo"]
    assert found(session, store, agent={"objectType": "Group", "mbox": "mailto:crew@campus.example"}) == [
        "about a crew"
    ]


@pytest.mark.parametrize(
    ("actor", "asked_for"),
    [
        (ZOE, {"mbox": "mailto:zoe@campus.example", "name": "Zoe"}),
        ({"mbox_sha1sum": SHA1}, {"mbox_sha1sum": SHA1.upper()}),
        ({"openid": "https://id.example/leo"}, {"objectType": "Agent", "openid": "https://id.example/leo"}),
        (LEO, {"account": {"name": "leo", "homePage": "https://campus.example"}}),
    ],
)  # fmt: skip
def test_an_agent_is_known_by_the_identifier_alone(
    session: Session, store: Store, actor: dict[str, object], asked_for: dict[str, object]
):
    keep(session, store, told("theirs", actor=actor), told("by maya", actor=MAYA))

    assert found(session, store, agent=asked_for) == ["theirs"]


def test_the_same_account_name_elsewhere_is_somebody_else(session: Session, store: Store):
    keep(session, store, told("by leo"))

    assert found(session, store, agent={"account": {"homePage": "https://elsewhere.example", "name": "leo"}}) == []
    assert found(session, store, agent={"openid": "https://campus.example"}) == []


def test_related_agents_are_found_anywhere_in_a_statement(session: Session, store: Store):
    crew = {"objectType": "Group", "member": [MAYA]}
    keep(
        session,
        store,
        told("by leo"),
        told("with maya", context={"instructor": MAYA}),
        told("in a team", context={"team": crew}),
        told("planned by maya", object=sub_statement()),
        told("planned about maya", object=sub_statement(actor=LEO, object=MAYA)),
        told("planned with maya", object=sub_statement(actor=LEO, context={"instructor": MAYA})),
    )

    assert found(session, store, agent=MAYA) == []
    assert found(session, store, agent=MAYA, related_agents="true") == [
        "planned with maya",
        "planned about maya",
        "planned by maya",
        "in a team",
        "with maya",
    ]
    assert found(session, store, agent=AUTHORITY) == []
    assert len(found(session, store, agent=AUTHORITY, related_agents="true")) == 6


def test_a_verb_is_found_exactly(session: Session, store: Store):
    keep(session, store, told("answered"), told("passed", verb="passed"), told("planned", object=sub_statement()))

    assert found(session, store, verb=VERBS + "passed") == ["passed"]
    assert found(session, store, verb=VERBS + "Passed") == []
    assert found(session, store, verb="http://activitystrea.ms/schedule") == []


def test_an_activity_is_found_as_object_and_related_ones_anywhere(session: Session, store: Store):
    keep(
        session,
        store,
        told("the quiz", object=activity(QUIZ)),
        told("a question of it", context={"contextActivities": {"parent": [activity(QUIZ)]}}),
        told("grouped", context={"contextActivities": {"grouping": [activity(QUIZ)]}}),
        told("categorised", context={"contextActivities": {"category": activity(QUIZ)}}),
        told("other", context={"contextActivities": {"other": [activity(COURSE), activity(QUIZ)]}}),
        told("planned", object=sub_statement()),
        told("planned in it", object=sub_statement(object=activity(QUESTION), context=in_course(QUIZ))),
        told("unrelated"),
    )

    assert found(session, store, activity=QUIZ) == ["the quiz"]
    assert found(session, store, activity=QUIZ, related_activities="true") == [
        "planned in it",
        "planned",
        "other",
        "categorised",
        "grouped",
        "a question of it",
        "the quiz",
    ]


def test_an_activity_in_several_places_is_found_once(session: Session, store: Store):
    everywhere = {"contextActivities": {"parent": [activity(QUIZ)], "grouping": [activity(QUIZ)] * 2}}
    keep(session, store, told("everywhere", object=activity(QUIZ), context=everywhere))

    assert found(session, store, activity=QUIZ) == ["everywhere"]
    assert found(session, store, activity=QUIZ, related_activities="true") == ["everywhere"]


def test_very_long_iris_are_kept_and_told_apart(session: Session, store: Store):
    long = "https://tool.example/" + "é" * 5000
    keep(session, store, told("a", object=activity(long + "a")), told("b", object=activity(long + "b")))

    assert found(session, store, activity=long + "a") == ["a"]


def test_a_registration_is_found_in_either_case(session: Session, store: Store):
    keep(session, store, told("one", context={"registration": REGISTRATION.upper()}), told("two"))

    assert found(session, store, registration=REGISTRATION) == ["one"]
    assert found(session, store, registration=REGISTRATION.upper()) == ["one"]
    assert found(session, store, registration=id_of("one")) == []


def test_filters_narrow_each_other(session: Session, store: Store):
    run = {"registration": REGISTRATION, **in_course(COURSE)}
    keep(
        session,
        store,
        told("all of it", verb="passed", object=activity(QUIZ), context=run),
        told("other verb", object=activity(QUIZ), context=run),
        told("other object", verb="passed", context=run),
        told("other actor", verb="passed", object=activity(QUIZ), context=run, actor=MAYA),
        told("other run", verb="passed", object=activity(QUIZ), context=in_course(COURSE)),
    )

    everything: dict[str, Any] = {
        "agent": LEO,
        "verb": VERBS + "passed",
        "activity": QUIZ,
        "registration": REGISTRATION,
    }
    assert found(session, store, **everything) == ["all of it"]
    assert found(session, store, **everything, since="2026-11-23T08:59:59Z", until=THEN.isoformat()) == ["all of it"]
    assert found(session, store, **everything, since=THEN.isoformat()) == []
    assert found(session, store, agent=LEO, activity=COURSE, related_activities="true") == [
        "other run",
        "other object",
        "other verb",
        "all of it",
    ]


def test_since_is_strictly_after_and_until_at_or_before_by_stored(session: Session, store: Store):
    keep_each_second(session, store, told("nine"), told("a second later"), told("two seconds later"))

    assert found(session, store, since="2026-11-23T09:00:00Z") == ["two seconds later", "a second later"]
    assert found(session, store, since="2026-11-23T10:00:00.999999+01:00") == [
        "two seconds later",
        "a second later",
    ]
    assert found(session, store, until="2026-11-23T09:00:01Z") == ["a second later", "nine"]
    assert found(session, store, since="2026-11-23T09:00:00Z", until="2026-11-23T09:00:01Z") == ["a second later"]
    assert found(session, store, until="2026-11-23T08:59:59.999999Z") == []
    assert found(session, store, since="2026-11-23T09:00:02Z") == []
    assert found(session, store, since="0001-01-01T00:00:00+14:00", until="9999-12-31T23:59:59-14:00") == [
        "two seconds later",
        "a second later",
        "nine",
    ]


def test_what_was_voided_is_found_as_voided_only(session: Session, store: Store):
    keep(session, store, told("wrong"), told("right"), voiding("voiding", "wrong"))

    assert found(session, store) == ["voiding", "right"]
    assert found(session, store, statementId=id_of("wrong")) == []
    assert found(session, store, voidedStatementId=id_of("wrong")) == ["wrong"]
    assert found(session, store, voidedStatementId=id_of("right")) == []
    assert found(session, store, statementId=id_of("voiding")) == ["voiding"]


def test_voiding_may_come_before_what_it_voids(session: Session, store: Store):
    keep(session, store, voiding("voiding", "wrong"))
    keep(session, store, told("wrong"))

    assert found(session, store) == ["voiding"]
    assert found(session, store, voidedStatementId=id_of("wrong")) == ["wrong"]


def test_a_voiding_statement_cannot_be_voided(session: Session, store: Store):
    keep(session, store, told("wrong"), voiding("voiding", "wrong"), voiding("voiding the voiding", "voiding"))
    keep(session, store, voiding("voiding itself", "voiding itself"))

    assert found(session, store) == ["voiding itself", "voiding the voiding", "voiding"]
    assert found(session, store, voidedStatementId=id_of("voiding")) == []


def test_a_filter_also_finds_what_refers_to_a_match_in_chains(session: Session, store: Store):
    keep(
        session,
        store,
        told("passed", verb="passed"),
        told("first", actor=MAYA, object=about("passed")),
        told("second", actor=ZOE, object=about("first")),
        told("third", actor=ZOE, object=about("second")),
        told("fourth", actor=ZOE, object=about("third")),
        told("elsewhere", actor=ZOE, object=about("nothing stored")),
    )

    assert found(session, store, verb=VERBS + "passed") == ["fourth", "third", "second", "first", "passed"]
    assert found(session, store, verb=VERBS + "passed", ascending="true", limit=2) == ["passed", "first"]
    assert found(session, store, agent=MAYA) == ["fourth", "third", "second", "first"]


def test_who_refers_to_a_voided_match_is_found_and_the_match_is_not(session: Session, store: Store):
    keep(
        session,
        store,
        told("passed", verb="passed"),
        told("comment", actor=MAYA, object=about("passed")),
        voiding("voiding", "passed"),
    )

    assert found(session, store, verb=VERBS + "passed") == ["voiding", "comment"]


def test_all_filters_have_to_match_one_and_the_same_statement(session: Session, store: Store):
    keep(session, store, told("passed", verb="passed"), told("comment", actor=MAYA, object=about("passed")))

    assert found(session, store, verb=VERBS + "passed", agent=MAYA) == []
    assert found(session, store, verb=VERBS + "passed", agent=LEO) == ["comment", "passed"]


def test_times_count_for_the_referring_statement_itself(session: Session, store: Store):
    keep_each_second(session, store, told("passed", verb="passed"), told("comment", object=about("passed")))

    assert found(session, store, verb=VERBS + "passed", since="2026-11-23T09:00:00Z") == ["comment"]


def test_statements_that_refer_in_a_circle_come_to_an_end(session: Session, store: Store):
    keep(
        session,
        store,
        told("hen", object=about("egg")),
        told("egg", object=about("hen")),
        told("snake", object=about("snake")),
        told("reader", actor=MAYA, object=about("hen")),
    )

    assert found(session, store, agent=LEO) == ["reader", "snake", "egg", "hen"]
    assert found(session, store, agent=MAYA) == ["reader"]


def pages(session: Session, store: Store, between: list[str], **parameters: object) -> list[list[str]]:
    """Page by page, with another statement arriving after each of them."""
    read: list[list[str]] = []
    cursor: int | None = None
    while cursor is not None or not read:
        more = {} if cursor is None else {"cursor": cursor}
        page = reading.find(session, store, ask(as_sent({**parameters, **more})))
        read.append(names(page.bodies))
        cursor = page.cursor
        if between:
            keep(session, store, told(between.pop(0)))
    return read


def test_pages_go_on_where_the_last_one_ended(session: Session, store: Store):
    keep(session, store, *(told(name) for name in "abcde"))

    assert pages(session, store, [], limit=2) == [["e", "d"], ["c", "b"], ["a"]]
    assert pages(session, store, [], limit=2, ascending="true") == [["a", "b"], ["c", "d"], ["e"]]
    assert pages(session, store, [], limit=5) == [["e", "d", "c", "b", "a"]]


def test_newest_first_pages_are_not_moved_by_what_arrives_meanwhile(session: Session, store: Store):
    keep(session, store, *(told(name) for name in "abcde"))

    assert pages(session, store, ["f", "g", "h"], limit=2) == [["e", "d"], ["c", "b"], ["a"]]


def test_ascending_pages_reach_what_arrives_meanwhile(session: Session, store: Store):
    keep(session, store, *(told(name) for name in "abc"))

    assert pages(session, store, ["d"], limit=2, ascending="true") == [["a", "b"], ["c", "d"]]


def test_pages_keep_their_filters_and_their_references(session: Session, store: Store):
    keep(
        session,
        store,
        told("a", verb="passed"),
        told("x"),
        told("b", object=about("a")),
        told("c", verb="passed"),
        told("d", object=about("c")),
    )

    assert pages(session, store, ["y", "z"], limit=1, verb=VERBS + "passed") == [["d"], ["c"], ["b"], ["a"]]


def test_one_page_holds_no_more_than_we_give(session: Session, store: Store):
    keep(session, store, *(told(f"n{n}") for n in range(MOST_STATEMENTS + 1)))

    page = reading.find(session, store, ask({"limit": ["0"]}))

    assert len(page.bodies) == MOST_STATEMENTS
    assert page.cursor == 2


def test_two_stores_know_nothing_of_each_other(session: Session, store: Store, other_store: Store):
    ours, theirs = told("ours", id=id_of("same")), told("theirs", id=id_of("same"), verb="passed")
    keep(session, store, ours)
    keep(session, other_store, theirs, told("their comment", object=about("same")))
    keep(session, other_store, voiding("their voiding", "same"))

    assert found(session, store) == ["ours"]
    assert found(session, store, agent=LEO) == ["ours"]
    assert found(session, store, statementId=id_of("same")) == ["ours"]
    assert found(session, store, voidedStatementId=id_of("same")) == []
    assert found(session, store, verb=VERBS + "passed") == []
    assert found(session, store, statementId=id_of("their comment")) == []
    assert found(session, other_store) == ["their voiding", "their comment"]
    assert found(session, other_store, voidedStatementId=id_of("same")) == ["theirs"]


def test_a_course_shows_what_is_grouped_under_it_or_about_it(session: Session, store: Store):
    keep(
        session,
        store,
        told("ours", context=in_course(COURSE)),
        told("entered", object=activity(COURSE)),
        told("theirs", context=in_course(OTHER_COURSE)),
        told("of both", context={"contextActivities": {"grouping": [activity(COURSE), activity(OTHER_COURSE)]}}),
        told("only related", context={"contextActivities": {"other": [activity(COURSE)]}}),
        told("of none"),
    )

    assert found(session, store, course=COURSE) == ["of both", "entered", "ours"]
    assert found(session, store, course=COURSE, agent=LEO, verb=VERBS + "answered") == ["of both", "entered", "ours"]
    assert found(session, store, course=COURSE, activity=OTHER_COURSE, related_activities="true") == ["of both"]
    assert found(session, store, course=COURSE, statementId=id_of("ours")) == ["ours"]
    assert found(session, store, course=COURSE, statementId=id_of("theirs")) == []
    assert found(session, store, course=COURSE, voidedStatementId=id_of("theirs")) == []


def test_what_lies_outside_the_course_makes_nothing_in_it_match(session: Session, store: Store):
    keep(
        session,
        store,
        told("secret", verb="failed", context=in_course(OTHER_COURSE)),
        told("comment", object=about("secret"), context=in_course(COURSE)),
    )

    assert found(session, store, course=COURSE, verb=VERBS + "failed") == []
    assert found(session, store, verb=VERBS + "failed") == ["comment", "secret"]


def test_a_page_is_as_many_queries_whatever_its_size(session: Session, store: Store):
    keep(session, store, *(told(f"n{n}") for n in range(120)))
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_rest: asked.append(sql))

    def queries(**parameters: Any) -> int:
        asked.clear()
        found(session, store, **parameters)
        return len(asked)

    assert [queries(limit=size) for size in (3, 100)] == [1, 1]
    assert [queries(limit=size, agent=LEO) for size in (3, 100)] == [2, 2]
    assert [queries(limit=size, agent=LEO, activity=QUESTION) for size in (3, 100)] == [5, 5]


def test_stored_and_seconds_between_are_what_was_asked_for(session: Session, store: Store):
    keep(session, store, told("a"), told("b"), at=THEN)

    later = (THEN + timedelta(microseconds=1)).isoformat()
    assert found(session, store, until=later) == ["b", "a"]
    assert found(session, store, since=THEN.isoformat()) == ["b"]
