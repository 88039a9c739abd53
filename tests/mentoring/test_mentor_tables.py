"""Mentors by a table, and everybody shown at once: additive, looked at first, nothing half-done."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from lti_tool.tables.sealing import GOOD_FOR
from mentoring.participants.models import Participant
from mentoring.participants.queries import class_of
from mentoring.programs.models import MentorKind
from mentoring.programs.starting import current
from tests.cast import THEN
from tests.mentoring.conftest import School
from tests.mentoring.reading import sent, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def address(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/mentors"


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    for person in (school.maya, school.leo, school.zoe):
        person.person.email = f"{person.name.split()[0].lower()}@example.org"
    school.session.commit()
    return visit(school.ines)


@pytest.fixture
def look(ines: FlaskClient, address: str) -> Callable[[str], TestResponse]:
    return lambda text: ines.post(f"{address}/table", data={"text": text})


@pytest.fixture
def save(ines: FlaskClient, address: str) -> Callable[[TestResponse], TestResponse]:
    return lambda page: ines.post(f"{address}/table/save", data=sent(page))


Look = Callable[[str], TestResponse]
Save = Callable[[TestResponse], TestResponse]


def mentoring(school: School) -> dict[str, int]:
    rows = class_of(school.session, school.course, current(school.session, school.course))
    return {row.person.name: row.capacity for row in rows if row.capacity}


def rows(page: TestResponse) -> list[str]:
    """What the preview says, row by row."""
    found = re.findall(r'<tr role="row" id="row-.*?</tr>', page.text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def test_the_preview_says_of_each_row_what_will_happen_and_changes_nothing(school: School, look: Look):
    school.mentors(zoe=2, leo=1, ines=4)

    page = look("person,places\nmaya@example.org,5\nZOE@example.org,3\nLeo Baum,\nInes Torres,4\n")

    assert page.status_code == 200
    assert rows(page) == [
        "2 Maya Okafor New Mentors, with 5 places.",
        "3 Zoe Lind Changed 3 places instead of 2.",
        "4 Leo Baum Nothing changes: one place.",
        "5 Ines Torres Nothing changes: 4 places.",
    ]
    assert mentoring(school) == {"Ines Torres": 4, "Leo Baum": 1, "Zoe Lind": 2}


def test_looking_at_a_table_makes_no_program(school: School, look: Look):
    assert rows(look("name,kinds\nMaya Okafor,mentor")) == ["2 Maya Okafor New Mentors, with 3 places. Kinds: Mentor."]
    assert current(school.session, school.course) is None


def test_what_was_shown_is_saved_and_whoever_is_not_in_the_table_stays(
    school: School, ines: FlaskClient, address: str, look: Look, save: Save
):
    school.mentors(zoe=2, leo=1)

    answer = save(look("mail;places\nmaya@example.org;\nzoe@example.org;3\n"))

    assert (answer.status_code, answer.location) == (302, address)
    assert mentoring(school) == {"Leo Baum": 1, "Maya Okafor": 3, "Zoe Lind": 3}
    assert "Saved 2 rows of the table." in words(ines.get(address))


def test_a_file_goes_as_well_as_pasted_rows(school: School, ines: FlaskClient, address: str, save: Save):
    file = (io.BytesIO("name\tplaces\nMaya Okafor\t2".encode("utf-16")), "mentors.csv")

    page = ines.post(f"{address}/table", data={"file": file, "text": ""}, content_type="multipart/form-data")

    assert save(page).status_code == 302
    assert mentoring(school) == {"Maya Okafor": 2}


def test_a_file_that_came_as_a_word_is_none(school: School, ines: FlaskClient, address: str):
    answer = ines.post(f"{address}/table", data={"file": "mentors.csv", "text": ""})

    assert answer.status_code == 422
    assert "The table is empty. Choose a file or paste the rows, the header first." in words(answer)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("nemo@example.org,2", "Nobody in this course has the mail nemo@example.org. Check how it is written"),
        ("Nemo,2", "Nobody in this course is called Nemo. Write the whole name as it stands under People"),
        (",2", "It names nobody. Fill in the mail or the full name."),
        ("Leo Baum,-1", "Give Leo Baum a whole number of places from 1 to 100."),
        ("Leo Baum,1.5", "Give Leo Baum a whole number of places from 1 to 100."),
        ("Leo Baum,101", "Give Leo Baum a whole number of places from 1 to 100."),
        ("Leo Baum,many", "Give Leo Baum a whole number of places from 1 to 100."),
        ("Leo Baum,٣", "Give Leo Baum a whole number of places from 1 to 100."),
        ("Leo Baum," + "9" * 40, "Give Leo Baum a whole number of places from 1 to 100."),
        ("=Leo,2", "The cell under person begins as a formula does"),
        ("Leo Baum,=2", "The cell under places begins as a formula does"),
        ("Baum, Leo,2", "There are more cells than the header has."),
        ("Leo Baum,2,", ""),
    ],
)
def test_a_row_that_cannot_be_is_told_by_its_number_and_left_out_of_what_is_saved(
    school: School, look: Look, save: Save, row: str, sentence: str
):
    page = look(f"person,places\nMaya Okafor,2\n{row}\n")

    if not sentence:
        assert (page.status_code, rows(page)[1]) == (200, "3 Leo Baum New Mentors, with 2 places.")
        return
    assert page.status_code == 422
    assert f"Row 3: {sentence}" in words(page)
    assert mentoring(school) == {}
    assert save(page).status_code == 302
    assert mentoring(school) == {"Maya Okafor": 2}


def test_whoever_stands_in_two_rows_is_refused_in_both(school: School, look: Look):
    page = look("name,mail,places\nMaya Okafor,,2\nLeo Baum,,1\n,maya@example.org,3\n")

    sentence = "Left out The same person stands in several rows: 2, 4. Leave only one of them."
    assert rows(page) == [
        f"2 Maya Okafor {sentence}",
        "3 Leo Baum New Mentors, with one place.",
        f"4 Maya Okafor {sentence}",
    ]


def test_two_people_of_one_name_are_told_apart_by_their_mail(school: School, look: Look):
    school.join("Leo  BAUM")

    page = look("name,mail\nLeo Baum,\nLeo Baum,leo@example.org\n")

    assert rows(page) == [
        "2 Leo Baum Left out Several people of this course are called Leo Baum. Use the mail to say who is meant.",
        "3 Leo Baum New Mentors, with 3 places.",
    ]


def test_a_name_counts_beside_a_mail_only_where_the_platform_withholds_the_mail(school: School, look: Look):
    page = look("name,mail\nInes Torres,ines@example.org\nLeo Baum,other@example.org\n")

    assert [row.split(". ")[0] for row in rows(page)] == [
        "2 Ines Torres New Mentors, with 3 places.",
        "3 Leo Baum Left out Nobody in this course has the mail other@example.org",
    ]


def test_where_no_mails_are_shared_that_is_said(school: School, visit: Visit, address: str):
    page = visit(school.ines).post(f"{address}/table", data={"text": "mail\nmaya@example.org"})

    assert "Your learning platform shares no mails with this tool. Write full names, without mails." in words(page)


def test_a_capacity_below_the_load_is_refused(school: School, look: Look):
    school.mentors(maya=2)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))

    page = look("name,places\nMaya Okafor,1")

    sentence = "Maya Okafor has 2 mentees already. Leave 2 places or more, or end a pair first."
    assert (page.status_code, rows(page)) == (422, [f"2 Maya Okafor Left out {sentence}"])
    assert "There is nothing to save." in words(page)


def test_kinds_are_named_by_key_or_label(school: School, look: Look):
    version = school.cohort.version
    school.session.add(MentorKind(version_id=version.id, key="technical", label="Technical mentor", place=2))
    school.session.commit()

    page = look('name,kinds\nMaya Okafor,mentor; TECHNICAL mentor\nLeo Baum,team\nZoe Lind,"technical"\n')

    assert rows(page) == [
        "2 Maya Okafor New Mentors, with 3 places. Kinds: Mentor, Technical mentor.",
        "3 Leo Baum Left out There is no kind of mentor called team. Choose from: Mentor; Technical mentor.",
        "4 Zoe Lind New Mentors, with 3 places. Kinds: Technical mentor.",
    ]


def test_kinds_are_saved_and_who_says_none_keeps_theirs(school: School, look: Look, save: Save):
    version = school.cohort.version
    school.session.add(MentorKind(version_id=version.id, key="technical", label="Technical mentor", place=2))
    school.session.commit()
    save(look("name,kinds\nMaya Okafor,technical\nZoe Lind,\n"))

    page = look("name,places,kinds\nMaya Okafor,,Technical mentor\nZoe Lind,,mentor\n")
    save(page)

    assert rows(page) == [
        "2 Maya Okafor Nothing changes: 3 places.",
        "3 Zoe Lind Changed 3 places, as before. Kinds: Mentor.",
    ]
    found = class_of(school.session, school.course, current(school.session, school.course))
    assert {row.person.name: row.kinds for row in found if row.capacity} == {
        "Maya Okafor": ("technical",),
        "Zoe Lind": ("mentor",),
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The table is empty."),
        (b"Maya Okafor,2", "Row 1 should be the header and name one of these columns: mail, name, person."),
        (b'name\nMaya Okafor\n"Leo', 'Row 3 opens a quotation mark (") that is never closed.'),
        (b"name\n" + b"x\n" * 5001, "The table has more than 5000 rows."),
        (b"name\n" + b"x" * 500_000, "The table is larger than 500 kilobytes."),
        (b"name\nMa\x00ya", "This is no CSV, or one with letters that cannot be read."),
        (b"name\nM\x81", "The letters of this file cannot be read."),
    ],
)
def test_a_table_of_no_use_comes_back_with_the_cure(ines: FlaskClient, address: str, content: bytes, sentence: str):
    data = {"file": (io.BytesIO(content), "mentors.csv")}

    answer = ines.post(f"{address}/table", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert sentence in words(answer)


def test_a_table_larger_than_any_request_may_be_is_refused_unread(ines: FlaskClient, address: str):
    answer = ines.post(f"{address}/table", data=b"x" * 1_100_000, content_type="multipart/form-data; boundary=x")

    assert (answer.status_code, "Send less at once." in words(answer)) == (413, True)


def test_guessed_letters_and_unknown_columns_are_told(ines: FlaskClient, school: School, address: str):
    school.join("Zoë Müller")
    data = {"file": (io.BytesIO("name,salary\nZoë Müller,1".encode("cp1252")), "mentors.csv")}

    page = ines.post(f"{address}/table", data=data, content_type="multipart/form-data")

    assert rows(page) == ["2 Zoë Müller New Mentors, with 3 places."]
    assert "The letters were taken for Windows-1252." in words(page)
    assert "One column is not known here and was not read: salary." in words(page)


def test_the_largest_table_is_looked_at_and_saved(school: School, look: Look, save: Save):
    for number in range(60):
        school.join(f"Learner {number}")
    unknown = "".join(f"Nobody {number},1\n" for number in range(4940))

    page = look("name,places\n" + "".join(f"Learner {number},1\n" for number in range(60)) + unknown)

    assert (page.status_code, len(rows(page))) == (422, 5000)
    assert "and 4920 more, marked below" in words(page)
    assert save(page).status_code == 302
    assert len(mentoring(school)) == 60


def test_a_row_that_has_become_impossible_is_refused_and_nothing_of_the_table_is_saved(
    school: School, look: Look, save: Save
):
    school.mentors(maya=4)
    page = look("name,places\nMaya Okafor,1\nInes Torres,2\n")
    school.pair((school.leo, school.maya), (school.zoe, school.maya))

    answer = save(page)

    assert answer.status_code == 422
    assert "Nothing is saved yet" in words(answer)
    assert rows(answer) == [
        "2 Maya Okafor Left out Maya Okafor has 2 mentees already. Leave 2 places or more, or end a pair first.",
        "3 Ines Torres New Mentors, with 2 places.",
    ]
    assert mentoring(school) == {"Maya Okafor": 4}
    assert save(answer).status_code == 302
    assert mentoring(school) == {"Ines Torres": 2, "Maya Okafor": 4}


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_overwritten(school: School, look: Look, save: Save):
    page = look("name,places\nMaya Okafor,2\n")
    school.mentors(maya=5)

    answer = save(page)

    assert answer.status_code == 422
    assert "Meanwhile somebody else changed something." in words(answer)
    assert rows(answer) == ["2 Maya Okafor Changed 2 places instead of 5."]
    assert mentoring(school) == {"Maya Okafor": 5}


def test_who_has_left_meanwhile_is_left_out(school: School, look: Look, save: Save):
    page = look("name\nMaya Okafor\nLeo Baum\n")
    school.maya.is_active = False
    school.session.commit()

    answer = save(page)

    assert rows(answer) == [
        "2 Somebody Left out They are no longer in the course. Leave the row out.",
        "3 Leo Baum New Mentors, with 3 places.",
    ]
    assert (mentoring(school), school.session.query(Participant).count()) == ({}, 0)


def test_saving_twice_changes_nothing_more(school: School, look: Look, save: Save):
    page = look("name,places\nMaya Okafor,2\n")
    save(page)

    answer = save(page)

    assert (answer.status_code, rows(answer)) == (422, ["2 Maya Okafor Nothing changes: 2 places."])
    assert mentoring(school) == {"Maya Okafor": 2}


@pytest.mark.parametrize("word", ["", "made-up", "W10.aaaa.bbbb"])
def test_rows_that_nobody_was_shown_are_not_saved(school: School, ines: FlaskClient, address: str, word: str):
    answer = ines.post(f"{address}/table/save", data={"rows": word})

    assert answer.status_code == 422
    assert "Bring the table again." in words(answer)


def test_what_one_instructor_looked_at_another_cannot_save(school: School, visit: Visit, address: str, look: Look):
    second = visit(school.join("Otto", school.ines.role))
    page = look("name,places\nMaya Okafor,2\n")

    assert second.post(f"{address}/table/save", data=sent(page)).status_code == 422
    assert mentoring(school) == {}


def test_a_preview_of_yesterday_is_too_old(school: School, look: Look, save: Save):
    with clock.moved_to(THEN):
        page = look("name,places\nMaya Okafor,2\n")
    with clock.moved_to(THEN + GOOD_FOR + timedelta(minutes=1)):
        answer = save(page)

    assert answer.status_code == 422


def test_what_is_downloaded_can_be_brought_back_and_holds_no_formula(
    school: School, ines: FlaskClient, address: str, look: Look
):
    school.join("=HYPERLINK(1)")
    school.mentors(maya=2)

    file = ines.get(f"{address}/table.csv")

    assert (file.status_code, file.content_type) == (200, "text/csv; charset=utf-8")
    assert file.text.removeprefix("\ufeff").splitlines() == [
        "name,mail,places,kinds",
        "'=HYPERLINK(1),,0,",
        "Ines Torres,,0,",
        "Leo Baum,leo@example.org,0,",
        "Maya Okafor,maya@example.org,2,",
        "Zoe Lind,zoe@example.org,0,",
    ]
    assert rows(look(file.text)) == [
        "2 =HYPERLINK(1) Nothing changes: mentors nobody.",
        "3 Ines Torres Nothing changes: mentors nobody.",
        "4 Leo Baum Nothing changes: mentors nobody.",
        "5 Maya Okafor Nothing changes: 2 places.",
        "6 Zoe Lind Nothing changes: mentors nobody.",
    ]


def test_a_table_makes_nobody_stop_mentoring(school: School, look: Look):
    school.mentors(maya=2)

    page = look("name,places\nMaya Okafor,0\n")

    assert page.status_code == 422
    assert "Row 2: A table makes nobody stop mentoring. Leave the row out, and take the tick of Maya Okafor" in words(
        page
    )
    assert mentoring(school) == {"Maya Okafor": 2}


def test_everybody_in_a_group_mentors_at_once_and_who_mentors_keeps_their_number(
    school: School, ines: FlaskClient, address: str
):
    group = CourseGroup(
        course_id=school.course.id, source=Source.SERVICE, reference="a", name="Section A", created=THEN
    )
    school.session.add(group)
    school.session.flush()
    school.session.add_all(
        GroupMembership(group_id=group.id, enrolment_id=each.id) for each in (school.maya, school.leo)
    )
    school.mentors(leo=1)
    shown = f"{address}?group={group.public_id}"
    page = ines.get(shown)

    answer = ines.post(f"{address}/everybody?group={group.public_id}", data=_everybody(page, "4"))

    assert (answer.status_code, answer.location) == (302, shown)
    assert mentoring(school) == {"Leo Baum": 1, "Maya Okafor": 4}
    assert "One more person mentors now." in words(ines.get(address))


def _everybody(page: TestResponse, places: str) -> dict[str, str]:
    return {"people": sent(page)["people"], "places": places}


@pytest.mark.parametrize("places", ["0", "-1", "1.5", "101", "all"])
def test_everybody_wants_a_whole_number(school: School, ines: FlaskClient, address: str, places: str):
    answer = ines.post(f"{address}/everybody", data=_everybody(ines.get(address), places))

    assert answer.status_code == 422
    assert "Give each of them a whole number of places from 1 to 100." in words(answer)
    assert mentoring(school) == {}


def test_only_those_who_were_shown_mentor(school: School, ines: FlaskClient, address: str):
    page = ines.get(f"{address}?q=maya")
    school.join("Maya Second")

    ines.post(f"{address}/everybody?q=maya", data=_everybody(page, "2"))
    again = ines.post(f"{address}/everybody?q=maya", data=_everybody(page, "5"))

    assert again.status_code == 302
    assert mentoring(school) == {"Maya Okafor": 2}
    assert "All of them mentor already, so nothing was changed." in words(ines.get(address))
