"""Steps that a program puts on timelines: designed, copied into each mentorship, done each by its own event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, outbox, personal_data
from lti_tool.events import ActivityCompleted, Where
from lti_tool.models import Enrolment
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline.models import StepMark, TimelineEntry
from mentoring.mentorships.timeline.reaching import entries_of
from mentoring.personal import giving
from mentoring.programs import quizzes, telling, versions
from mentoring.programs.choices import ForWhom, StepManner
from mentoring.programs.contradictions import contradictions
from mentoring.programs.design import ProgramDesign, StepPlan, TaskPlan
from mentoring.programs.models import ProgramStep
from mentoring.programs.ready_made import READY_MADE, simple
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, happened, with_task
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import sent, words
from tests.mentoring.test_agreement import address, circle_of, sign, write
from tests.mentoring.test_program_pages import all_of, page

Visit = Callable[[Enrolment], FlaskClient]
LATER = THEN + A_DAY
LONG = "x" * 100_000


@pytest.fixture(autouse=True)
def _a_day_later() -> Iterator[None]:
    with clock.moved_to(LATER):
        yield


def with_step(school: School, title: str, manner: StepManner = StepManner.LINK, **said: Any) -> None:
    """One more step of the course's program, due after ten days."""
    usual: dict[str, Any] = {"whom": ForWhom.BOTH, "days": 10, "address": "", "place": 1}
    step = ProgramStep(version_id=school.cohort.version_id, title=title, manner=manner, **(usual | said))
    school.session.add(step)
    school.session.commit()
    school.session.expire_all()


def a_pair(school: School) -> Mentorship:
    school.mentors(maya=1)
    return school.paired(school.leo, school.maya)


def entry(school: School, mentorship: Mentorship, title: str) -> TimelineEntry:
    school.session.expire_all()
    return next(each for each in entries_of(school.session, mentorship) if each.title == title)


def is_done(school: School, mentorship: Mentorship, title: str) -> datetime | None:
    return entry(school, mentorship, title).done


def completed(school: School, who: Enrolment, activity: str, *, has_passed: bool | None = True) -> None:
    event = ActivityCompleted(
        at=LATER,
        who=who.who,
        where=Where(course=who.course.public_id, title=who.course.title),
        activity=activity,
        has_passed=has_passed,
    )
    outbox.announce(school.session, event)
    school.session.commit()


def ticked(client: FlaskClient, school: School, mentorship: Mentorship, title: str, **form: str) -> str:
    here = address(mentorship, f"/timeline/{entry(school, mentorship, title).public_id}/done")
    return words(client.post(here, data=form, follow_redirects=True))


# What an instructor designs


def step(number: int, **said: str) -> dict[str, str]:
    usual = {"whom": "both", "manner": "link", "address": "", "activity": "", "task": "", "days": "", "share": ""}
    return {f"steps-{number}-{field}": value for field, value in {**usual, **said}.items()}


def saved(ines: FlaskClient, school: School, *rows: dict[str, str]) -> tuple[int, str]:
    form: dict[str, object] = all_of(ines, page(school, "/edit/steps"))
    for row in rows:
        form |= row
    answer = ines.post(page(school, "/edit/steps"), data=form)
    return answer.status_code, words(answer)


def test_steps_of_every_manner_are_designed_and_read_in_plain_words(school: School, visit: Visit):
    with_task(school, "Show around", 7)
    ines = visit(school.ines)

    status, _said = saved(
        ines,
        school,
        step(0, title="Handbook", address="https://lms.example/handbook", whom="mentee", days="10"),
        step(1, title="Basics", manner="activity", activity="quiz:onboarding", share="50"),
        step(2, title="The building", manner="task", task="Show around", days="7"),
    )

    made = versions.design_for(school.session, school.course).steps
    assert status == 302
    assert [(each.title, each.manner, each.whom, each.days, each.share) for each in made] == [
        ("Handbook", "link", "mentee", 10, None),
        ("Basics", "activity", "both", None, 50),
        ("The building", "task", "both", 7, None),
    ]
    assert made[1].address.startswith("quiz:")
    assert made[1].address != "quiz:onboarding"
    said = words(ines.get(page(school)))
    assert "Handbook (to read or do, Mentees, by day 10)" in said
    assert "Basics (a quiz or review, Mentees and mentors, by 50% of the time)" in said
    assert "The building (a task of the program, by day 7)" in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": "Handbook"}, "Say when Handbook is due: either by which day, or by how many percent."),
        ({"title": "Handbook", "days": "1", "share": "1"}, "Say when Handbook is due"),
        ({"title": "Handbook", "days": "91"}, "Handbook is due on day 91, and a mentorship lasts 90 days."),
        ({"title": "Handbook", "days": "soon"}, "By day: give a whole number from 0 to 1100."),
        ({"title": "Handbook", "share": "101"}, "Or by percent of the time: give a whole number from 0 to 100."),
        ({"title": "Handbook", "days": "1", "address": "javascript:alert(1)"}, "has to begin with https://"),
        ({"title": "Handbook", "days": "1", "address": "http://lms.example"}, "has to begin with https://"),
        ({"title": "Handbook", "days": "1", "address": "https://lms.example/a b"}, "has no spaces"),
        ({"title": "Handbook", "days": "1", "manner": "activity"}, "Choose which quiz or review Handbook is."),
        ({"title": "Handbook", "days": "1", "manner": "task"}, "Choose which task Handbook waits for."),
        ({"title": "Handbook", "days": "1", "manner": "pigeon"}, "How it is done: choose one of the list."),
        ({"title": "Handbook", "days": "1", "whom": "pigeon"}, "For: choose one of the list."),
        ({"title": "Handbook", "days": "1", "manner": "task", "task": "No such"}, "Which task: choose one of the list"),
        ({"title": "Handbook", "days": "1", "manner": "activity", "activity": "quiz:x"}, "choose one of the list"),
        ({"title": LONG, "days": "1"}, "Title: 200 letters at most."),
        ({"title": "Handbook", "days": "1", "address": "https://" + LONG}, "Address of the material: 2000 letters"),
        ({"title": "", "address": "https://lms.example"}, "Give this a name, or clear the whole row"),
    ],
)
def test_what_cannot_be_a_step_is_said(school: School, visit: Visit, said: dict[str, str], sentence: str):
    status, answer = saved(visit(school.ines), school, step(0, **said))

    assert (status, sentence in answer) == (422, True)
    assert versions.design_for(school.session, school.course).steps == ()


def test_a_title_twice_and_a_row_half_sent_are_said(school: School, visit: Visit):
    ines = visit(school.ines)

    twice = saved(ines, school, step(0, title="Read", days="1"), step(1, title="read", days="2"))
    half = saved(ines, school, {"steps-0-title": "Read"})

    assert (twice[0], "Read stands among the steps twice." in twice[1]) == (422, True)
    assert half[0] == 422


def test_letters_that_are_none_do_no_harm(school: School, visit: Visit):
    ines = visit(school.ines)

    refused, _said = saved(ines, school, step(0, title="Re\x00ad", days="1"))
    status, _said = saved(ines, school, step(0, title="اقرأ 🌱", days="1"))

    assert (refused, status) == (400, 302)
    assert [each.title for each in versions.design_for(school.session, school.course).steps] == ["اقرأ 🌱"]


def test_a_step_follows_its_task_to_another_title_and_keeps_it_from_going(school: School, visit: Visit):
    with_task(school, "Show around", 7)
    ines = visit(school.ines)
    saved(ines, school, step(0, title="The building", manner="task", task="Show around", days="7"))
    goal = all_of(ines, page(school, "/edit/goal"))

    ines.post(page(school, "/edit/goal"), data=goal | {"tasks-0-title": "Show the house"})
    [made] = versions.design_for(school.session, school.course).steps
    goal = all_of(ines, page(school, "/edit/goal"))
    gone = ines.post(page(school, "/edit/goal"), data=goal | {"tasks-0-title": "", "tasks-0-detail": ""})

    assert made.address == "Show the house"
    assert gone.status_code == 422
    assert "The step The building waits for the task Show the house, which is not there." in words(gone)


def test_steps_are_part_of_a_version_and_what_changed_is_said(school: School, visit: Visit):
    school.mentors(maya=1)
    ines = visit(school.ines)

    saved(ines, school, step(0, title="Handbook", days="10"))

    assert "Besides the six events: Handbook" in words(ines.get(page(school, "/versions")))
    assert school.cohort.version.number == 2


@pytest.mark.parametrize("key", READY_MADE)
def test_steps_of_ready_made_programs_can_stand(key: str, school: School):
    design = READY_MADE[key].design()

    assert contradictions(design) == []
    assert telling.facts(design)["steps"][0].said


def test_a_copied_course_has_the_steps_with_its_own_quiz(school: School):
    origin, course = school.course, school.cast.course("A copy")
    steps = (
        StepPlan(title="Basics", manner=StepManner.ACTIVITY, address="quiz:onboarding", days=1),
        StepPlan(title="Gone", manner=StepManner.ACTIVITY, address="quiz:gone", days=1),
        StepPlan(title="Meet", manner=StepManner.TASK, address="Meet", days=1),
    )
    design = ProgramDesign(title="x", kinds=simple().kinds, tasks=(TaskPlan(title="Meet", days=1),), steps=steps)

    theirs = quizzes.settled(design, origin)
    ours = quizzes.of_course(theirs, origin, course)

    assert [each.title for each in ours.steps] == ["Basics", "Meet"]
    assert ours.steps[0].address not in ("quiz:onboarding", theirs.steps[0].address)
    assert ours.steps[0].address.startswith("quiz:")


# What becomes of it in a mentorship


def test_every_mentorship_gets_the_steps_with_their_days(school: School):
    with_step(school, "Handbook", days=10)
    with_step(school, "Half time", days=None, share=50, place=2)

    pair = a_pair(school)

    due = {each.title: each.due for each in entries_of(school.session, pair) if each.manner}
    assert due == {"Handbook": THEN + 10 * A_DAY, "Half time": THEN + timedelta(days=45)}


def test_those_that_stand_keep_the_steps_of_their_version(school: School, visit: Visit):
    with_step(school, "Handbook")
    pair = a_pair(school)

    saved(visit(school.ines), school, step(0, title="Another book", days="20"))

    assert [each.title for each in entries_of(school.session, pair) if each.manner] == ["Handbook"]


def test_what_is_to_read_is_done_when_both_have_ticked_it(school: School, visit: Visit):
    with_step(school, "Handbook", address="https://lms.example/handbook")
    pair = a_pair(school)
    leo, maya = visit(school.leo), visit(school.maya)

    ticked(leo, school, pair, "Handbook", done="1")
    half, seen = is_done(school, pair, "Handbook"), words(maya.get(address(pair, "/timeline")))
    ticked(maya, school, pair, "Handbook", done="1")

    assert (half, is_done(school, pair, "Handbook")) == (None, LATER)
    assert "Leo Baum has done it." in seen
    assert (
        'href="https://lms.example/handbook" target="_blank" rel="noopener noreferrer"'
        in leo.get(address(pair, "/timeline")).text
    )
    assert happened(school.session).count("StepDone") == 2


def test_a_tick_twice_counts_once_and_can_be_taken_away(school: School, visit: Visit):
    with_step(school, "Handbook", whom=ForWhom.MENTEE)
    pair = a_pair(school)
    leo = visit(school.leo)

    ticked(leo, school, pair, "Handbook", done="1")
    ticked(leo, school, pair, "Handbook", done="1")
    once = is_done(school, pair, "Handbook")
    ticked(leo, school, pair, "Handbook")

    assert (once, is_done(school, pair, "Handbook")) == (LATER, None)
    assert happened(school.session).count("StepDone") == 1


def test_a_step_of_the_mentee_is_not_the_mentor_s_to_tick(school: School, visit: Visit):
    with_step(school, "Handbook", whom=ForWhom.MENTEE)
    pair = a_pair(school)
    maya = visit(school.maya)

    said = ticked(maya, school, pair, "Handbook", done="1")

    assert "This step is not yours to tick: it is for the other side." in said
    assert is_done(school, pair, "Handbook") is None
    assert "For Leo Baum" in words(maya.get(address(pair, "/timeline")))
    assert "For you" in words(visit(school.leo).get(address(pair, "/timeline")))
    assert visit(school.zoe).get(address(pair, "/timeline")).status_code == 404


def test_a_quiz_is_done_when_it_is_passed_and_by_nobody_s_tick(school: School, visit: Visit):
    with_step(school, "Basics", StepManner.ACTIVITY, whom=ForWhom.MENTEE, address="quiz:abc")
    pair = a_pair(school)

    assert "Nobody has to tick this" in ticked(visit(school.leo), school, pair, "Basics", done="1")
    completed(school, school.leo, "quiz:abc", has_passed=False)
    completed(school, school.leo, "quiz:other")
    completed(school, school.maya, "quiz:abc")
    completed(school, school.zoe, "quiz:abc")
    assert is_done(school, pair, "Basics") is None

    completed(school, school.leo, "quiz:abc")
    completed(school, school.leo, "quiz:abc")

    assert is_done(school, pair, "Basics") == LATER
    assert len(school.session.scalars(select(StepMark)).all()) == 1


def test_a_review_that_nobody_passes_is_done_when_it_is_finished(school: School):
    with_step(school, "Review", StepManner.ACTIVITY, address="review:abc")
    pair = a_pair(school)

    for person in (school.leo, school.maya):
        completed(school, person, "review:abc", has_passed=None)

    assert is_done(school, pair, "Review") == LATER


def test_what_was_passed_before_is_done_from_the_start(school: School):
    with_step(school, "Basics", StepManner.ACTIVITY, whom=ForWhom.MENTEE, address="quiz:abc")
    completed(school, school.leo, "quiz:abc")
    completed(school, school.maya, "quiz:abc")

    pair = a_pair(school)

    assert is_done(school, pair, "Basics") == LATER
    assert len(entry(school, pair, "Basics").marks) == 1


def test_a_task_s_step_is_done_with_its_task_and_not_without(school: School, visit: Visit):
    with_task(school, "Show around", 7)
    with_step(school, "The building", StepManner.TASK, address="Show around")
    pair = a_pair(school)
    [task], maya = pair.tasks, visit(school.maya)
    here = address(pair, f"/tasks/{task.public_id}")

    maya.post(here, data={"done": "1"})
    done = is_done(school, pair, "The building")
    maya.post(here)

    assert (done, is_done(school, pair, "The building")) == (LATER, None)


def test_in_a_circle_a_step_is_everybody_s(school: School, visit: Visit):
    with_step(school, "Handbook", whom=ForWhom.MENTEE)
    circle = circle_of(school, school.maya, school.leo, school.zoe)
    before = []
    for person in (school.maya, school.leo, school.zoe):
        before.append(is_done(school, circle, "Handbook"))
        ticked(visit(person), school, circle, "Handbook", done="1")

    assert (before, is_done(school, circle, "Handbook")) == ([None] * 3, LATER)


def test_a_share_moves_with_the_end_and_a_moved_day_stays(school: School, visit: Visit):
    with_step(school, "Half time", days=None, share=50)
    with_step(school, "Third quarter", days=None, share=75, place=2)
    pair = a_pair(school)
    moved, maya = entry(school, pair, "Third quarter"), visit(school.maya)
    maya.post(address(pair, f"/timeline/{moved.public_id}/day"), data={f"{moved.public_id}-day": "2026-12-24"})

    write(maya, pair, ends="2027-03-31")
    sign(visit(school.leo), pair, 1)

    ends = pair.planned_end
    assert ends is not None
    assert entry(school, pair, "Half time").due == THEN + (ends - THEN) / 2
    assert entry(school, pair, "Third quarter").due.isoformat()[:10] == "2026-12-24"


def test_the_program_s_steps_are_not_taken_away_and_overdue_is_said_kindly(school: School, visit: Visit):
    with_step(school, "Handbook", days=2)
    pair = a_pair(school)
    leo = visit(school.leo)
    here = address(pair, f"/timeline/{entry(school, pair, 'Handbook').public_id}/remove")

    kept = words(leo.post(here, follow_redirects=True))
    with clock.moved_to(THEN + 5 * A_DAY):
        timeline = words(visit(school.leo).get(address(pair, "/timeline")))

    assert "This step belongs to the program and stays." in kept
    assert "Handbook was planned for Nov 25, 2026; it is not too late" in timeline


def test_instructors_see_the_program_s_steps(school: School, visit: Visit):
    with_step(school, "Handbook")
    pair = a_pair(school)

    assert "Handbook" in words(visit(school.ines).get(address(pair)))


def test_ten_steps_cost_no_more_queries_than_one(school: School, visit: Visit, counting: Counting):
    with_step(school, "Step 0")
    school.mentors(maya=2)
    one = school.paired(school.leo, school.maya)
    for number in range(1, 10):
        with_step(school, f"Step {number}", place=number + 1)
    ten = school.paired(school.zoe, school.maya)
    maya = visit(school.maya)

    def cost(mentorship: Mentorship, then: str) -> int:
        maya.get(address(mentorship, then))
        with counting() as queries:
            assert maya.get(address(mentorship, then)).status_code == 200
        return len(queries)

    assert [cost(one, then) for then in ("", "/timeline")] == [cost(ten, then) for then in ("", "/timeline")]


def test_what_somebody_has_done_is_given_out_and_erased(school: School, visit: Visit):
    with_step(school, "Handbook")
    pair = a_pair(school)
    ticked(visit(school.leo), school, pair, "Handbook", done="1")
    assert [each["title"] for each in giving.export(school.session, school.leo.person)["steps_done"]] == ["Handbook"]

    personal_data.erase(school.session, school.leo.person, at=LATER)
    school.session.commit()

    assert school.session.scalars(select(StepMark)).all() == []
    assert "Handbook" in [each.title for each in entries_of(school.session, pair)]


def test_a_ready_made_program_brings_its_steps_along(school: School, visit: Visit):
    ines = visit(school.ines)
    ines.post(page(school, "/templates/students"), data=sent(ines.get(page(school, "/templates/students"))))

    made = versions.design_for(school.session, school.course)

    assert made.steps == READY_MADE["students"].design().steps
    assert len(made.steps) == 3
