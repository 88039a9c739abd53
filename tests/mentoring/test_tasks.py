"""Tasks of a mentorship: ticked by its people, told once."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Enrolment
from lti_tool.outbox import Happening
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from tests.mentoring.asking import designed, in_state, with_task
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


def paired(school: School) -> tuple[Mentorship, str]:
    with_task(school, "Show around", 7)
    school.mentors(maya=1)
    mentorship = school.paired(school.leo, school.maya)
    return mentorship, f"/courses/{school.course.public_id}/mentoring/mentorships/{mentorship.public_id}"


def told(school: School) -> list[str]:
    names = school.session.scalars(select(Happening.name).order_by(Happening.id))
    return [name for name in names if name == "TaskDone"]


def test_a_task_that_is_done_is_told_once_however_often_it_is_sent(school: School, visit: Visit):
    mentorship, address = paired(school)
    maya, task = visit(school.maya), mentorship.tasks[0]

    for _time in range(2):
        assert maya.post(f"{address}/tasks/{task.public_id}", data={"done": "1"}).status_code == 302

    school.session.refresh(task)
    assert task.done_by is not None
    assert (task.done_by.name, told(school)) == ("Maya Okafor", ["TaskDone"])


def test_a_tick_is_taken_away_without_a_word(school: School, visit: Visit):
    mentorship, address = paired(school)
    task = mentorship.tasks[0]
    visit(school.leo).post(f"{address}/tasks/{task.public_id}", data={"done": "1"})
    visit(school.maya).post(f"{address}/tasks/{task.public_id}")

    school.session.refresh(task)
    assert (task.done, told(school)) == (None, ["TaskDone"])


def test_an_instructor_sees_tasks_and_ticks_none(school: School, visit: Visit):
    mentorship, address = paired(school)
    ines, task = visit(school.ines), mentorship.tasks[0]

    assert "Show around" in words(ines.get(address))
    answer = ines.post(f"{address}/tasks/{task.public_id}", data={"done": "1"}, follow_redirects=True)

    school.session.refresh(task)
    assert "Only the two of a pair tick their tasks" in words(answer)
    assert (task.done, told(school)) == (None, [])


def test_what_wings_hang_on_the_page_stands_there_once_it_is_agreed_to(school: School, visit: Visit):
    _mentorship, address = paired(school)

    assert 'id="section-tasks"' in visit(school.leo).get(address).text


def test_before_it_is_agreed_to_nothing_hangs_on_the_page(school: School, visit: Visit):
    designed(school, takes_requests=True)
    school.mentors(maya=1)
    asked = in_state(school, MentorshipState.PROPOSED)
    address = f"/courses/{school.course.public_id}/mentoring/mentorships/{asked.public_id}"

    page = visit(school.maya).get(address)

    assert (page.status_code, 'id="section-' in page.text) == (200, False)
