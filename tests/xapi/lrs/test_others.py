"""Activities as all statements together tell of them, people behind agents, and what stands here."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.xapi.lrs.telling import COURSE, LEO, OTHER_COURSE, QUIZ, ZOE, activity, keep, told
from tests.xapi.lrs.visitors import Program, program
from xapi.lrs import definitions
from xapi.lrs.models import Store


@pytest.fixture(params=["1.0.3", "2.0.0"])
def lrs(client: FlaskClient, session: Session, store: Store, request: pytest.FixtureRequest) -> Program:
    return program(client, session, store, version=request.param)


def defined(**definition: object) -> dict[str, object]:
    return {**activity(QUIZ), "definition": definition}


def known(lrs: Program, iri: str = QUIZ) -> object:
    answer = lrs.send("GET", "activities", activityId=iri)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.get_json()


def test_what_statements_say_of_an_activity_is_put_together(lrs: Program):
    lrs.tell(told("one", object=defined(name={"en-US": "Quiz"}, type="https://e.org/old", moreInfo="https://e.org/m")))
    lrs.tell(
        told("two", object=defined(name={"fr-FR": "Jeu"}, type="https://e.org/new", extensions={"https://e.org/a": 1})),
        told("three", object=activity(QUIZ), context={"contextActivities": {"parent": defined(name={"de": "Test"})}}),
    )

    assert known(lrs) == {
        "objectType": "Activity",
        "id": QUIZ,
        "definition": {
            "name": {"en-US": "Quiz", "fr-FR": "Jeu", "de": "Test"},
            "type": "https://e.org/new",
            "moreInfo": "https://e.org/m",
            "extensions": {"https://e.org/a": 1},
        },
    }
    assert lrs.send("HEAD", "activities", activityId=QUIZ).status_code == 200


def test_of_an_unknown_activity_its_id_is_known(lrs: Program):
    assert known(lrs, "https://e.org/nothing") == {"objectType": "Activity", "id": "https://e.org/nothing"}


def test_a_definition_does_not_grow_without_end(lrs: Program, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(definitions, "LONGEST", 200)
    for n in range(5):
        lrs.tell(told(f"n{n}", object=defined(extensions={f"https://e.org/{n}": "x" * 60})))

    found = known(lrs)
    assert isinstance(found, dict)
    assert 1 <= len(found["definition"]["extensions"]) <= 2
    assert "https://e.org/4" in found["definition"]["extensions"]


def test_only_those_who_may_define_are_listened_to(client: FlaskClient, session: Session, store: Store):
    reader = program(client, session, store)
    program(client, session, store, scopes=["statements/write"]).tell(told("a", object=defined(name={"en": "Mine"})))
    assert known(reader) == activity(QUIZ)

    writes_and_defines = program(client, session, store, scopes=["statements/write", "define"])
    writes_and_defines.tell(told("b", object=defined(name={"en": "Ours"})))

    assert known(reader) == defined(name={"en": "Ours"})


def test_a_key_of_a_course_knows_the_activities_of_that_course_only(
    client: FlaskClient, session: Session, store: Store
):
    grouped = {"contextActivities": {"grouping": [activity(COURSE)]}}
    keep(session, store, told("one", object=defined(name={"en": "Quiz"}), context=grouped))

    theirs, others = (program(client, session, store, course=course) for course in (COURSE, OTHER_COURSE))

    assert known(theirs) == defined(name={"en": "Quiz"})
    assert known(others) == activity(QUIZ)


def test_a_person_is_the_agent_asked_for_with_every_property_in_a_list(lrs: Program):
    answers = [lrs.send("GET", "agents", agent=agent).get_json() for agent in (LEO, {**ZOE, "name": "Zoe"})]

    assert answers == [
        {"objectType": "Person", "account": [LEO["account"]]},
        {"objectType": "Person", "mbox": [ZOE["mbox"]], "name": ["Zoe"]},
    ]
    assert lrs.send("HEAD", "agents", agent=LEO).status_code == 200


def test_about_names_the_version_of_its_mount(client: FlaskClient, lrs: Program):
    answer = client.get(f"/lrs/{lrs.version}/about")

    assert (answer.status_code, answer.get_json()) == (200, {"version": [lrs.version]})
    assert answer.headers["X-Experience-API-Version"] == lrs.version
