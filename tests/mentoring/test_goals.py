"""Goals within a mentorship: set, changed, moved on with, reached, given up and opened again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from lti_tool import personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships.refusing import Refusal
from mentoring.programs.choices import GoalType
from mentoring.together.goals import acts, queries
from mentoring.together.goals.models import GoalState, GoalStep, HowFar
from mentoring.together.goals.wording import TEMPLATES, is_untouched, templates_for
from tests.cast import THEN
from tests.mentoring.asking import happened, held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.goals import A_DAY, a_goal, moved, put
from tests.mentoring.meetings import a_circle, a_pair


def of_goals(school: School) -> list[str]:
    return [name for name in happened(school.session) if name.startswith("Goal")]


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice).where(PersonalNotice.enrolment_id == who.id).order_by(PersonalNotice.id)
    )
    return [row.subject for row in rows if "goal" in row.subject]


def test_a_goal_from_its_setting_to_its_end_is_told_to_the_mentor_and_announced(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)

    moved(school, goal, pair.mentee, HowFar.HALF_WAY, at=THEN + A_DAY, hinders="No time")
    moved(school, goal, pair.mentee, HowFar.REACHED, at=THEN + 2 * A_DAY)

    assert (goal.state, goal.closed, goal.moved) == (GoalState.REACHED, THEN + 2 * A_DAY, THEN + 2 * A_DAY)
    assert of_goals(school) == ["GoalSet", "GoalProgressed", "GoalReached"]
    assert told(school, school.maya) == [
        "Leo Baum has set a goal",
        "Leo Baum has written what was done for a goal",
        "Leo Baum has reached a goal",
    ]
    assert told(school, school.leo) == []


def test_how_a_goal_was_put_before_is_kept_and_what_changes_nothing_is_no_change(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee, prompts={"specific": "All of it"})
    held(school, pair)

    first = acts.change(school.session, goal, put("I can explain half of it", 60), by=pair.mentee, at=THEN)
    again = acts.change(school.session, goal, put("I can explain half of it", 60), by=pair.mentee, at=THEN)
    kind = acts.change(
        school.session, goal, put("I can explain half of it", 60, kind=GoalType.SKILL), by=pair.mentee, at=THEN
    )
    school.session.commit()

    [step] = school.session.scalars(select(GoalStep))
    assert (first, again, kind) == (True, False, True)
    assert step.before == {
        "statement": "I can explain our parser",
        "prompts": {"specific": "All of it"},
        "due": (THEN + 30 * A_DAY).isoformat(),
    }
    assert step.due_before == THEN + 30 * A_DAY
    assert of_goals(school) == ["GoalSet", "GoalChanged"]


def test_a_goal_that_was_given_up_is_opened_again_and_what_is_closed_stays_as_it_is(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    held(school, pair)

    acts.drop(school.session, goal, "Other things came first", by=pair.mentee, at=THEN)
    for act in (
        lambda: acts.change(school.session, goal, put("Another"), by=pair.mentee, at=THEN),
        lambda: acts.drop(school.session, goal, "", by=pair.mentee, at=THEN),
        lambda: moved(school, goal, pair.mentee),
    ):
        with pytest.raises(Refusal, match="This goal is closed"):
            act()
    acts.reopen(school.session, goal, by=pair.mentee, at=THEN + A_DAY)
    acts.reopen(school.session, goal, by=pair.mentee, at=THEN + 2 * A_DAY)
    school.session.commit()

    assert (goal.state, goal.closed, goal.moved) == (GoalState.OPEN, None, THEN + A_DAY)
    assert of_goals(school) == ["GoalSet", "GoalDropped", "GoalReopened"]


def test_a_mentor_writes_what_was_done_and_leaves_it_to_the_mentee_to_say_that_it_is_reached(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)

    moved(school, goal, pair.mentor, HowFar.NEARLY)
    with pytest.raises(Refusal, match="Only whose goal it is says that it is reached"):
        moved(school, goal, pair.mentor, HowFar.REACHED)

    assert goal.is_open
    assert told(school, school.leo) == ["Maya Okafor has written what was done for a goal"]


def test_what_is_sent_twice_is_kept_and_told_once(school: School):
    pair = a_pair(school)
    goal, same = (a_goal(school, pair, pair.mentee) for _time in range(2))

    first, second = (moved(school, goal, pair.mentee, HowFar.REACHED) for _time in range(2))

    assert (goal.id, first.id) == (same.id, second.id)
    assert of_goals(school) == ["GoalSet", "GoalReached"]


def test_of_a_circle_everybody_hears_of_what_is_reached_alone(school: School):
    circle = a_circle(school)
    leo = next(person for person in circle.people if person.enrolment_id == school.leo.id)
    goal = a_goal(school, circle, leo)

    moved(school, goal, leo)
    moved(school, goal, leo, HowFar.REACHED)

    assert told(school, school.maya) == told(school, school.zoe) == ["Leo Baum has reached a goal"]


def test_nobody_has_more_goals_open_than_they_can_look_after(school: School):
    pair = a_pair(school)
    for number in range(acts.MOST_OPEN):
        a_goal(school, pair, pair.mentee, f"Goal {number}")

    with pytest.raises(Refusal, match="20 goals are open already"):
        a_goal(school, pair, pair.mentee, "One more")


def test_the_goal_that_rested_longest_says_when_a_mentorship_last_moved(school: School, counting: Counting):
    school.mentors(maya=3)
    resting, closed, without = (
        school.paired(person, school.maya) for person in (school.leo, school.zoe, school.join("Tom Reed"))
    )
    first, second = (a_goal(school, resting, resting.mentee, each) for each in ("First", "Second"))
    moved(school, first, resting.mentee, at=THEN + 3 * A_DAY)
    moved(school, second, resting.mentee, at=THEN + 2 * A_DAY)
    done = a_goal(school, closed, closed.mentee)
    moved(school, done, closed.mentee, HowFar.REACHED)

    with counting() as asked:
        found = queries.last_moved(school.session, [resting.id, closed.id, without.id])

    assert found == {resting.id: THEN + 2 * A_DAY}
    assert len(asked) == 1
    assert queries.last_moved(school.session, []) == {}


def test_goals_of_whoever_left_a_circle_rest_for_nobody(school: School):
    circle = a_circle(school)
    gone = circle.people[0]
    a_goal(school, circle, gone)
    next(member for member in circle.members if member.participant_id == gone.id).until = THEN + A_DAY
    school.session.commit()

    assert queries.last_moved(school.session, [circle.id]) == {}


def test_there_are_goals_to_begin_with_for_each_kind_that_a_program_can_have():
    assert {template.kind for template in TEMPLATES.values()} == set(GoalType)
    assert set(templates_for(["career"])) == {"direction"}
    assert templates_for([]) == dict(TEMPLATES)
    for template in TEMPLATES.values():
        assert "..." in str(template.statement)
        assert all(template.prompts.values())
        assert is_untouched(str(template.statement))


def test_what_people_write_stands_in_no_event_and_in_no_notice(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee, "Secret goal", prompts={"relevant": "Secret reason"})
    moved(school, goal, pair.mentee, words="Secret deed", hinders="Secret trouble")
    acts.drop(school.session, goal, "Secret why", by=pair.mentee, at=THEN)
    school.session.commit()

    bodies = [str(body) for body in school.session.scalars(select(Happening.body))]
    notices = [f"{each.subject} {each.paragraphs}" for each in school.session.scalars(select(PersonalNotice))]

    assert [each for each in (*bodies, *notices) if "Secret" in each] == []


def test_goals_are_given_out_and_erased_and_the_mentor_keeps_their_own_words(school: School):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee, "Leo's goal", prompts={"relevant": "Leo's reason"})
    moved(school, goal, pair.mentee, words="Leo's deed", hinders="Leo's trouble")
    moved(school, goal, pair.mentor, words="Maya's word")
    acts.change(school.session, goal, put("Leo's other goal"), by=pair.mentee, at=THEN)
    school.session.commit()

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["goals"]
    hers: Any = personal_data.export(school.session, school.maya.person)["mentoring"]["goals"]
    personal_data.erase(school.session, school.leo.person, at=THEN + A_DAY)
    school.session.commit()
    school.session.expire_all()

    assert [each["statement"] for each in given["set"]] == ["Leo's other goal"]
    assert [each["words"] for each in given["written"]] == ["Leo's deed", ""]
    assert given["written"][1]["before"]["statement"] == "Leo's goal"
    assert (hers["set"], [each["words"] for each in hers["written"]]) == ([], ["Maya's word"])
    assert (goal.statement, goal.prompts) == ("", {})
    assert [(step.words, step.hinders, step.before) for step in goal.steps] == [
        ("", "", {}),
        ("Maya's word", "", {}),
        ("", "", {}),
    ]
