"""What instructors and learners read of progress, and the files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment, Role
from mentoring.programs.models import Cohort
from tests.mentoring.conftest import Counting, School
from tests.mentoring.conftest import counting as counting
from tests.mentoring.meetings import booked, said
from tests.mentoring.reading import words
from tests.xapi.progress.conftest import NOW, Year

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def base(school: School) -> str:
    return f"/courses/{school.course.public_id}/progress"


def read(client: FlaskClient, address: str, status: int = 200) -> str:
    with clock.moved_to(NOW):
        answer = client.get(address)
    assert answer.status_code == status, answer.text
    return words(answer) if status == 200 else ""


def test_an_instructor_reads_the_course_and_each_learner(visit: Visit, school: School, year: Year, base: str):
    seen = read(visit(school.ines), base)

    assert "1 Not met yet 0 Stalled 1 Active 1 Completed" in seen
    assert "Meetings held 1" in seen
    assert "Goals reached 1 of 2" in seen
    assert "Leo Baum Active 1 1 of 2 1 of 1" in seen
    assert "Zoe Lind Completed 0 none set 0 of 1" in seen
    assert "Nils Berg Not met yet" in seen
    assert seen.index("Nils Berg") < seen.index("Leo Baum") < seen.index("Zoe Lind")
    assert "Maya Okafor" not in seen


def test_what_others_said_stands_on_no_instructors_page_however_many_they_are(
    visit: Visit, school: School, year: Year, base: str
):
    """Not even as a mean: that of the course less that of a cohort would be one person's."""
    year.review(*[school.join(f"Learner {number}") for number in range(9)])
    ines = visit(school.ines)

    whole, one = read(ines, base), read(ines, f"{base}/learners/{school.leo.public_id}")

    assert "11 people" in whole
    assert "Listening" not in whole
    assert "Listening" not in one
    assert "3.8" not in whole


def test_a_learner_reads_their_own_and_nobody_elses(visit: Visit, school: School, year: Year, base: str):
    seen = read(visit(school.leo), f"{base}/mine")

    assert "My progress" in seen
    assert "Maya Okafor Active since" in seen
    assert "Meetings held 1 Goals reached 1 of 2" in seen
    assert "Onboarding quiz 2 80% Yes" in seen
    assert "Listening 3.8 of 5" in seen
    for address in (base, f"{base}/mentorships", f"{base}/learners/{school.zoe.public_id}", f"{base}/learners.csv"):
        read(visit(school.leo), address, 403)
    read(visit(school.ines), f"{base}/mine", 403)


def test_mentorship_by_mentorship(visit: Visit, school: School, year: Year, base: str):
    seen = read(visit(school.ines), f"{base}/mentorships")

    assert "Leo Baum with Maya Okafor Active since" in seen
    assert "2 days 1 1 of 2" in seen
    assert "Nils Berg with Maya Okafor Not met yet" in seen
    active = read(visit(school.ines), f"{base}/mentorships?state=active")
    assert "Leo Baum" in active
    assert "Nils Berg" not in active
    assert "None is like that." in read(visit(school.ines), f"{base}/mentorships?state=stalled")


def test_one_cohort_can_be_read_alone_and_somebody_found(
    visit: Visit, session: Session, school: School, year: Year, base: str
):
    cohort = session.scalars(select(Cohort)).one()
    ines = visit(school.ines)

    assert "1 Active 1 Completed" in read(ines, f"{base}?of=cohort:{cohort.public_id}")
    assert "1 Active 1 Completed" in read(ines, f"{base}?of=program:{cohort.program.public_id}")
    read(ines, f"{base}?of=cohort:another", 404)
    found = read(ines, f"{base}?q=zoe")
    assert "Zoe Lind" in found
    assert "Leo Baum" not in found
    assert "None is like that." in read(ines, f"{base}?q=nobody")
    assert "None is like that." in read(ines, f"{base}/mentorships?from=99999")
    read(ines, f"{base}/learners/nobody", 404)


def test_an_empty_course_says_what_will_stand_there(visit: Visit, school: School, base: str):
    assert "Nobody stands here yet." in read(visit(school.ines), base)
    assert "There is no mentorship yet." in read(visit(school.ines), f"{base}/mentorships")
    assert "There is nothing to tell yet." in read(visit(school.leo), f"{base}/mine")
    assert "There is nothing to tell yet." in read(visit(school.ines), f"{base}/learners/{school.leo.public_id}")


def test_tables_are_taken_along(visit: Visit, school: School, year: Year, base: str):
    with clock.moved_to(NOW):
        text = visit(school.ines).get(f"{base}/learners.csv").get_data(as_text=True)
        book = visit(school.ines).get(f"{base}/mentorships.xlsx").get_data()
        assert visit(school.ines).get(f"{base}/mentorships.pdf").status_code == 404
        assert visit(school.ines).get(f"{base}/everything.csv").status_code == 404

    learners = {row["Learner"]: row for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))}
    assert {name: row["State"] for name, row in learners.items()} == {
        "Leo Baum": "Active",
        "Zoe Lind": "Completed",
        "Nils Berg": "Not met yet",
    }
    assert (learners["Leo Baum"]["Meetings held"], learners["Leo Baum"]["Best quiz result (0 to 1)"]) == ("1", "0.8")
    header, *rows = load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    by_person = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    assert by_person["Leo Baum"]["Mentor"] == "Maya Okafor"
    assert by_person["Leo Baum"]["Meetings held"] == 1
    assert by_person["Zoe Lind"]["State"] == "Completed"
    assert ZipFile(io.BytesIO(book)).testzip() is None


def test_a_name_that_looks_like_a_formula_stays_text(visit: Visit, school: School, year: Year, base: str):
    school.leo.person.name = "=HYPERLINK(1)"
    school.session.commit()

    text = visit(school.ines).get(f"{base}/learners.csv").get_data(as_text=True)

    assert "'=HYPERLINK(1)" in text


def test_whoever_was_erased_is_gone_from_the_report(visit: Visit, school: School, year: Year, base: str):
    personal_data.erase(school.session, school.leo.person, at=NOW)
    school.session.commit()

    seen = read(visit(school.ines), base)

    assert "Leo" not in seen
    assert "Zoe Lind" in seen


def test_asks_the_same_of_the_database_for_many_as_for_few(
    visit: Visit, school: School, year: Year, base: str, counting: Counting
):
    ines = visit(school.ines)
    read(ines, base)
    with counting() as unchanged:
        read(ines, base)
    year.take(year.nils, 9, 6)
    with counting() as few:
        read(ines, base)
    for number in range(12):
        year.take(school.join(f"Learner {number}"), 10 + number, 6)
    with counting() as many:
        read(ines, base)

    assert len(unchanged) <= 6
    assert len(many) <= len(few) <= len(unchanged) + 6


def test_a_report_never_lags_and_forgets_what_was_voided(visit: Visit, school: School, year: Year, base: str):
    ines = visit(school.ines)
    assert "Meetings held 1" in read(ines, base)
    [more] = booked(school, year.leo, year.leo.mentee, 9)
    said(school, more, year.leo.mentee)
    assert "Meetings held 2" in read(ines, base)

    personal_data.erase(school.session, school.zoe.person, at=NOW)
    school.session.commit()

    assert "Zoe" not in read(ines, base)


def test_observers_and_preview_students_have_no_progress(visit: Visit, school: School, base: str):
    guest = school.join("Gus", Role.OBSERVER)
    read(visit(guest), base, 403)
    read(visit(guest), f"{base}/mine", 403)


def test_a_mentor_reads_how_far_those_they_mentor_have_come(visit: Visit, school: School, year: Year, base: str):
    seen = read(visit(school.maya), f"{base}/mine")

    assert "Whom you mentor Mentee State First meeting after Meetings held Tasks done" in seen
    assert "Leo Baum Active 2 days 1" in seen
    assert "Nils Berg Not met yet not met 0" in seen
    assert "There is nothing to tell yet." not in seen
    assert "Goals reached" not in seen
    assert "Whom you mentor" not in read(visit(school.leo), f"{base}/mine")
    assert "Whom they mentor" in read(visit(school.ines), f"{base}/learners/{school.maya.public_id}")


def test_how_many_of_the_course_have_nothing_to_tell_yet_is_said(
    visit: Visit, session: Session, school: School, year: Year, base: str
):
    sentence = "more learner is in the course of whom there is nothing to tell yet"
    before = read(visit(school.ines), base)
    amir = school.join("Amir Shah")
    session.commit()

    after = read(visit(school.ines), base)
    cohort = session.scalars(select(Cohort)).one()
    found = [read(visit(school.ines), f"{base}?{of}") for of in ("q=leo", f"of=cohort:{cohort.public_id}")]
    amir.is_active = False
    session.commit()

    assert "nothing to tell yet" not in before
    assert f"One {sentence}" in after
    assert ["nothing to tell yet" in each for each in found] == [False, False]
    assert "nothing to tell yet" not in read(visit(school.ines), base)
