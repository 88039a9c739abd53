"""Copied courses: recognized in their own deployment, offered settings and never people; links that find home."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus import gradebook
from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.claims import CourseClaim, Launch
from lti_tool.models import Course, Deployment, Enrolment, Person, Placement, Role, Standing
from lti_tool.outbox import Happening
from lti_tool.placing import copies
from lti_tool.placing.copies import Alias, CourseCopy
from lti_tool.running.delivering import drain
from mentoring.mentorships.models import Mentorship
from mentoring.pairing.assigning import Pair, assign
from mentoring.participants.models import MentorOffer, Participant
from mentoring.participants.offering import Offering, offer
from mentoring.programs import versions
from mentoring.programs.choices import CohortState, EvaluationPoint, Manner
from mentoring.programs.design import TrainingPlan
from mentoring.programs.models import Cohort, MentorKind
from mentoring.programs.ready_made import READY_MADE
from mentoring.programs.starting import current, ensure
from quizzes import offering, starting
from quizzes.designing.plan import Plan
from quizzes.models import Answer, Attempt, Quiz
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.journeys.walking import right_answers, start_quiz
from tests.lti_tool.launching import claims, launch
from tests.lti_tool.outcomes import row_counts
from tests.quizzes.making import a_quiz, changed

ORIGIN, COPY = "starting at work", "copy"
TITLE = "Before you start"
RULES = {"limit": timedelta(minutes=15), "attempts": 3, "pass_percent": 60}
PEOPLE = (Person, Enrolment, Participant, MentorOffer, Mentorship, Attempt, Answer)


@dataclass
class Term:
    """A course that has been lived in, and the one that was copied from it."""

    session: Session
    cast: Cast
    origin: Course
    quiz: Quiz
    cohort: Cohort
    course: Course

    def recognized(self) -> CourseCopy:
        found = copies.recognize(self.session, self.course, [self.origin.context_id], THEN)
        assert found is not None
        self.session.commit()
        return found


@pytest.fixture
def term(session: Session, cast: Cast) -> Term:
    """In the origin: rules of its own, two kinds of mentor, a pair and an attempt."""
    origin = cast.course()
    ines, maya, leo = (
        cast.enrol(origin, name, role)
        for name, role in (("Ines", Role.INSTRUCTOR), ("Maya", Role.LEARNER), ("Leo", Role.LEARNER))
    )
    quiz = offering.offer(session, origin, at=THEN)
    changed(session, quiz, title=TITLE, plan=Plan.of_one_rule(quiz.bank.id, 12), **RULES)
    cohort = ensure(session, origin, at=THEN)
    session.add(MentorKind(version_id=cohort.version.id, key="team", label="Team mentor", place=2))
    assert offer(session, cohort, [Offering(maya, 2)], at=THEN) == []
    assign(session, cohort, [Pair(leo, maya, cohort.version.kinds[0])], by=ines, at=THEN)
    starting.start(session, quiz, leo, seed=bytes(16), at=THEN)
    session.commit()
    session.expire_all()
    return Term(session, cast, origin, quiz, cohort, cast.course("Copy"))


@pytest.fixture
def ines(app: Flask, term: Term) -> FlaskClient:
    """Ines, who teaches the copy."""
    return term.cast.visit(app.test_client(), term.cast.enrol(term.course, "Ines", Role.INSTRUCTOR))


def home(course: Course) -> str:
    return f"/courses/{course.public_id}/"


def button(course: Course, copy: CourseCopy, then: str = "") -> str:
    return f"{home(course)}copies/{copy.public_id}{then}"


def rules_of(quiz: Quiz) -> dict[str, Any]:
    return {name: getattr(quiz.settings, name) for name in RULES}


def quizzes_in(session: Session, course: Course) -> list[Quiz]:
    return list(session.scalars(select(Quiz).where(Quiz.course_id == course.id).order_by(Quiz.id)))


def test_a_course_is_recognized_by_the_nearest_it_was_copied_from(term: Term, session: Session):
    older = term.cast.course("Older")

    found = copies.recognize(session, term.course, ["unknown", term.origin.context_id, older.context_id], THEN)
    again = copies.recognize(session, term.course, [term.origin.context_id], THEN + timedelta(days=1))

    assert found is again
    assert (found.course, found.origin, found.recognized) == (term.course, term.origin, THEN)


@pytest.mark.parametrize("ids", [[], ["unknown"], [COPY]], ids=["none", "unknown", "itself"])
def test_a_course_that_is_no_copy_of_one_we_know_is_not_recognized(term: Term, session: Session, ids: list[str]):
    assert copies.recognize(session, term.course, ids, THEN) is None
    assert session.scalars(select(CourseCopy)).all() == []


def test_a_course_of_another_tenant_is_never_an_origin(term: Term, session: Session, cast: Cast):
    """PNS-04: on one issuer, under another client, and under another deployment of the same client."""
    other_school = cast.course("Elsewhere", platform=cast.platform("School 2", client_id="school-2"))
    deployment = Deployment(
        platform_id=term.course.platform.id, deployment_id="2", standing=Standing.ACTIVE, created=THEN
    )
    session.add(deployment)
    session.flush()
    session.add(
        Course(
            deployment_id=deployment.id,
            context_id="next door",
            title="Next door",
            label="",
            line_item_scopes=[],
            created=THEN,
        )
    )
    session.flush()

    found = copies.recognize(session, term.course, [other_school.context_id, "next door"], THEN)
    unseen = copies.recognize_unseen(
        session, other_school.deployment, CourseClaim(id="new", title="New", label=""), [ORIGIN], THEN
    )

    assert (found, unseen) == (None, None)
    assert session.scalars(select(CourseCopy)).all() == []


def test_a_course_nobody_has_opened_yet_is_made_if_its_origin_is_known(term: Term, session: Session):
    claim = CourseClaim(id="new", title="Next term", label="NEXT")

    found = copies.recognize_unseen(session, term.origin.deployment, claim, [ORIGIN], THEN)

    assert found is not None
    assert (found.course.context_id, found.course.title, found.origin) == ("new", "Next term", term.origin)


def test_the_history_a_platform_sends_is_url_encoded_and_newest_first():
    said = claims(custom={"context_history": "a%2Cb, c%20d ,,a%2Cb, e"})

    assert Launch.from_claims(said).history == ("a,b", "c d", "e")


def test_the_instructor_is_told_exactly_what_would_be_copied(term: Term, ines: FlaskClient):
    term.recognized()

    page = " ".join(ines.get(home(term.course)).text.split())

    assert "This course is a copy" in page
    assert "copied from <bdi>Starting at work</bdi>" in page
    assert re.findall(r"<li>(The [^<]*)</li>", page) == [
        "The quiz Before you start with its rules, from the bank Onboarding quiz: 12 questions in at most 15 minutes."
        " 3 attempts. The best one counts. Passed with 60% or more.",
        "The mentoring program Mentoring: 90 days, 3 mentees with each mentor unless you say otherwise,"
        " kinds of mentor: Mentor, Team mentor.",
    ]


def test_only_who_teaches_the_copy_is_asked_and_may_answer(term: Term, app: Flask):
    copy = term.recognized()
    course, cast = term.course, term.cast
    others = [cast.enrol(course, role.value, role) for role in Role if role != Role.INSTRUCTOR]
    there = cast.visit(app.test_client(), term.cast.enrol(term.origin, "Tariq", Role.INSTRUCTOR))

    shown = {}
    for person in others:
        client = cast.visit(app.test_client(), person)
        answer = client.post(button(course, copy))
        shown[person.role.value] = ("This course is a copy" in client.get(home(course)).text, answer.status_code)

    assert shown == {role.value: (False, 403) for role in Role if role != Role.INSTRUCTOR}
    assert there.post(button(course, copy)).status_code == 404
    assert there.post(button(term.origin, copy)).status_code == 404
    assert copy.copied is None


def test_settings_are_copied_and_nobody_and_nothing_anybody_did(term: Term, ines: FlaskClient, session: Session):
    """PNS-03"""
    copy = term.recognized()
    before = row_counts(session)

    answer = ines.post(button(term.course, copy))

    made = row_counts(session) - before
    (quiz,) = quizzes_in(session, term.course)
    cohort = current(session, term.course)
    assert answer.status_code == 302
    assert {model.__tablename__: made[model.__tablename__] for model in PEOPLE} == {
        model.__tablename__: 0 for model in PEOPLE
    }
    assert (quiz.title, quiz.published.outlined.asks, rules_of(quiz)) == (TITLE, 12, RULES)
    assert (quiz.bank, quiz.public_id == term.quiz.public_id) == (term.quiz.bank, False)
    assert cohort is not None
    assert [(kind.key, kind.label, kind.place, kind.needed) for kind in cohort.version.kinds] == [
        ("mentor", "Mentor", 1, 1),
        ("team", "Team mentor", 2, 1),
    ]
    assert (cohort.state, cohort.version.number, cohort.version.default_capacity) == (CohortState.RUNNING, 1, 3)
    told = session.scalars(select(Happening).where(Happening.name == "CourseSettingsCopied")).one()
    assert term.origin.public_id in told.body
    page = ines.get(home(term.course)).text
    assert "The settings of Starting at work were copied." in page
    assert "This course is a copy" not in page


def test_the_whole_design_is_copied_and_asks_for_the_courses_own_quiz(
    app: Flask, term: Term, ines: FlaskClient, session: Session
):
    basics = TrainingPlan(title="Basics", manner=Manner.QUIZ, address=term.quiz.reference)
    gone = TrainingPlan(title="Gone", manner=Manner.QUIZ, address="quiz:gone")
    design = replace(READY_MADE["employees"].design().without(EvaluationPoint.BASELINE), training=(basics, gone))
    seen = versions.stamp(term.cohort.version)
    with app.test_request_context():
        versions.save(session, term.origin, lambda _before: design, seen=seen, by=None, at=THEN)
    session.commit()

    ines.post(button(term.course, term.recognized()))

    (quiz,) = quizzes_in(session, term.course)
    theirs, ours = (versions.design_for(session, course) for course in (term.origin, term.course))
    assert ours == replace(theirs, training=(replace(theirs.training[0], address=quiz.reference),))
    assert (ours.training[0].address == term.quiz.reference, ours.title) == (False, "Employee onboarding")


def test_what_was_copied_is_the_courses_own(term: Term, ines: FlaskClient, session: Session):
    ines.post(button(term.course, term.recognized()))
    (quiz,) = quizzes_in(session, term.course)

    quiz.title = "Changed here"
    session.commit()
    assert ensure(session, term.course, at=THEN) == current(session, term.course)

    assert session.get(Quiz, term.quiz.id).title == TITLE
    assert current(session, term.origin) == term.cohort


def test_copying_twice_is_copying_once(term: Term, ines: FlaskClient, session: Session):
    copy = term.recognized()
    ines.post(button(term.course, copy))
    before = row_counts(session)

    again = ines.post(button(term.course, copy), follow_redirects=True)

    assert "Nothing was copied: the course has settings of its own by now." in again.text
    assert row_counts(session) - before == {}


def test_what_the_course_has_of_its_own_is_neither_offered_nor_touched(term: Term, ines: FlaskClient, session: Session):
    own = offering.offer(session, term.course, at=THEN)
    session.commit()
    copy = term.recognized()

    page = ines.get(home(term.course)).text
    ines.post(button(term.course, copy))

    assert ("The mentoring program" in page, "The quiz Before you start" in page) == (True, False)
    assert [quiz.title for quiz in quizzes_in(session, term.course)] == [own.title] == ["Onboarding quiz"]


def test_a_course_with_everything_of_its_own_is_not_asked(term: Term, ines: FlaskClient, session: Session):
    offering.offer(session, term.course, at=THEN)
    ensure(session, term.course, at=THEN)
    session.commit()
    copy = term.recognized()

    page = ines.get(home(term.course)).text
    answer = ines.post(button(term.course, copy), follow_redirects=True)

    assert "This course is a copy" not in page
    assert "the course has settings of its own by now" in answer.text
    assert copy.copied is None


def test_not_now_is_not_now(term: Term, ines: FlaskClient):
    copy = term.recognized()

    ines.post(button(term.course, copy, "/later"))
    today = ines.get(home(term.course)).text
    with clock.moved_to(clock.now() + timedelta(days=7, minutes=1)):
        # The session is over by then, so the card is asked for directly.
        me = term.session.scalars(select(Enrolment).where(Enrolment.course_id == term.course.id)).one()
        card = copies.copy_card(me)

    assert "You will be asked again in a week" in today
    assert "This course is a copy" not in today
    assert card is not None


def test_a_thing_is_known_by_what_links_and_columns_called_it(term: Term, session: Session):
    copies.note(session, term.course, "quiz:new", was="quiz:old")
    copies.note(session, term.course, "quiz:new", was="quiz:older")
    copies.note(session, term.course, "quiz:new", was="quiz:old")
    copies.note(session, term.course, "quiz:new", was="quiz:new")
    copies.note(session, term.course, "quiz:new", was="")

    assert copies.known_as(term.course, "quiz:new") == ["quiz:old", "quiz:older"]
    assert copies.known_as(term.origin, "quiz:new") == copies.known_as(term.course, "quiz:old") == []
    assert copies.here(session, term.course, "quiz:old") == "quiz:new"


def opened(client: FlaskClient, resource: str, *, history: str = "", **changes: Any) -> str:
    """A learner follows a link of the copied course page; where it leads."""
    custom = {"activity": "quiz", "resource": resource, "context_history": history}
    answer = launch(client, custom=custom, context={"id": COPY, "title": "Copy"}, **changes)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


@pytest.mark.usefixtures("web")
def test_a_copied_link_opens_the_copys_own_quiz_with_the_same_rules(term: Term, client: FlaskClient, session: Session):
    page = opened(client, term.quiz.reference, history=ORIGIN)

    (quiz,) = quizzes_in(session, term.course)
    placement = session.scalars(select(Placement)).one()
    assert page == f"/courses/{term.course.public_id}/quizzes/{quiz.public_id}"
    assert client.get(page).status_code == 200
    assert (quiz.title, quiz.published.outlined.asks, rules_of(quiz)) == (TITLE, 12, RULES)
    assert (placement.resource, placement.reference) == (term.quiz.reference, quiz.reference)
    assert copies.known_as(term.course, quiz.reference) == [term.quiz.reference]
    assert session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id)).all() == []
    assert opened(client, term.quiz.reference, history=ORIGIN) == page


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize("history", ["", "unknown"])
def test_without_a_signed_history_a_foreign_reference_reads_nothing(
    term: Term, client: FlaskClient, session: Session, history: str
):
    page = opened(client, term.quiz.reference, history=history)

    (quiz,) = quizzes_in(session, term.course)
    assert page.endswith(quiz.public_id)
    assert (quiz.title, quiz.published.outlined.asks) == ("Onboarding quiz", 20)
    assert client.get(f"/courses/{term.course.public_id}/quizzes/{term.quiz.public_id}").status_code == 404


@pytest.mark.usefixtures("web")
def test_another_tenants_reference_and_history_read_nothing(term: Term, client: FlaskClient, session: Session):
    """PNS-04"""
    theirs = term.cast.course("Elsewhere", platform=term.cast.platform("School 2", client_id="school-2"))
    secret = offering.offer(session, theirs, at=THEN)
    changed(session, secret, title="Theirs", plan=Plan.of_one_rule(secret.bank.id, 5))

    page = opened(client, secret.reference, history=theirs.context_id)

    (quiz,) = quizzes_in(session, term.course)
    assert page.endswith(quiz.public_id)
    assert (quiz.title, quiz.published.outlined.asks) == ("Onboarding quiz", 20)


@pytest.mark.usefixtures("web")
def test_a_link_that_names_the_courses_own_quiz_opens_it_whatever_was_opened_before(
    term: Term, client: FlaskClient, session: Session
):
    first = opened(client, "")
    own = a_quiz(session, term.course, term.quiz.bank, "second", "Second")

    second = opened(client, own.reference)

    assert first.endswith(quizzes_in(session, term.course)[0].public_id)
    assert second.endswith(own.public_id)
    assert session.scalars(select(Alias)).all() == []


@pytest.mark.parametrize("flavor", ["strict", "moodle", "canvas"])
def test_a_grade_in_a_copied_course_reaches_the_copied_column(
    campus: CampusInHand, arrive: Arrive, app: Flask, session: Session, flavor: str
):
    """The copied column still carries the old quiz's resource id; no second one is made."""
    campus.set_flavor(flavor)
    arrive("leo", "quiz")
    quiz = session.scalars(select(Quiz)).one()
    with campus.here.store.writing() as db:
        db.execute("UPDATE line_items SET resource_id = ?, tag = 'quiz' WHERE course_id = '2'", (quiz.reference,))
        custom = f'{{"activity": "quiz", "resource": "{quiz.reference}", "context_history": "$Context.id.history"}}'
        db.execute("UPDATE placements SET custom = ? WHERE course_id = '2' AND key = 'quiz'", (custom,))
    made = campus.copy_course("ines")
    campus.enrol("leo", made)
    before = gradebook.columns(campus.here.store, made)

    leo = arrive("leo", "quiz", course=made)
    # As Moodle does once a placement has had two columns: launches name none.
    for placement in session.scalars(select(Placement)):
        placement.line_item = None
    session.commit()
    attempt = start_quiz(leo, leo.page)  # type: ignore[attr-defined]
    leo.post(attempt, data=right_answers(session, attempt))
    drain(app)

    theirs = gradebook.columns(campus.here.store, made)
    assert [column.resource_id for column in theirs] == [column.resource_id for column in before] == [quiz.reference]
    assert [cell["score"] for cell in campus.cells() if cell["course"] == made] == [20]
    assert [cell for cell in campus.cells() if cell["course"] == "2"] == []
    assert campus.refusals() == []
