"""The training gate: what is to be done before a match, who ticks it, and when it has to be done anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, outbox
from lti_tool.events import ActivityCompleted
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Part
from mentoring.participants.models import Passed, TrainingDone
from mentoring.programs import versions
from mentoring.programs.choices import Manner
from mentoring.programs.design import TrainingPlan
from mentoring.programs.models import TrainingItem
from mentoring.programs.starting import newest
from mentoring.programs.versions import stamp
from mentoring.training.gate import is_trained, missing, participant_of, steps, tick
from tests.cast import THEN
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import panel, sent, words

Visit = Callable[[Enrolment], FlaskClient]

READ = TrainingPlan(
    title="Read the handbook", manner=Manner.LINK, address="https://lms.example/book", key="introduction"
)
ROLE = TrainingPlan(title="The role", manner=Manner.LINK, key="mentors-role")
WORKSHOP = TrainingPlan(title="Workshop", manner=Manner.IN_PERSON, key="communication", valid_days=100)
QUIZ = TrainingPlan(title="Basics", manner=Manner.QUIZ, address="quiz:basics", is_for_mentors=False, key="mentees-part")


def train(school: School, *items: TrainingPlan) -> None:
    """Let the program ask for this."""
    versions.save(
        school.session,
        school.course,
        lambda before: replace(before, training=items),
        seen=stamp(newest(school.session, school.course)),
        by=school.ines,
        at=THEN,
    )
    school.session.commit()


@pytest.fixture
def gate(app: Flask, school: School) -> School:
    """Maya mentors and Leo is mentored; mentors read and come to a workshop, mentees pass a quiz."""
    school.mentors(maya=1)
    with app.test_request_context():
        train(school, READ, WORKSHOP, QUIZ)
    return school


def item(school: School, key: str) -> TrainingItem:
    return next(each for each in school.cohort.version.training if each.key == key)


def passes(school: School, person: Enrolment, *, has_passed: bool = True, at=THEN) -> None:
    event = ActivityCompleted(
        at=at, who=person.who, where=school.course.where, activity="quiz:basics", has_passed=has_passed
    )
    outbox.announce(school.session, event)
    school.session.commit()
    school.session.expire_all()


def still_open(school: School, person: Enrolment, part: Part, at=THEN) -> list[str]:
    participant = participant_of(school.session, school.cohort, person)
    return [each.title for each in missing(school.cohort.version, participant, part, at)]


def test_somebody_is_trained_who_has_done_everything_for_their_part(gate: School):
    maya = participant_of(gate.session, gate.cohort, gate.maya)
    assert maya is not None

    before = still_open(gate, gate.maya, Part.MENTOR)
    for key in ("introduction", "communication"):
        tick(gate.session, gate.cohort, item(gate, key), {gate.maya: True}, by=gate.ines, at=THEN)

    assert before == ["Read the handbook", "Workshop"]
    assert is_trained(gate.cohort.version, maya, Part.MENTOR, THEN)
    assert not is_trained(gate.cohort.version, maya, Part.MENTEE, THEN)


def test_where_nothing_is_asked_everybody_is_trained(school: School):
    school.mentors(maya=1)
    maya = participant_of(school.session, school.cohort, school.maya)
    assert maya is not None

    assert is_trained(school.cohort.version, maya, Part.MENTOR, THEN)


def test_what_was_done_has_to_be_done_anew_when_it_has_expired(gate: School):
    tick(gate.session, gate.cohort, item(gate, "communication"), {gate.maya: True}, by=gate.ines, at=THEN)
    maya = participant_of(gate.session, gate.cohort, gate.maya)
    found = [
        steps(gate.cohort.version, maya, Part.MENTOR, THEN + timedelta(days=days))[1].standing for days in (0, 99, 100)
    ]

    tick(
        gate.session,
        gate.cohort,
        item(gate, "communication"),
        {gate.maya: True},
        by=gate.ines,
        at=THEN + timedelta(days=101),
    )

    assert found == ["done", "done", "expired"]
    assert steps(gate.cohort.version, maya, Part.MENTOR, THEN + timedelta(days=150))[1].is_done
    assert len(gate.session.scalars(select(TrainingDone)).all()) == 1


def test_a_quiz_is_done_when_it_is_passed_and_not_before(gate: School):
    gate.paired(gate.leo, gate.maya)
    passes(gate, gate.leo, has_passed=False)
    before = still_open(gate, gate.leo, Part.MENTEE)

    passes(gate, gate.leo)
    passes(gate, gate.leo, has_passed=False)

    assert (before, still_open(gate, gate.leo, Part.MENTEE)) == (["Basics"], [])


def test_a_quiz_counts_for_somebody_who_has_no_part_yet(gate: School, visit: Visit):
    before = words(visit(gate.leo).get(page(gate)))
    passes(gate, gate.leo)
    after = words(visit(gate.leo).get(page(gate)))

    assert ("Basics" in before, participant_of(gate.session, gate.cohort, gate.leo)) == (True, None)
    assert (before.count("Done"), after.count("Done")) == (0, 1)


def test_a_quiz_passed_before_anybody_asked_for_it_counts(app: Flask, school: School):
    passes(school, school.leo)
    passes(school, school.leo, at=THEN + timedelta(days=1))
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)

    with app.test_request_context():
        train(school, QUIZ)

    assert still_open(school, school.leo, Part.MENTEE) == []
    assert school.session.scalars(select(Passed)).one().at == THEN + timedelta(days=1)


def test_what_somebody_has_done_stays_done_when_the_program_changes(app: Flask, gate: School):
    tick(gate.session, gate.cohort, item(gate, "introduction"), {gate.maya: True}, by=gate.ines, at=THEN)

    with app.test_request_context():
        train(gate, replace(READ, title="Read the new handbook"), ROLE)

    assert still_open(gate, gate.maya, Part.MENTOR) == ["The role"]


def page(school: School, then: str = "") -> str:
    return f"/courses/{school.course.public_id}/mentoring/training{then}"


def test_a_mentor_ticks_what_they_do_by_themselves(gate: School, visit: Visit):
    maya = visit(gate.maya)
    before = words(maya.get(page(gate)))

    after = words(maya.post(page(gate), data={"item": "introduction"}, follow_redirects=True))

    assert "2 steps are to be done before you are matched." in before
    assert "Noted as done: Read the handbook" in after
    assert "One step is to be done before you are matched." in after
    assert 'href="https://lms.example/book"' in maya.get(page(gate)).text
    assert still_open(gate, gate.maya, Part.MENTOR) == ["Workshop"]


def test_a_tick_can_be_taken_back(gate: School, visit: Visit):
    maya = visit(gate.maya)
    maya.post(page(gate), data={"item": "introduction"})

    maya.post(page(gate), data={"item": "introduction", "done": "no"})

    assert still_open(gate, gate.maya, Part.MENTOR) == ["Read the handbook", "Workshop"]


@pytest.mark.parametrize("key", ["communication", "mentees-part", "made-up", ""])
def test_nobody_ticks_for_themselves_what_others_say(gate: School, visit: Visit, key: str):
    said = words(visit(gate.maya).post(page(gate), data={"item": key}, follow_redirects=True))

    assert "This does not belong to your training any more." in said
    assert gate.session.scalars(select(TrainingDone)).all() == []


def test_material_of_our_own_is_read_on_the_page(app: Flask, gate: School, visit: Visit):
    with app.test_request_context():
        train(gate, ROLE)

    assert "You listen, ask, tell what you have seen, and open doors." in words(visit(gate.maya).get(page(gate)))


def test_the_home_page_says_what_is_to_be_done_until_it_is_done(gate: School, visit: Visit):
    leo, home = visit(gate.leo), f"/courses/{gate.course.public_id}/"
    before = leo.get(home)

    passes(gate, gate.leo)
    gate.mentors()
    gate.paired(gate.leo, gate.maya)

    assert "One step of your training is to be done before you are matched." in words(before)
    assert "0 of 1 step is done. Basics To do" in (panel(before, "your-training") or "")
    assert panel(leo.get(home), "your-training") is None


def test_without_a_training_nobody_is_told_of_one(school: School, visit: Visit):
    school.mentors(maya=1)
    maya = visit(school.maya)

    assert panel(maya.get(f"/courses/{school.course.public_id}/"), "your-training") is None
    assert "There is no training for you to do." in words(maya.get(page(school)))


def test_an_instructor_ticks_many_at_once(gate: School, visit: Visit):
    gate.mentors(maya=1, zoe=1)
    ines = visit(gate.ines)
    form = sent(ines.get(page(gate, "/everybody")))
    ticks = {f"done-{person.public_id}": "y" for person in (gate.maya, gate.zoe)}

    after = words(ines.post(page(gate, "/everybody"), data={**form, **ticks}, follow_redirects=True))

    assert "Saved for 2 people." in after
    assert [still_open(gate, person, Part.MENTOR) for person in (gate.maya, gate.zoe)] == [["Read the handbook"]] * 2


def test_taking_a_tick_away_is_saved_too_and_of_others_nothing_changes(gate: School, visit: Visit):
    gate.mentors(maya=1, zoe=1)
    workshop = item(gate, "communication")
    tick(gate.session, gate.cohort, workshop, {gate.maya: True}, by=gate.ines, at=THEN)
    gate.session.commit()
    ines = visit(gate.ines)
    form = sent(ines.get(page(gate, "/everybody")))
    tick(gate.session, gate.cohort, workshop, {gate.zoe: True}, by=gate.ines, at=THEN)
    gate.session.commit()

    form.pop(f"done-{gate.maya.public_id}")
    ines.post(page(gate, "/everybody"), data=form)

    assert "Workshop" in still_open(gate, gate.maya, Part.MENTOR)
    assert "Workshop" not in still_open(gate, gate.zoe, Part.MENTOR)


@pytest.mark.parametrize("key", ["introduction", "mentees-part"])
def test_an_instructor_excuses_somebody_who_knows_it_already(gate: School, visit: Visit, key: str):
    person, part = (gate.maya, Part.MENTOR) if key == "introduction" else (gate.leo, Part.MENTEE)
    ines, address = visit(gate.ines), page(gate, f"/everybody?item={key}")
    title, ticked = item(gate, key).title, f"done-{person.public_id}"
    assert title in still_open(gate, person, part)

    ines.post(address, data={**sent(ines.get(address)), ticked: "y"})
    assert title not in still_open(gate, person, part)

    form = sent(ines.get(address))
    form.pop(ticked)
    ines.post(address, data=form)
    assert title in still_open(gate, person, part)


def test_nobody_takes_back_what_a_quiz_says(gate: School, visit: Visit):
    passes(gate, gate.leo)
    ines, address = visit(gate.ines), page(gate, "/everybody?item=mentees-part")
    answer = ines.get(address)

    assert f"done-{gate.leo.public_id}" not in sent(answer)
    assert "Leo Baum 1 of 1 done All done Passed" in words(answer)

    ines.post(address, data={f"was-{gate.leo.public_id}": "yes"})
    assert "Leo Baum 1 of 1 done All done Passed" in words(ines.get(address))


def test_the_page_about_everybody_says_what_each_has_to_do(gate: School, visit: Visit):
    said = words(visit(gate.ines).get(page(gate, "/everybody")))

    assert "0 of 3 people have done all of it." in said
    assert "Leo Baum 0 of 1 done Basics Not asked of them" in said


def test_only_instructors_see_everybodys_training(gate: School, visit: Visit):
    maya = visit(gate.maya)

    assert maya.get(page(gate, "/everybody")).status_code == 403
    assert maya.post(page(gate, "/everybody"), data={f"done-{gate.maya.public_id}": "y"}).status_code == 403


def test_the_page_about_everybody_asks_as_often_for_many_as_for_few(gate: School, visit: Visit, counting: Counting):
    ines, costs = visit(gate.ines), []
    for round_ in range(2):
        with counting() as queries:
            ines.get(page(gate, "/everybody"))
        costs.append(len(queries))
        for number in range(5):
            person = gate.join(f"Learner {round_} {number}")
            tick(gate.session, gate.cohort, item(gate, "introduction"), {person: True}, by=gate.ines, at=THEN)
        gate.session.commit()

    assert costs[0] == costs[1]


def test_an_expired_training_stands_on_the_home_page_again(gate: School, visit: Visit):
    for key in ("introduction", "communication"):
        tick(gate.session, gate.cohort, item(gate, key), {gate.maya: True}, by=gate.ines, at=THEN)
    gate.session.commit()
    home = f"/courses/{gate.course.public_id}/"

    with clock.moved_to(THEN + timedelta(minutes=1)):
        fresh = panel(visit(gate.maya).get(home), "your-training")
    with clock.moved_to(THEN + timedelta(days=101)):
        page_now = words(visit(gate.maya).get(page(gate)))

    assert fresh is None
    assert "Due anew It held until" in page_now
