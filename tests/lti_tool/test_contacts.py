"""Who somebody's manager is: recorded by instructors, by a table, or by the person; seen by these alone."""

from __future__ import annotations

import html
import io
import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.contacts.circles import circles
from lti_tool.contacts.models import Contact, ManagerLink, Outsider
from lti_tool.contacts.queries import manager_of, managers_of
from lti_tool.contacts.recording import Wish, record
from lti_tool.db import db
from lti_tool.models import Course, Enrolment, Role
from tests.cast import THEN, Cast
from tests.mentoring.reading import sent, words

Page = TestResponse
VERA = Outsider("Vera Stein", "Vera@Example.org")


@pytest.fixture
def course(cast: Cast) -> Course:
    return cast.course()


@pytest.fixture
def enrol(session: Session, cast: Cast, course: Course) -> Callable[..., Enrolment]:
    def enrol(name: str, role: Role = Role.LEARNER, **rest: bool) -> Enrolment:
        person = cast.enrol(course, name, role, **rest)
        person.person.email = f"{name.split()[0].lower()}@example.org"
        session.commit()
        return person

    return enrol


Enrol = Callable[..., Enrolment]


@pytest.fixture
def ines(enrol: Enrol) -> Enrolment:
    return enrol("Ines Torres", Role.INSTRUCTOR)


@pytest.fixture
def maya(enrol: Enrol) -> Enrolment:
    return enrol("Maya Okafor")


@pytest.fixture
def leo(enrol: Enrol) -> Enrolment:
    return enrol("Leo Baum")


@pytest.fixture
def zoe(enrol: Enrol) -> Enrolment:
    return enrol("Zoe Lind")


@pytest.fixture
def managed(session: Session, course: Course, ines: Enrolment) -> Callable[..., list[str]]:
    """Records (person, manager) pairs as Ines; comes back with what was refused."""

    def managed(*pairs: tuple[Enrolment, Enrolment | Outsider | None], by: Enrolment | None = None) -> list[str]:
        refused = record(session, course, [Wish(*pair) for pair in pairs], by=by or ines, at=THEN)
        session.commit()
        return [each.sentence for each in refused]

    return managed


Managed = Callable[..., list[str]]


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Callable[[Enrolment], FlaskClient]:
    return lambda person: cast.visit(app.test_client(), person)


Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def address(course: Course) -> str:
    return f"/courses/{course.public_id}/people/managers"


@pytest.fixture
def mine(course: Course) -> str:
    return f"/courses/{course.public_id}/my-manager"


def recorded(session: Session) -> dict[str, tuple[str, str, str]]:
    """Everybody's manager with their mail, and who said so."""
    return {link.enrolment.name: (link.name, link.mail, link.said_by.name) for link in session.query(ManagerLink).all()}


def rows(page: TestResponse) -> list[str]:
    found = re.findall(r'<tr role="row" id="row-.*?</tr>', page.text, re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", each)).split()) for each in found]


def test_a_manager_is_somebody_of_the_course_or_a_contact(
    session: Session, course: Course, maya: Enrolment, leo: Enrolment, zoe: Enrolment, managed: Managed
):
    assert managed((leo, maya), (zoe, VERA)) == []

    assert recorded(session) == {
        "Leo Baum": ("Maya Okafor", "maya@example.org", "Ines Torres"),
        "Zoe Lind": ("Vera Stein", "vera@example.org", "Ines Torres"),
    }
    assert managers_of(session, course) == {leo.id: maya.id}
    assert (manager_of(session, zoe).name, manager_of(session, maya)) == ("Vera Stein", None)


def test_managers_of_one_course_say_nothing_of_another(
    session: Session, cast: Cast, leo: Enrolment, maya: Enrolment, managed: Managed
):
    managed((leo, maya))

    assert managers_of(session, cast.course("Elsewhere")) == {}


def test_whoever_has_left_still_counts_as_a_manager(
    session: Session, course: Course, leo: Enrolment, maya: Enrolment, managed: Managed
):
    managed((leo, maya))
    maya.is_active = False
    session.commit()

    assert managers_of(session, course) == {leo.id: maya.id}


def test_one_contact_manages_several_and_is_forgotten_with_the_last(
    session: Session, leo: Enrolment, zoe: Enrolment, maya: Enrolment, managed: Managed
):
    managed((leo, VERA), (zoe, Outsider("Vera S.", "vera@example.org")))
    assert [contact.name for contact in session.query(Contact)] == ["Vera S."]

    managed((leo, maya))
    assert session.query(Contact).count() == 1

    managed((zoe, None))
    assert session.query(Contact).count() == 0
    assert recorded(session).keys() == {"Leo Baum"}


def test_an_outsider_with_the_mail_of_somebody_here_is_that_person(
    session: Session, course: Course, leo: Enrolment, maya: Enrolment, managed: Managed
):
    managed((leo, Outsider("M. Okafor", "MAYA@example.org")))

    assert (managers_of(session, course), session.query(Contact).count()) == ({leo.id: maya.id}, 0)


def test_nobody_is_their_own_manager(session: Session, leo: Enrolment, managed: Managed):
    sentence = "Nobody is their own manager. Choose somebody else for Leo Baum."

    assert managed((leo, leo)) == managed((leo, Outsider("Leo", "leo@example.org"))) == [sentence]
    assert recorded(session) == {}


def test_a_chain_that_goes_round_is_refused_with_everybody_in_it_and_nothing_else_is_saved(
    session: Session, leo: Enrolment, maya: Enrolment, zoe: Enrolment, enrol: Enrol, managed: Managed
):
    managed((leo, maya), (maya, zoe))

    refused = managed((zoe, leo), (enrol("Tariq Aziz"), leo))

    assert refused == [
        "Zoe Lind, Leo Baum, and Maya Okafor would manage one another in a circle. "
        "Correct the manager of one of them first."
    ]
    assert recorded(session).keys() == {"Leo Baum", "Maya Okafor"}


def test_turning_a_chain_round_in_one_go_is_no_circle(
    session: Session, course: Course, leo: Enrolment, maya: Enrolment, managed: Managed
):
    managed((leo, maya))

    assert managed((maya, leo), (leo, VERA)) == []
    assert managers_of(session, course) == {maya.id: leo.id}


def test_somebody_who_speaks_of_themselves_hears_of_nobody_elses_manager(
    leo: Enrolment, maya: Enrolment, zoe: Enrolment, managed: Managed
):
    managed((leo, maya), (maya, zoe))

    refused = managed((zoe, leo), by=zoe)

    assert refused == ["Leo Baum is recorded as managed by you, directly or through others. Ask your instructor."]


@pytest.mark.parametrize("which", ["both", "neither", "themselves"])
def test_the_database_keeps_to_one_manager_who_is_somebody_else(
    session: Session, course: Course, leo: Enrolment, maya: Enrolment, which: str
):
    contact = Contact(course_id=course.id, name="Vera", mail="vera@example.org", created=THEN)
    session.add(contact)
    session.flush()
    inside = {"both": maya.id, "neither": None, "themselves": leo.id}[which]
    session.add(
        ManagerLink(
            enrolment_id=leo.id,
            manager_enrolment_id=inside,
            contact_id=contact.id if which == "both" else None,
            said_by_id=leo.id,
            at=THEN,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


def _walked(managers: dict[int, int], person: int) -> tuple[int, ...]:
    """The slow way: from manager to manager, until somebody comes a second time or nobody comes any more."""
    path = [person]
    while (each := managers.get(path[-1])) is not None and each not in path:
        path.append(each)
    return tuple(path) if each == person else ()


@given(st.dictionaries(st.integers(0, 7), st.integers(0, 9), max_size=8))
def test_circles_are_those_one_finds_by_walking(managers: dict[int, int]):
    found = circles(managers)

    assert {person: set(circle) for person, circle in found.items()} == {
        person: set(walked) for person in managers if (walked := _walked(managers, person))
    }
    assert all(
        managers[each] == circle[(place + 1) % len(circle)]
        for circle in found.values()
        for place, each in enumerate(circle)
    )


def test_the_page_tells_instructors_who_manages_whom_and_who_said_so(
    maya: Enrolment, leo: Enrolment, zoe: Enrolment, ines: Enrolment, managed: Managed, visit: Visit, address: str
):
    managed((leo, maya), (ines, VERA))
    managed((zoe, VERA), by=zoe)

    text = words(visit(ines).get(address))

    assert "The managers of 3 people are known, of 4." in text
    when = "Nov 23, 2026, 9:00 AM UTC ."
    assert f"Leo Baum Maya Okafor in this course Recorded by Ines Torres on {when} Change : Leo Baum" in text
    assert "Maya Okafor Not known Record : Maya Okafor" in text
    outside = "Zoe Lind Vera Stein outside the course · vera@example.org"
    assert f"{outside} They said so themselves, on {when} Change : Zoe Lind" in text


def test_people_are_found_by_name(leo: Enrolment, maya: Enrolment, ines: Enrolment, visit: Visit, address: str):
    text = words(visit(ines).get(f"{address}?q=leo"))

    assert ("Leo Baum" in text, "Maya Okafor" in text) == (True, False)
    assert "Nobody like that is in this list." in words(visit(ines).get(f"{address}?q=nemo"))


def test_an_instructor_records_somebody_of_the_course_somebody_outside_and_nobody(
    session: Session, leo: Enrolment, maya: Enrolment, ines: Enrolment, visit: Visit, address: str
):
    client, page = visit(ines), f"{address}/{leo.public_id}"

    answer = client.post(page, data=sent(client.get(page)) | {"manager": maya.public_id})
    assert (answer.status_code, answer.location) == (302, address)
    assert recorded(session) == {"Leo Baum": ("Maya Okafor", "maya@example.org", "Ines Torres")}
    assert "Maya Okafor is the manager of Leo Baum." in words(client.get(address))

    client.post(page, data=sent(client.get(page)) | {"manager": "", "name": " Vera  Stein ", "mail": VERA.mail})
    assert recorded(session) == {"Leo Baum": ("Vera Stein", "vera@example.org", "Ines Torres")}

    shown = sent(client.get(page))
    assert (shown["name"], shown["mail"]) == ("Vera Stein", "vera@example.org")
    client.post(page, data=shown | {"name": "", "mail": ""})
    assert recorded(session) == {}
    assert "Nobody is recorded as the manager of Leo Baum now." in words(client.get(address))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "Vera"}, "Write the manager's mail, such as name@example.org."),
        ({"name": "Vera", "mail": "vera"}, "Write the manager's mail, such as name@example.org."),
        ({"name": "Vera", "mail": "a@b\r\nBcc:c@d"}, "Write the manager's mail, such as name@example.org."),
        ({"mail": "vera@example.org"}, "Write the manager's name."),
        ({"name": "V" * 256, "mail": "v@example.org"}, "Use at most 255 characters."),
        ({"manager": "nobody-here"}, "Choose somebody from the list."),
        ({"name": "Leo", "mail": "leo@example.org"}, "Nobody is their own manager."),
    ],
)
def test_what_cannot_be_recorded_comes_back_with_the_cure_and_as_it_was_typed(
    session: Session,
    leo: Enrolment,
    ines: Enrolment,
    visit: Visit,
    address: str,
    said: dict[str, str],
    sentence: str,
):
    answer = visit(ines).post(f"{address}/{leo.public_id}", data=said)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sent(answer)["name"] == said.get("name", "")
    assert recorded(session) == {}


def test_somebody_of_the_course_and_somebody_outside_at_once_is_asked_about(
    leo: Enrolment, maya: Enrolment, ines: Enrolment, visit: Visit, address: str
):
    said = {"manager": maya.public_id, "name": "Vera", "mail": "vera@example.org"}

    answer = visit(ines).post(f"{address}/{leo.public_id}", data=said)

    assert "Choose somebody of the course, or name somebody outside, and not both." in words(answer)


def test_a_manager_who_has_left_the_course_stays_chosen(
    session: Session, leo: Enrolment, maya: Enrolment, ines: Enrolment, managed: Managed, visit: Visit, address: str
):
    managed((leo, maya))
    maya.is_active = False
    session.commit()
    client, page = visit(ines), f"{address}/{leo.public_id}"

    assert client.post(page, data=sent(client.get(page))).status_code == 302
    assert recorded(session).keys() == {"Leo Baum"}
    assert "has left this course" in words(client.get(address))


def test_people_say_themselves_who_their_manager_is_and_take_it_back(
    session: Session, leo: Enrolment, visit: Visit, mine: str
):
    client = visit(leo)

    answer = client.post(mine, data=sent(client.get(mine)) | {"name": "Vera Stein", "mail": "vera@example.org"})
    assert (answer.status_code, answer.location) == (302, mine)
    assert recorded(session) == {"Leo Baum": ("Vera Stein", "vera@example.org", "Leo Baum")}
    page = client.get(mine)
    assert (sent(page)["name"], sent(page)["mail"]) == ("Vera Stein", "vera@example.org")
    assert "You said so on" in words(page)

    assert client.post(f"{mine}/forget").status_code == 302
    assert (recorded(session), session.query(Contact).count()) == ({}, 0)
    assert "Nobody is recorded as your manager now." in words(client.get(mine))


def test_saying_nothing_is_asked_about(session: Session, leo: Enrolment, visit: Visit, mine: str):
    answer = visit(leo).post(mine, data={"name": "", "mail": ""})

    assert (answer.status_code, recorded(session)) == (422, {})
    assert "Write the manager's name." in words(answer)


def test_somebody_who_names_themselves_is_told(leo: Enrolment, visit: Visit, mine: str):
    answer = visit(leo).post(mine, data={"name": "Leo", "mail": "LEO@example.org"})

    assert answer.status_code == 422
    assert "Nobody is their own manager." in words(answer)


def test_what_an_instructor_recorded_the_person_sees_and_cannot_change(
    session: Session, leo: Enrolment, maya: Enrolment, managed: Managed, visit: Visit, mine: str
):
    managed((leo, maya))
    client = visit(leo)

    text = words(client.get(mine))
    answers = [client.post(mine, data={"name": "Vera", "mail": "v@example.org"}), client.post(f"{mine}/forget")]

    assert "Maya Okafor Recorded by your instructor on" in text
    assert "maya@example.org" not in text
    assert "what an instructor recorded, an instructor changes" in text
    assert [answer.status_code for answer in answers] == [422, 422]
    assert recorded(session) == {"Leo Baum": ("Maya Okafor", "maya@example.org", "Ines Torres")}


@pytest.mark.parametrize("role", [Role.LEARNER, Role.ASSISTANT])
def test_nobody_else_sees_anybodys_manager(
    leo: Enrolment, enrol: Enrol, managed: Managed, visit: Visit, address: str, mine: str, role: Role
):
    """Neither another learner, nor an assistant, nor the manager's own page."""
    maya = enrol("Maya", role)
    managed((leo, maya))
    client = visit(maya)

    statuses = [client.get(f"{address}{rest}").status_code for rest in ("", f"/{leo.public_id}", "/table.csv")]

    assert statuses == [403, 403, 403]
    assert "Leo Baum" not in words(client.get(mine))


def test_another_courses_people_are_not_found(
    session: Session, cast: Cast, ines: Enrolment, visit: Visit, address: str
):
    stranger = cast.enrol(cast.course("Elsewhere"), "Stranger")

    assert visit(ines).get(f"{address}/{stranger.public_id}").status_code == 404


def test_my_manager_is_one_click_from_the_part_of_those_who_may_say_so(
    course: Course, enrol: Enrol, ines: Enrolment, visit: Visit
):
    pages = {
        person.role: words(visit(person).get(f"/courses/{course.public_id}/mentoring/mine"))
        for person in (enrol("learner", Role.LEARNER), enrol("assistant", Role.ASSISTANT), ines)
    }

    assert {role: "Who manages you at work" in text for role, text in pages.items()} == {
        Role.LEARNER: True,
        Role.ASSISTANT: True,
        Role.INSTRUCTOR: False,
    }


TABLE = """mail,name,manager mail,manager name
leo@example.org,,maya@example.org,
,Zoe Lind,vera@example.org,Vera Stein
,Maya Okafor,,Ines Torres
"""


def _look(client: FlaskClient, address: str, text: str) -> Page:
    return client.post(f"{address}/table", data={"file": (io.BytesIO(text.encode()), "a.csv")})


def test_a_table_of_managers_is_looked_at_and_then_saved(
    session: Session,
    leo: Enrolment,
    maya: Enrolment,
    zoe: Enrolment,
    ines: Enrolment,
    managed: Managed,
    visit: Visit,
    address: str,
):
    managed((zoe, maya), by=zoe)
    managed((maya, ines))
    client = visit(ines)

    page = _look(client, address, TABLE)
    assert (page.status_code, rows(page)) == (
        200,
        [
            "2 Leo Baum New Managed by Maya Okafor of this course.",
            "3 Zoe Lind Changed Managed by Vera Stein (vera@example.org), who is not in the course. "
            "Until now it was Maya Okafor.",
            "4 Maya Okafor Nothing changes: managed by Ines Torres of this course.",
        ],
    )
    assert recorded(session).keys() == {"Maya Okafor", "Zoe Lind"}

    answer = client.post(f"{address}/table/save", data=sent(page))
    assert (answer.status_code, answer.location) == (302, address)
    assert recorded(session) == {
        "Leo Baum": ("Maya Okafor", "maya@example.org", "Ines Torres"),
        "Zoe Lind": ("Vera Stein", "vera@example.org", "Ines Torres"),
        "Maya Okafor": ("Ines Torres", "ines@example.org", "Ines Torres"),
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("Nemo,Maya Okafor,,", "Nobody in this course is called Nemo."),
        ("Leo Baum,,,", "It names no manager. Fill in the manager's mail or full name, or leave the row out."),
        ("Leo Baum,Vera Stein,,", "If the manager is not in the course, write their mail as well."),
        (
            "Leo Baum,vera@example.org,,",
            "Nobody in this course has the mail vera@example.org. Write the manager's name",
        ),
        ("Leo Baum,,Vera,vera at example", "vera at example is no mail address."),
        ("Leo Baum,,=Vera,vera@example.org", "The cell under manager name begins as a formula does"),
        ("Leo Baum,Leo Baum,,", "Nobody is their own manager. Choose somebody else for Leo Baum."),
    ],
)
def test_a_row_that_cannot_be_is_told_and_left_out(
    session: Session,
    leo: Enrolment,
    maya: Enrolment,
    zoe: Enrolment,
    ines: Enrolment,
    visit: Visit,
    address: str,
    row: str,
    sentence: str,
):
    client = visit(ines)

    page = _look(client, address, f"person,manager,manager name,manager mail\n{row}\nZoe Lind,maya@example.org,,\n")

    assert page.status_code == 422
    assert "Row 2: " in words(page)
    assert sentence in words(page)
    assert client.post(f"{address}/table/save", data=sent(page)).status_code == 302
    assert recorded(session).keys() == {"Zoe Lind"}


def test_a_circle_within_a_table_is_told_in_each_of_its_rows(
    session: Session, leo: Enrolment, maya: Enrolment, ines: Enrolment, visit: Visit, address: str
):
    page = _look(visit(ines), address, "name,manager\nLeo Baum,Maya Okafor\nMaya Okafor,Leo Baum\n")

    assert page.status_code == 422
    assert rows(page) == [
        "2 Leo Baum Left out Leo Baum and Maya Okafor would manage one another in a circle. "
        "Correct the manager of one of them first.",
        "3 Maya Okafor Left out Maya Okafor and Leo Baum would manage one another in a circle. "
        "Correct the manager of one of them first.",
    ]


def test_what_has_changed_meanwhile_is_looked_at_again(
    session: Session,
    leo: Enrolment,
    maya: Enrolment,
    zoe: Enrolment,
    ines: Enrolment,
    managed: Managed,
    visit: Visit,
    address: str,
):
    client = visit(ines)
    page = _look(client, address, "name,manager\nLeo Baum,Maya Okafor\nZoe Lind,Ines Torres\n")
    managed((maya, leo))
    zoe.is_active = False
    session.commit()

    answer = client.post(f"{address}/table/save", data=sent(page))

    assert answer.status_code == 422
    assert rows(answer) == [
        "2 Leo Baum Left out Leo Baum and Maya Okafor would manage one another in a circle. "
        "Correct the manager of one of them first.",
        "3 Somebody Left out Somebody in this row is no longer in the course. "
        "Leave the row out, or name somebody else.",
    ]
    assert recorded(session).keys() == {"Maya Okafor"}


def test_a_table_without_a_column_for_the_manager_says_what_is_missing(ines: Enrolment, visit: Visit, address: str):
    page = _look(visit(ines), address, "name\nLeo Baum\n")

    assert page.status_code == 422
    assert "name one of these columns: manager, manager mail, manager name." in words(page)


def test_the_table_that_is_downloaded_changes_nothing_when_it_is_brought_back(
    leo: Enrolment, maya: Enrolment, ines: Enrolment, managed: Managed, visit: Visit, address: str
):
    managed((leo, maya), (maya, Outsider("=Vera", "vera@example.org")))
    client = visit(ines)

    file = client.get(f"{address}/table.csv")
    page = _look(client, address, file.text)

    assert file.text.removeprefix("\ufeff").splitlines() == [
        "name,mail,manager name,manager mail",
        "Ines Torres,ines@example.org,,",
        "Leo Baum,leo@example.org,Maya Okafor,maya@example.org",
        "Maya Okafor,maya@example.org,'=Vera,vera@example.org",
    ]
    assert rows(page)[1:] == [
        "3 Leo Baum Nothing changes: managed by Maya Okafor of this course.",
        "4 Maya Okafor Nothing changes: managed by =Vera (vera@example.org), who is not in the course.",
    ]


def test_the_number_of_queries_does_not_grow_with_the_course(
    ines: Enrolment, enrol: Enrol, managed: Managed, visit: Visit, address: str
):
    client, counts = visit(ines), []
    for joining in (1, 2, 20):
        people = [enrol(f"Learner {joining} {n}") for n in range(joining)]
        managed(*((person, VERA if n % 2 else ines) for n, person in enumerate(people)))
        counts.append(_queries_of(client, address))

    assert counts == [counts[0]] * 3


def _queries_of(client: FlaskClient, address: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def _at_once(*acts: Callable[[], Page]) -> list[int]:
    statuses: list[int] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Page]) -> None:
        start.wait()
        statuses.append(act().status_code)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


@pytest.mark.parametrize("round_", range(5))
def test_two_instructors_who_close_a_circle_at_once_are_not_both_believed(
    session: Session,
    ines: Enrolment,
    leo: Enrolment,
    maya: Enrolment,
    enrol: Enrol,
    visit: Visit,
    address: str,
    round_: int,
):
    first, second = visit(ines), visit(enrol("Tom Reed", Role.INSTRUCTOR))
    session.commit()

    statuses = _at_once(
        lambda: first.post(f"{address}/{leo.public_id}", data={"manager": maya.public_id}),
        lambda: second.post(f"{address}/{maya.public_id}", data={"manager": leo.public_id}),
    )

    assert (statuses, len(recorded(session))) == ([302, 422], 1)


def test_two_instructors_who_save_a_table_at_once_about_the_same_person_save_one(
    session: Session, ines: Enrolment, leo: Enrolment, maya: Enrolment, enrol: Enrol, visit: Visit, address: str
):
    tom = enrol("Tom Reed", Role.INSTRUCTOR)
    clients = (visit(ines), visit(tom))
    names = ("Ines Torres", "Tom Reed")
    seen = [
        sent(_look(client, address, f"name,manager\nLeo Baum,{name}"))
        for client, name in zip(clients, names, strict=True)
    ]
    session.commit()

    statuses = _at_once(
        lambda: clients[0].post(f"{address}/table/save", data=seen[0]),
        lambda: clients[1].post(f"{address}/table/save", data=seen[1]),
    )

    assert (statuses, len(recorded(session))) == ([302, 422], 1)
