"""Notes at a mentorship: each says who reads it, and nobody else does; the substitute from when they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lti_tool import clock, personal_data
from lti_tool.arrivals.sessions import Visit as Visited
from lti_tool.models import Enrolment, Role
from lti_tool.outbox import Happening
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.joining import hold, join
from mentoring.participants.models import Participant
from mentoring.programs.choices import MustAgree
from mentoring.together.notes.models import Note, Visibility
from mentoring.together.notes.writing import narrows
from tests.cast import THEN, Cast
from tests.mentoring.asking import designed, proposed
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import words
from tests.mentoring.test_notebook import A_DAY, EVIL, address_of, substituted

V = Visibility
Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


def note_of(
    school: School, mentorship: Mentorship, by: Enrolment, text: str, visibility: Visibility, *, days: int = 0
) -> Note:
    note = Note(mentorship_id=mentorship.id, author_id=by.id, written=THEN + days * A_DAY)
    note.say(text, visibility, at=note.written)
    school.session.add(note)
    school.session.commit()
    return note


def one_of_each(school: School, pair: Mentorship) -> dict[str, str]:
    """What Leo, Maya and Ines wrote for whom, by its text."""
    said = {
        "leo-private": (school.leo, V.PRIVATE),
        "leo-pair": (school.leo, V.PAIR),
        "leo-program": (school.leo, V.PROGRAM),
        "maya-private": (school.maya, V.PRIVATE),
        "maya-pair": (school.maya, V.PAIR),
        "ines-private": (school.ines, V.PRIVATE),
        "ines-staff": (school.ines, V.STAFF),
    }
    return {text: note_of(school, pair, by, text, visibility).public_id for text, (by, visibility) in said.items()}


def notes(school: School) -> list[Note]:
    school.session.expire_all()
    return list(school.session.scalars(select(Note).order_by(Note.id)))


def post(client: FlaskClient, address: str, **said: str) -> TestResponse:
    return client.post(address, data=said, follow_redirects=True)


def on(address: str, client: FlaskClient, texts: dict[str, str]) -> set[str]:
    page = client.get(address).text
    return {text for text in texts if text in page}


OF_LEO = {"leo-private", "leo-pair", "leo-program", "maya-pair"}
OF_MAYA = {"leo-pair", "leo-program", "maya-private", "maya-pair"}
OF_INES = {"leo-program", "ines-private", "ines-staff"}


def test_each_reads_what_is_for_them_and_private_is_private_even_from_instructors(school: School, visit: Visit):
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    tess = school.join("Tess Teacher", Role.INSTRUCTOR)
    page = f"{address_of(pair)}/notes"

    read = {who.name: on(page, visit(who), texts) for who in (school.leo, school.maya, school.ines, tess)}
    strangers = [
        visit(each).get(page).status_code
        for each in (school.zoe, school.join("Tariq Aziz", Role.ASSISTANT), school.join("Olga Obs", Role.OBSERVER))
    ]

    assert read == {
        "Leo Baum": OF_LEO,
        "Maya Okafor": OF_MAYA,
        "Ines Torres": OF_INES,
        "Tess Teacher": {"leo-program", "ines-staff"},
    }
    assert strangers == [404, 404, 403]


def test_the_mentorship_s_page_shows_the_newest_that_are_shared_and_none_that_is_private(school: School, visit: Visit):
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    older = note_of(school, pair, school.maya, "older-pair", V.PAIR, days=-3)
    texts[older.text] = older.public_id

    read = {who.name: on(address_of(pair), visit(who), texts) for who in (school.leo, school.maya, school.ines)}

    assert read == {
        "Leo Baum": {"leo-pair", "leo-program", "maya-pair"},
        "Maya Okafor": {"leo-pair", "leo-program", "maya-pair"},
        "Ines Torres": {"leo-program", "ines-staff"},
    }


def test_an_instructor_who_belongs_to_it_reads_as_one_of_its_people(school: School, visit: Visit):
    tess = school.join("Tess Teacher", Role.INSTRUCTOR)
    school.mentors(ines=1)
    pair = school.paired(school.leo, school.ines)
    note_of(school, pair, school.leo, "leo-pair", V.PAIR)
    note_of(school, pair, school.leo, "leo-private", V.PRIVATE)
    note_of(school, pair, tess, "about Ines", V.STAFF)
    page = f"{address_of(pair)}/notes"

    seen = visit(school.ines).get(page).text

    assert ["leo-pair" in seen, "leo-private" in seen, "about Ines" in seen] == [True, False, False]
    assert "about Ines" in visit(tess).get(page).text


def test_a_note_is_private_until_somebody_chooses_and_says_who_reads_it(school: School, visit: Visit):
    pair = a_pair(school)
    page, leo = f"{address_of(pair)}/notes", visit(school.leo)

    empty = leo.get(page)
    private = post(leo, page, text="Just for me", visibility="private")
    shared = post(leo, page, text="For us", visibility="pair")
    program = post(leo, page, text="For all", visibility="program")

    assert empty.text.count(" checked") == 1
    assert "checked" in next(line for line in empty.text.splitlines() if chr(34) + "private" + chr(34) in line)
    assert "Only you You and Maya Okafor You and Maya Okafor; the instructors of this course as well" in words(empty)
    assert "Kept. Who reads it: Only you." in words(private)
    assert "Kept. Who reads it: You and Maya Okafor." in words(shared)
    assert "Who reads it: You and Maya Okafor; the instructors of this course as well" in words(program)
    assert "each note says it. A private one nobody but you, not even your instructors." in words(empty)
    assert [(note.text, note.visibility, note.opened) for note in notes(school)] == [
        ("Just for me", V.PRIVATE, None),
        ("For us", V.PAIR, THEN),
        ("For all", V.PROGRAM, THEN),
    ]


def test_instructors_write_for_one_another_or_themselves_and_never_to_the_pair(school: School, visit: Visit):
    pair = a_pair(school)
    page, ines = f"{address_of(pair)}/notes", visit(school.ines)

    empty = words(ines.get(page))
    kept = post(ines, page, text="Ask them in May", visibility="staff")
    wrong = [post(ines, page, text="To them", visibility=each) for each in ("pair", "program", "everybody", "")]

    assert "Only you The instructors of this course, and nobody of this mentorship Keep it" in empty
    assert "you read what the people of this mentorship share with instructors" in empty
    assert "Kept." in words(kept)
    assert [answer.status_code for answer in wrong] == [422] * 4
    assert "Choose one of those who may read it." in words(wrong[0])
    assert [note.text for note in notes(school)] == ["Ask them in May"]


def test_the_people_of_a_pair_cannot_write_to_instructors_alone(school: School, visit: Visit):
    pair = a_pair(school)

    answer = post(visit(school.leo), f"{address_of(pair)}/notes", text="Behind her back", visibility="staff")

    assert (answer.status_code, notes(school)) == (422, [])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something into the note."),
        (" \n ", "Write something into the note."),
        ("x" * 100_000, "That is longer than 10,000 characters."),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_as_it_was_typed(school: School, visit: Visit, text: str, sentence: str):
    pair = a_pair(school)
    mine = note_of(school, pair, school.leo, "Before", V.PAIR)
    leo, page = visit(school.leo), f"{address_of(pair)}/notes"

    answers = [post(leo, each, text=text, visibility="pair") for each in (page, f"{page}/{mine.public_id}")]
    nothing = [post(leo, each) for each in (page, f"{page}/{mine.public_id}")]

    assert [answer.status_code for answer in (*answers, *nothing)] == [422] * 4
    assert [sentence in words(answer) and text in answer.text for answer in answers] == [True, True]
    assert [note.text for note in notes(school)] == ["Before"]


def test_whatever_people_write_is_shown_as_words_and_a_nul_is_none(school: School, visit: Visit):
    pair = a_pair(school)
    page, leo = f"{address_of(pair)}/notes", visit(school.leo)

    kept = post(leo, page, text=EVIL, visibility="pair")
    nul = post(leo, page, text="a\x00b", visibility="pair")

    for answer in (kept, visit(school.maya).get(address_of(pair))):
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; \u05e9\u05dc\u05d5\u05dd \U0001f600 {{ 7 * 7 }}" in answer.text
    assert (nul.status_code, len(notes(school))) == (400, 1)


def test_only_the_writer_changes_a_note_and_is_told_that_others_may_have_read_it(school: School, visit: Visit):
    pair = a_pair(school)
    mine = note_of(school, pair, school.leo, "Shared once", V.PROGRAM)
    here = f"{address_of(pair)}/notes/{mine.public_id}"

    for who in (school.maya, school.ines, school.zoe):
        client = visit(who)
        assert [client.get(here + rest).status_code for rest in ("", "/remove")] == [404, 404]
        assert [post(client, here + rest, text="x", visibility="private").status_code for rest in ("", "/remove")] == [
            404,
            404,
        ]
    form = words(visit(school.leo).get(here))
    changed = post(visit(school.leo), here, text="Not any more", visibility="private")

    assert "You can let fewer people read it. Whoever could until then may have read it already." in form
    assert "Changed. Fewer people read it from now on; they may have read it before." in words(changed)
    assert [(note.text, note.visibility) for note in notes(school)] == [("Not any more", V.PRIVATE)]
    assert "Not any more" not in visit(school.maya).get(f"{address_of(pair)}/notes").text


def test_it_is_narrower_where_somebody_who_could_read_it_no_longer_can():
    narrower = {(was, becomes) for was in V for becomes in V if narrows(was, becomes)}

    assert narrower == {
        (V.PAIR, V.PRIVATE),
        (V.PAIR, V.STAFF),
        (V.PROGRAM, V.PRIVATE),
        (V.PROGRAM, V.PAIR),
        (V.PROGRAM, V.STAFF),
        (V.STAFF, V.PRIVATE),
        (V.STAFF, V.PAIR),
    }


def test_a_note_is_deleted_after_a_question(school: School, visit: Visit):
    pair = a_pair(school)
    mine = note_of(school, pair, school.leo, "Away with it", V.PAIR)
    leo, here = visit(school.leo), f"{address_of(pair)}/notes/{mine.public_id}/remove"

    asked = leo.get(here)
    still = len(notes(school))
    deleted, again = post(leo, here), post(leo, here)

    assert "Delete this note? It goes for good, for everybody who could read it." in words(asked)
    assert ("Deleted." in words(deleted), again.status_code, still, notes(school)) == (True, 404, 1, [])


def test_a_substitute_reads_pair_notes_written_since_they_came(school: School, visit: Visit):
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    opened = note_of(school, pair, school.leo, "opened-later", V.PRIVATE)
    substituted(school, pair, school.zoe, since=THEN + 2 * A_DAY)
    texts["leo-new"] = note_of(school, pair, school.leo, "leo-new", V.PAIR, days=3).public_id
    opened.say("opened-later", V.PAIR, at=THEN + 3 * A_DAY)
    school.session.commit()
    texts["opened-later"] = opened.public_id
    page = f"{address_of(pair)}/notes"

    assert on(page, visit(school.zoe), texts) == {"leo-new", "opened-later"}
    assert on(page, visit(school.leo), texts) == OF_LEO | {"leo-new", "opened-later"}
    assert visit(school.maya).get(page).status_code == 404
    assert on(address_of(pair), visit(school.zoe), texts) == {"leo-new", "opened-later"}


def test_more_readers_among_instructors_open_nothing_old_to_a_substitute(school: School, visit: Visit):
    pair = a_pair(school)
    old = note_of(school, pair, school.leo, "Said to Maya", V.PAIR)
    substituted(school, pair, school.zoe, since=THEN + A_DAY)

    with clock.moved_to(THEN + timedelta(minutes=30)):
        post(visit(school.leo), f"{address_of(pair)}/notes/{old.public_id}", text="Said to Maya", visibility="program")

    page = f"{address_of(pair)}/notes"
    assert "Said to Maya" not in visit(school.zoe).get(page).text
    assert "Said to Maya" in visit(school.ines).get(page).text


def test_one_who_joins_a_circle_later_reads_from_then_on(school: School, visit: Visit):
    circle = a_circle(school)
    note_of(school, circle, school.leo, "Before", V.PAIR)
    note_of(school, circle, school.leo, "After", V.PAIR, days=2)
    zoe = next(each for each in circle.members if each.participant.enrolment_id == school.zoe.id)
    zoe.since = THEN + A_DAY
    school.session.commit()

    page = visit(school.zoe).get(f"{address_of(circle)}/notes").text

    assert ("Before" in page, "After" in page) == (False, True)


def test_when_it_is_over_its_people_read_on_and_nobody_writes(school: School, visit: Visit):
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    pair.move(MentorshipState.CANCELLED, by=school.leo, at=THEN)
    school.session.commit()
    page = f"{address_of(pair)}/notes"
    mine = f"{page}/{texts['leo-private']}"

    read = {who.name: on(page, visit(who), texts) for who in (school.leo, school.maya, school.ines)}
    shown = visit(school.leo).get(page)
    wrote = [post(visit(each), page, text="Late", visibility="private") for each in (school.leo, school.ines)]
    changed = post(visit(school.leo), mine, text="Late", visibility="pair")
    form = visit(school.leo).get(mine).status_code
    linked = page in visit(school.leo).get(f"/courses/{school.course.public_id}/notebook").text

    assert read == {"Leo Baum": OF_LEO, "Maya Okafor": OF_MAYA, "Ines Torres": OF_INES}
    assert "This mentorship is over: what was written stays to be read, and nothing new is written." in words(shown)
    assert "<textarea" not in shown.text
    assert ["This mentorship was called off meanwhile." in words(each) for each in (*wrote, changed)] == [True] * 3
    assert (form, linked, [note.text for note in notes(school)]) == (404, True, list(texts))
    assert "Deleted." in words(post(visit(school.leo), f"{mine}/remove"))


def test_where_nothing_has_begun_there_are_no_notes(school: School, visit: Visit):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=1)
    asked = proposed(school, school.leo, school.maya)
    page = f"{address_of(asked)}/notes"

    answers = [visit(each).get(page).status_code for each in (school.leo, school.maya, school.ines)]
    wrote = post(visit(school.ines), page, text="Early", visibility="staff")

    assert (answers, wrote.status_code, notes(school)) == ([404] * 3, 404, [])


def test_whoever_acts_in_somebody_s_name_reads_nothing_private(app: Flask, school: School, cast: Cast):
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    client = cast.visit(app.test_client(), school.leo)
    school.session.execute(update(Visited).values(acted_by="admin"))
    school.session.commit()
    page = f"{address_of(pair)}/notes"

    assert on(page, client, texts) == OF_LEO - {"leo-private"}
    assert [client.get(f"{page}/{texts['leo-private']}{rest}").status_code for rest in ("", "/remove")] == [404, 404]


def test_a_large_circle_is_not_listed_by_name(school: School, visit: Visit):
    circle = a_circle(school)
    for number in range(4):
        extra = school.join(f"Extra {number}")
        join(school.session, school.cohort, [extra], at=THEN)
        [participant] = hold(school.session, school.cohort, [extra]).values()
        circle.members.append(Membership(participant=participant, part=Part.PEER, since=THEN))
    school.session.commit()

    assert "Only you Everybody of this circle" in words(visit(school.leo).get(f"{address_of(circle)}/notes"))


def test_five_hundred_notes_come_a_page_at_a_time_and_ask_no_more(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    leo, page, numbers = visit(school.leo), f"{address_of(pair)}/notes", []
    for first, last in ((0, 1), (1, 3), (3, 500)):
        for number in range(first, last):
            note = Note(
                mentorship_id=pair.id,
                author_id=(school.leo, school.maya)[number % 2].id,
                written=THEN - timedelta(hours=number),
            )
            note.say(f"Note-{number:03}.", V.PAIR, at=THEN)
            school.session.add(note)
        school.session.commit()
        asked = []
        for each in (page, address_of(pair), f"{page}?from=475"):
            with counting() as queries:
                assert leo.get(each).status_code == 200
            asked.append(len(queries))
        numbers.append(asked)

    def shown(query: str) -> list[int]:
        text = leo.get(page + query).text
        return [number for number in range(500) if f"Note-{number:03}." in text]

    assert numbers[0] == numbers[1] == numbers[2]
    assert (shown(""), shown("?from=475")) == (list(range(25)), list(range(475, 500)))


def test_its_section_costs_one_question(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    one_of_each(school, pair)
    asked = []
    for who in (school.leo, school.maya, school.ines):
        client = visit(who)
        with counting() as queries:
            client.get(address_of(pair))
        asked.append(sum("FROM note " in each.replace("\n", " ") for each in queries))

    assert asked == [1, 1, 1]


def test_nothing_of_it_is_announced(school: School, visit: Visit):
    pair = a_pair(school)
    before = school.session.scalars(select(Happening.id)).all()

    post(visit(school.leo), f"{address_of(pair)}/notes", text="Quiet", visibility="program")

    assert len(notes(school)) == 1
    assert school.session.scalars(select(Happening.id)).all() == before


def test_their_words_are_given_out_and_erased_and_the_others_keep_theirs(school: School):
    pair = a_pair(school)
    one_of_each(school, pair)

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["notes"]
    of_ines: Any = personal_data.export(school.session, school.ines.person)["mentoring"]["notes"]
    personal_data.erase(school.session, school.leo.person, at=THEN + A_DAY)
    personal_data.erase(school.session, school.ines.person, at=THEN + A_DAY)
    school.session.commit()

    assert [(each["mentorship"], each["visibility"], each["text"]) for each in given] == [
        (pair.public_id, "private", "leo-private"),
        (pair.public_id, "pair", "leo-pair"),
        (pair.public_id, "program", "leo-program"),
    ]
    assert [each["text"] for each in of_ines] == ["ines-private", "ines-staff"]
    assert [note.text for note in notes(school)] == ["maya-private", "maya-pair"]


def test_a_note_that_is_sent_twice_is_one(school: School, visit: Visit):
    pair = a_pair(school)
    leo, page = visit(school.leo), f"{address_of(pair)}/notes"

    answers = [post(leo, page, text="Once", visibility="pair") for _ in range(2)]
    with clock.moved_to(THEN + A_DAY):
        post(visit(school.leo), page, text="Once", visibility="pair")

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [note.written for note in notes(school)] == [THEN, THEN + A_DAY]


def test_an_instructor_who_mentored_before_does_not_read_what_the_others_wrote_about_it(school: School, visit: Visit):
    tariq = school.join("Tariq Haddad", Role.INSTRUCTOR)
    join(school.session, school.cohort, [tariq], at=THEN)
    pair = a_pair(school)
    texts = one_of_each(school, pair)
    own = school.session.scalars(select(Participant).where(Participant.enrolment_id == tariq.id)).one()
    pair.members.append(Membership(participant=own, part=Part.MENTOR, since=THEN - 2 * A_DAY, until=THEN - A_DAY))
    school.session.commit()
    page = f"{address_of(pair)}/notes"

    assert on(page, visit(tariq), texts) == {"leo-program"}
    assert on(page, visit(school.ines), texts) == {"leo-program", "ines-private", "ines-staff"}
