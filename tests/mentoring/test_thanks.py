"""Thanks: written in a mentorship, kept by whoever received them, shown to nobody else unless they want it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.contacts.models import Contact
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.together.thanks.models import Thanks
from mentoring.together.thanks.thanking import MOST, thank, thank_from_outside
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, happened, held
from tests.mentoring.closures import CAME, address_of, an_active_pair, part_of, step_in
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
NOW = CAME + A_DAY
WORDS = "You taught me to say no"


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def pair(school: School) -> Mentorship:
    return an_active_pair(school)


def thanked(school: School, pair: Mentorship, said: str = WORDS) -> Thanks:
    """Maya, by Leo."""
    given = thank(school.session, held(school, pair), pair.mentor, said, by=pair.mentee, at=NOW)
    school.session.commit()
    return given


def mine_of(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/thanks"


def test_a_mentee_thanks_their_mentor_who_alone_reads_it(school: School, visit: Visit, pair: Mentorship):
    answer = visit(school.leo).post(address_of(pair, "/thanks"), data={"words": f"  {WORDS} "}, follow_redirects=True)

    assert "Your thanks are with Maya Okafor." in words(answer)
    assert [thanks.words for thanks in school.session.scalars(select(Thanks))] == [WORDS]
    pages = {each.name: words(visit(each).get(mine_of(school))) for each in (school.maya, school.leo, school.ines)}
    assert [name for name, page in pages.items() if WORDS in page] == ["Maya Okafor"]
    assert happened(school.session)[-1] == "ThanksGiven"


def test_the_notice_says_who_and_none_of_the_words(school: School, pair: Mentorship):
    thanked(school, pair)

    notice = school.session.scalars(select(PersonalNotice).where(PersonalNotice.key.like("thanks:%"))).one()

    assert (notice.enrolment_id, notice.subject) == (school.maya.id, "Leo Baum thanks you")
    assert WORDS not in " ".join([notice.subject, *notice.paragraphs, notice.action])


def test_a_mentor_thanks_their_mentee_and_in_a_circle_one_says_whom(school: School, visit: Visit):
    circle = a_circle(school)
    zoe = part_of(school, school.zoe)

    page = words(visit(school.leo).get(address_of(circle, "/thanks")))
    visit(school.leo).post(address_of(circle, "/thanks"), data={"words": WORDS, "to": zoe.public_id})
    wrong = visit(school.leo).post(address_of(circle, "/thanks"), data={"words": WORDS, "to": "nobody"})

    assert "Whom? Maya Okafor Zoe Lind" in page
    assert [(thanks.to_id, thanks.by_id) for thanks in school.session.scalars(select(Thanks))] == [
        (zoe.id, part_of(school, school.leo).id)
    ]
    assert wrong.status_code == 422


def test_a_mentee_also_thanks_who_mentored_them_before(school: School, visit: Visit, pair: Mentorship):
    school.mentors(zoe=1)
    step_in(school, pair, school.zoe)

    page = words(visit(school.leo).get(address_of(pair, "/thanks")))
    answers = [visit(each).get(address_of(pair, "/thanks")).status_code for each in (school.zoe, school.maya)]

    assert "Whom? Maya Okafor Zoe Lind" in page
    assert answers == [200, 404]


@pytest.mark.parametrize("said", ["", "   ", "x" * 4001, "x" * 100_000])
def test_what_cannot_be_kept_is_told_and_nothing_is_kept(school: School, visit: Visit, pair: Mentorship, said: str):
    answer = visit(school.leo).post(address_of(pair, "/thanks"), data={"words": said})

    assert answer.status_code in (413, 422)
    assert school.session.scalars(select(Thanks)).all() == []


@pytest.mark.parametrize("said", ["Danke 😀", "شكرا", "<script>alert(1)</script>", "\x07bell\x1b"])
def test_whatever_people_write_is_kept_and_shown_as_text(school: School, visit: Visit, pair: Mentorship, said: str):
    visit(school.leo).post(address_of(pair, "/thanks"), data={"words": said})

    answer = visit(school.maya).get(mine_of(school))

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_a_nul_and_nothing_at_all_are_refused(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)

    assert leo.post(address_of(pair, "/thanks"), data={"words": "a\x00b"}).status_code == 400
    assert leo.post(address_of(pair, "/thanks")).status_code == 422


def test_strangers_onlookers_and_instructors_write_none(school: School, visit: Visit, pair: Mentorship):
    for person in (school.zoe, school.ines):
        client = visit(person)
        assert client.get(address_of(pair, "/thanks")).status_code == 404
        assert client.post(address_of(pair, "/thanks"), data={"words": WORDS}).status_code == 404
    assert school.session.scalars(select(Thanks)).all() == []


def test_after_a_completion_there_is_time_for_thanks_and_not_for_ever(school: School, visit: Visit, pair: Mentorship):
    living.complete(school.session, held(school, pair), by=school.leo, at=NOW)
    school.session.commit()

    soon = visit(school.leo).get(address_of(pair, "/thanks")).status_code
    with clock.moved_to(NOW + timedelta(days=61)):
        late = visit(school.leo).get(address_of(pair, "/thanks")).status_code

    assert (soon, late) == (200, 404)


def test_after_an_early_end_nobody_is_written_to_any_more(school: School, visit: Visit, pair: Mentorship):
    ending.end(school.session, held(school, pair), by=school.maya, at=NOW, reason="not_a_fit")
    school.session.commit()

    assert visit(school.leo).post(address_of(pair, "/thanks"), data={"words": WORDS}).status_code == 404


def test_twenty_are_enough(school: School, visit: Visit, pair: Mentorship):
    for number in range(MOST):
        thanked(school, pair, f"Thanks {number}")

    answer = visit(school.leo).post(address_of(pair, "/thanks"), data={"words": "One more"}, follow_redirects=True)

    assert "You have thanked 20 times here." in words(answer)


def test_the_mentor_shows_one_and_takes_one_away(school: School, visit: Visit, pair: Mentorship):
    kept, gone = thanked(school, pair), thanked(school, pair, "And for the book")
    maya, ines = visit(school.maya), visit(school.ines)
    care = f"/courses/{school.course.public_id}/mentoring/looking-after/{school.maya.public_id}"

    before = words(ines.get(care))
    shown = maya.post(f"{mine_of(school)}/{kept.public_id}/show", data={"shown": "1"}, follow_redirects=True)
    after = words(ines.get(care))
    maya.post(f"{mine_of(school)}/{gone.public_id}/remove")
    maya.post(f"{mine_of(school)}/{kept.public_id}/show")
    hidden = words(ines.get(care))

    assert "Your instructors may read it now." in words(shown)
    assert [(WORDS in page, "the book" in page) for page in (before, after, hidden)] == [
        (False, False),
        (True, False),
        (False, False),
    ]
    assert [thanks.words for thanks in school.session.scalars(select(Thanks))] == [WORDS]


def test_nobody_shows_or_takes_away_what_is_somebody_elses(school: School, visit: Visit, pair: Mentorship):
    address = f"{mine_of(school)}/{thanked(school, pair).public_id}"

    answers = [
        visit(each).post(f"{address}/{act}").status_code
        for each in (school.leo, school.zoe, school.ines)
        for act in ("show", "remove")
    ]

    assert answers == [404] * 6
    assert len(school.session.scalars(select(Thanks)).all()) == 1


def test_somebody_outside_the_course_thanks_and_is_named(school: School, visit: Visit, pair: Mentorship):
    boss = Contact(course_id=school.course.id, name="Bea Boss", mail="bea@example.org", created=THEN)
    school.session.add(boss)
    thank_from_outside(school.session, held(school, pair), pair.mentor, "He has grown", by=boss, at=NOW)
    school.session.commit()

    assert "He has grown Bea Boss" in words(visit(school.maya).get(mine_of(school)))


def test_the_list_asks_as_often_for_three_as_for_one(
    school: School, visit: Visit, pair: Mentorship, counting: Counting
):
    found = []
    for number in (1, 3):
        while (written := len(school.session.scalars(select(Thanks)).all())) < number:
            thanked(school, pair, f"{WORDS} {written}")
        with counting() as queries:
            assert visit(school.maya).get(mine_of(school)).status_code == 200
        found.append(len(queries))

    assert found[0] == found[1]


def test_both_find_it_in_their_data_and_the_words_go_with_whoever_wrote_them(
    school: School, visit: Visit, pair: Mentorship
):
    thanked(school, pair)

    [mayas] = personal_data.export(school.session, school.maya.person)["mentoring"]["thanks"]
    [leos] = personal_data.export(school.session, school.leo.person)["mentoring"]["thanks"]
    personal_data.erase(school.session, school.leo.person, at=NOW)
    school.session.commit()

    assert (mayas["words"], mayas["received"], leos["words"], leos["received"]) == (WORDS, True, WORDS, False)
    page = words(visit(school.maya).get(mine_of(school)))
    assert WORDS not in page
    assert "Somebody who is not here any more thanked you" in page


def test_what_somebody_received_goes_with_them(school: School, pair: Mentorship):
    thanked(school, pair)

    personal_data.erase(school.session, school.maya.person, at=NOW)
    school.session.commit()

    assert school.session.scalars(select(Thanks)).all() == []


def test_thanks_that_are_sent_twice_are_given_once(school: School, visit: Visit, pair: Mentorship):
    leo = visit(school.leo)

    answers = [leo.post(address_of(pair, "/thanks"), data={"words": WORDS}) for _ in range(2)]

    notices = school.session.scalars(select(PersonalNotice).where(PersonalNotice.key.like("thanks:%"))).all()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [thanks.words for thanks in school.session.scalars(select(Thanks))] == [WORDS]
    assert len(notices) == 1
