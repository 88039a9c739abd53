"""The page of a mentorship says first what is next and due, shows the newest few of what is long, and is short where
nothing is."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Mentorship, Task
from mentoring.participants.models import Participant
from tests.cast import THEN
from tests.mentoring.asking import A_DAY
from tests.mentoring.checking_in import a_managed_pair, address_of
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words
from tests.mentoring.test_check_ins import kept

Visit = Callable[[Enrolment], FlaskClient]


def opened(visit: Visit, who: Enrolment, pair: Mentorship, act: str = "") -> TestResponse:
    with clock.moved_to(THEN):
        return visit(who).get(address_of(pair, act))


def section(page: TestResponse, key: str) -> str:
    found = re.search(rf'<section class="panel" id="section-{key}".*?</section>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split()) if found else ""


def now(page: TestResponse) -> str:
    found = re.search(r'<section class="card is-next".*?</section>', page.text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


def given(school: School, pair: Mentorship, *dues: int, done: int = 0) -> None:
    """A task that is due so many days from then for each, and so many that were done, the last one yesterday."""
    mentor: Participant = pair.mentor
    for days in dues:
        title = f"Task of day {days}"
        pair.tasks.append(Task(part=pair.members[0].part, title=title, detail="", due=THEN + days * A_DAY, changes=0))
    for number in range(done):
        ticked = THEN - (done - number) * A_DAY
        pair.tasks.append(
            Task(part=pair.members[0].part, title=f"Done {number}", detail="", done=ticked, done_by=mentor, changes=0)
        )
    school.session.commit()


def tasks_in(said: str) -> list[str]:
    """In their order; buttons name them once more."""
    return list(dict.fromkeys(re.findall(r"Task of day \d|Done \d", said)))


def test_what_is_next_and_due_stands_first_a_line_each(school: School, visit: Visit):
    pair = a_managed_pair(school)
    given(school, pair, 20, -2, 3)

    leos, mayas, iness = (now(opened(visit, each, pair)) for each in (school.leo, school.maya, school.ines))

    late = "The task “Task of day -2” was planned for Nov 21, 2026; it is not too late."
    assert late in leos
    assert "No meeting is planned." in leos
    assert "May Vera Stein be asked now and then what change they see?" in leos
    assert leos.index(late) < leos.index("Decide about check-ins")
    assert (late in mayas, late in iness) == (False, False)
    assert "Your brief before you meet" in mayas
    assert "Your brief before you meet" not in leos


def test_of_many_tasks_the_first_due_and_the_last_done_stand_there_and_all_on_a_page(school: School, visit: Visit):
    pair = a_managed_pair(school)
    given(school, pair, 9, 5, 1, 7, done=2)

    page = section(opened(visit, school.leo, pair), "tasks")
    everything = words(opened(visit, school.leo, pair, "/tasks"))

    assert tasks_in(page) == ["Task of day 1", "Task of day 5", "Task of day 7", "Done 1"]
    assert "All 6 tasks" in page
    assert tasks_in(everything) == [
        *("Task of day 1", "Task of day 5", "Task of day 7", "Task of day 9"),
        *("Done 1", "Done 0"),
    ]


def test_who_opens_the_page_of_all_tasks(school: School, visit: Visit):
    pair = a_managed_pair(school)
    tariq = school.join("Tariq Aziz", Role.ASSISTANT)
    everyone = (school.leo, school.maya, school.ines, school.zoe, tariq)

    assert [opened(visit, each, pair, "/tasks").status_code for each in everyone] == [200, 200, 200, 404, 404]


def test_what_is_empty_is_a_line_with_the_one_thing_to_do(school: School, visit: Visit):
    page = opened(visit, school.maya, a_managed_pair(school))

    assert section(page, "tasks") == "Tasks Nothing is to be done. Give a task"
    assert (
        section(page, "goals")
        == "Goals No goal is open. The mentee sets them; what was last done for each will stand here."
    )
    assert (
        section(page, "notes")
        == "Notes No shared note yet. A note is private until you choose who reads it. Write a note"
    )
    assert section(page, "resources") == (
        "Resources Nothing has been shared yet: links and files that help you both. Share one"
    )
    assert 'class="empty-state"' not in page.text


def test_of_many_answers_the_newest_stand_there_and_all_on_a_page(school: School, visit: Visit):
    pair = a_managed_pair(school)
    for number in range(30):
        kept(school, pair, number)

    page = section(opened(visit, school.leo, pair), "check-ins")
    first, second = (opened(visit, school.maya, pair, f"/check-ins/answers{more}") for more in ("", "?from=25"))

    assert (page.count("A clear change for the better"), "All answers" in page) == (3, True)
    assert [words(each).count("A clear change for the better") for each in (first, second)] == [25, 5]
    assert opened(visit, school.zoe, pair, "/check-ins/answers").status_code == 404


def test_the_page_asks_as_often_for_many_tasks_as_for_one(school: School, visit: Visit, counting: Counting):
    pair, numbers = a_managed_pair(school), []
    for dues in ((1,), tuple(range(2, 12))):
        given(school, pair, *dues, done=len(dues))
        leo = visit(school.leo)
        leo.get(address_of(pair))
        with counting() as queries:
            leo.get(address_of(pair))
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]
