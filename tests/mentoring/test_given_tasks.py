"""Tasks that a mentor gives: with a day or without, changed, taken back, ticked; and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships import tasks
from mentoring.mentorships.models import Membership, Mentorship, Part, Task
from mentoring.mentorships.tasks import Wording
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, happened, held, with_task
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000


def address_of(mentorship: Mentorship, rest: str = "") -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}{rest}"


def given(school: School, mentorship: Mentorship, by: Participant, title: str = "Read chapter 2", **said: Any) -> Task:
    task = tasks.give(school.session, held(school, mentorship), Wording(title=title, **said), by=by, at=THEN)
    school.session.commit()
    return task


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice).where(PersonalNotice.enrolment_id == who.id).order_by(PersonalNotice.id)
    )
    return [row.subject for row in rows if "task" in row.subject]


def of_tasks(school: School) -> list[str]:
    return [name for name in happened(school.session) if name.startswith("Task")]


def test_a_mentor_gives_a_task_with_a_day_and_the_mentee_ticks_it(school: School, visit: Visit):
    pair = a_pair(school)
    said = {"title": "Read  chapter 2", "detail": "The part on\ntables", "day": "2026-12-01"}

    with clock.moved_to(THEN):
        answer = visit(school.maya).post(address_of(pair, "/tasks/new"), data=said, follow_redirects=True)
        again = visit(school.maya).post(address_of(pair, "/tasks/new"), data=said)
        [task] = school.session.scalars(select(Task)).all()
        page = words(visit(school.leo).get(address_of(pair)))
        visit(school.leo).post(address_of(pair, f"/tasks/{task.public_id}"), data={"done": "1"})

    school.session.refresh(task)
    assert "The task is given, and told." in words(answer)
    assert again.status_code == 302
    assert "Read chapter 2 The part on tables By Dec 1, 2026 From Maya Okafor" in page
    assert (task.part, task.due) == (Part.MENTEE, datetime(2026, 12, 1, 23, 59, tzinfo=UTC))
    assert (task.done, of_tasks(school)) == (THEN, ["TaskGiven", "TaskDone"])
    assert told(school, school.leo) == ["Maya Okafor has given you a task"]
    assert told(school, school.maya) == ["Leo Baum says that a task of yours is done"]


def test_a_task_needs_no_day_and_one_that_has_passed_is_told_kindly(school: School, visit: Visit):
    pair = a_pair(school)
    given(school, pair, pair.mentor, "Without a day")
    given(school, pair, pair.mentor, "With a day", due=THEN + A_DAY)

    with clock.moved_to(THEN + 3 * A_DAY):
        page = words(visit(school.leo).get(address_of(pair)))
        brief = words(visit(school.maya).get(address_of(pair, "/brief")))

    assert "With a day Was planned for Nov 24, 2026; it is not too late From Maya Okafor" in page
    assert "Without a day From Maya Okafor" in page
    assert page.index("With a day") < page.index("Without a day")
    assert "Without a day" in brief


def test_a_task_is_changed_and_taken_back_while_it_is_not_done(school: School, visit: Visit):
    pair = a_pair(school)
    task, done = given(school, pair, pair.mentor), given(school, pair, pair.mentor, "Done")
    maya = visit(school.maya)
    one, other = (address_of(pair, f"/tasks/{each.public_id}") for each in (task, done))

    with clock.moved_to(THEN):
        maya.post(other, data={"done": "1"})
        form = maya.get(f"{one}/change")
        changed = maya.post(f"{one}/change", data={"title": "Read chapter 3"}, follow_redirects=True)
        same = maya.post(f"{one}/change", data={"title": "Read chapter 3"}, follow_redirects=True)
        late = [
            maya.post(f"{other}/{act}", data={"title": "x"}, follow_redirects=True) for act in ("change", "take-back")
        ]
        back = maya.post(f"{one}/take-back", follow_redirects=True)

    assert "Read chapter 2" in form.text
    assert "Changed, and told." in words(changed)
    assert "Nothing is different." in words(same)
    assert ["This is done already, so it stays as it is." in words(answer) for answer in late] == [True, True]
    assert "Taken back." in words(back)
    assert [each.title for each in school.session.scalars(select(Task))] == ["Done"]
    assert told(school, school.leo) == [
        "Maya Okafor has given you a task",
        "Maya Okafor has given you a task",
        "Maya Okafor has changed a task of yours",
        "Maya Okafor has taken a task back",
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": ""}, "Say what is to be done."),
        ({"title": " \t "}, "Say what is to be done."),
        ({"title": LONG}, "What is to be done: 200 letters at most."),
        ({"detail": LONG}, "More about it, if anything: 4000 letters at most."),
        ({"day": "never"}, "By which day: give a day as 2026-09-14."),
        ({"day": "2026-11-22"}, "By which day: choose a day to come, or leave it empty."),
        ({"day": "2031-01-01"}, "By which day: choose one within three years."),
    ],
)
def test_what_cannot_be_a_task_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, said: dict[str, str], sentence: str
):
    pair = a_pair(school)

    with clock.moved_to(THEN):
        answer = visit(school.maya).post(
            address_of(pair, "/tasks/new"), data={"title": "Read", "detail": "Kept", **said}
        )

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("detail", "Kept") in answer.text
    assert school.session.scalars(select(Task)).all() == []


def test_what_the_program_says_stays_as_it_is_and_a_mentee_gives_nothing(school: School, visit: Visit):
    with_task(school, "Show around", 7)
    pair = a_pair(school)
    task = given(school, pair, pair.mentor)
    programs = next(each for each in pair.tasks if each.given_by_id is None)
    maya, leo = visit(school.maya), visit(school.leo)

    with clock.moved_to(THEN):
        refused = maya.post(address_of(pair, f"/tasks/{programs.public_id}/take-back"), follow_redirects=True)
        shut = [maya.get(address_of(pair, f"/tasks/{programs.public_id}/change"))]
        shut += [leo.get(address_of(pair, rest)) for rest in ("/tasks/new", f"/tasks/{task.public_id}/change")]
        no = leo.post(address_of(pair, "/tasks/new"), data={"title": "You do it"}, follow_redirects=True)
        hers = leo.post(address_of(pair, f"/tasks/{task.public_id}/take-back"), follow_redirects=True)
        others = [visit(school.zoe), visit(school.ines)]
        strange = [each.post(address_of(pair, "/tasks/new"), data={"title": "x"}) for each in others]
        strange += [each.post(address_of(pair, f"/tasks/{task.public_id}/take-back")) for each in others]

    assert "This task comes from the program, and stays as it is." in words(refused)
    assert [answer.status_code for answer in (*shut, *strange)] == [404] * 7
    assert "Of a pair, the mentor gives tasks." in words(no)
    assert "Whoever gave this task changes it or takes it back." in words(hers)
    assert sorted(each.title for each in school.session.scalars(select(Task))) == ["Read chapter 2", "Show around"]


def test_a_substitute_takes_over_the_tasks_of_the_mentor_before(school: School, visit: Visit):
    pair = a_pair(school)
    task = given(school, pair, pair.mentor)
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    pair.members[0].until = THEN + A_DAY
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=THEN + A_DAY))
    school.session.commit()

    with clock.moved_to(THEN + A_DAY):
        answer = visit(school.zoe).post(
            address_of(pair, f"/tasks/{task.public_id}/change"), data={"title": "Read chapter 4"}
        )

    school.session.refresh(task)
    assert (answer.status_code, task.title, task.given_by_id) == (302, "Read chapter 4", zoe.id)


def test_in_a_circle_anybody_gives_to_all_and_only_they_take_it_back(school: School, visit: Visit):
    circle = a_circle(school)

    with clock.moved_to(THEN):
        visit(school.leo).post(address_of(circle, "/tasks/new"), data={"title": "Bring an example"})
        [task] = school.session.scalars(select(Task)).all()
        page = words(visit(school.zoe).get(address_of(circle)))
        home = visit(school.zoe).get(f"/courses/{school.course.public_id}/")
        refused = visit(school.zoe).post(
            address_of(circle, f"/tasks/{task.public_id}/take-back"), follow_redirects=True
        )

    assert task.part is Part.PEER
    assert "Bring an example From Leo Baum" in page
    assert "Next: Bring an example" in words(home)
    assert "Whoever gave this task changes it or takes it back." in words(refused)
    assert told(school, school.maya) == told(school, school.zoe) == ["Leo Baum has given you a task"]
    [body] = school.session.scalars(select(Happening.body).where(Happening.name == "TaskGiven"))
    assert "Bring" not in str(body)


def test_nobody_is_given_more_than_they_can_see(school: School, visit: Visit):
    pair = a_pair(school)
    for number in range(tasks.MOST_OPEN):
        pair.tasks.append(Task(part=Part.MENTEE, title=f"Task {number}", given_by=pair.mentor))
    school.session.commit()

    with clock.moved_to(THEN):
        answer = visit(school.maya).post(address_of(pair, "/tasks/new"), data={"title": "One more", "detail": "Kept"})

    assert answer.status_code == 422
    assert "100 tasks are to be done already." in words(answer)
    assert "Kept" in answer.text


def test_the_page_asks_as_often_for_one_task_as_for_three(school: School, visit: Visit, counting: Counting):
    circle = a_circle(school)
    leo, numbers = visit(school.leo), []
    for people in (circle.people[:1], circle.people[1:]):
        for person in people:
            given(school, circle, person, f"Task of {person.name}")
        leo.get(address_of(circle))
        school.session.expire_all()
        with clock.moved_to(THEN), counting() as queries:
            assert leo.get(address_of(circle)).status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_tasks_are_given_out_and_erased_with_whoever_gave_them(school: School):
    pair = a_pair(school)
    given(school, pair, pair.mentor, "To be done", detail="In detail")
    done = given(school, pair, pair.mentor, "Done")
    tasks.tick(school.session, held(school, pair), done, True, by=pair.mentee, at=THEN)
    school.session.commit()

    out: Any = personal_data.export(school.session, school.maya.person)["mentoring"]["tasks_given"]
    his: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["tasks_given"]
    personal_data.erase(school.session, school.maya.person, at=THEN + A_DAY)
    school.session.commit()
    school.session.expire_all()

    assert ([(each["title"], each["detail"]) for each in out], his) == ([("To be done", "In detail"), ("Done", "")], [])
    assert [(task.title, task.done) for task in school.session.scalars(select(Task))] == [("", THEN)]
