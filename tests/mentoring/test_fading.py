"""Mentorships that fade, as an instructor sees them: worst first, with reasons, and with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships import living
from mentoring.mentorships.models import Mentorship, Transition
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.together.conversation.models import Message
from mentoring.together.nudges import stopping
from tests.cast import THEN
from tests.mentoring.asking import held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair, booked
from tests.mentoring.nudging import A_DAY, a_day, begun, carried, met
from tests.mentoring.reading import panel, sent, words
from tests.mentoring.test_nudges import tidied

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000


@pytest.fixture
def pair(school: School) -> Mentorship:
    return tidied(school, begun(school))


def base(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring"


def fading(school: School, visit: Visit, at: datetime, **said: str) -> str:
    with clock.moved_to(at):
        return words(visit(school.ines).get(f"{base(school)}/fading", query_string=said))


def on_home(school: School, visit: Visit, at: datetime) -> str:
    with clock.moved_to(at):
        return panel(visit(school.ines).get(f"/courses/{school.course.public_id}/"), "waiting-too-long") or ""


def notices(school: School) -> list[tuple[str, str, list[str]]]:
    school.session.rollback()
    school.session.expire_all()
    found = school.session.scalars(
        select(PersonalNotice).where(PersonalNotice.key.startswith("written:")).order_by(PersonalNotice.enrolment_id)
    )
    return [(each.enrolment.name, each.subject, each.paragraphs) for each in found]


def test_a_pair_that_has_not_met_for_twice_its_rhythm_fades(school: School, visit: Visit, pair: Mentorship):
    met(school, pair, days=1)

    before = fading(school, visit, THEN + 29 * A_DAY)
    after = fading(school, visit, THEN + 35 * A_DAY)

    assert "None fades." in before
    assert "1 mentorship Maya Okafor and Leo Baum Last met 33 days ago, nothing booked." in after
    assert "Last met 33 days ago, nothing booked." in on_home(school, visit, THEN + 35 * A_DAY)


def test_who_has_booked_a_meeting_does_not_fade(school: School, visit: Visit, pair: Mentorship):
    booked(school, pair, pair.mentee, days=60)

    assert "None fades." in fading(school, visit, THEN + 35 * A_DAY)
    assert on_home(school, visit, THEN + 35 * A_DAY) == ""


def test_a_new_pair_fades_when_the_clock_has_asked_it_in_vain(app: Flask, school: School, visit: Visit):
    tidied(school, a_pair(school))
    at = THEN + 8 * A_DAY
    assert "None fades." in fading(school, visit, at)

    carried(app, school, at)

    assert "Together for 8 days, and not met, nothing booked." in fading(school, visit, at)
    assert "Fading Maya Okafor and Leo Baum Together for 8 days, and not met" in on_home(school, visit, at)


def test_steps_and_reminders_in_vain_let_fade_who_meets(app: Flask, school: School, visit: Visit):
    pair = begun(school)
    a_day(app, school, 14)
    booked(school, pair, pair.mentee, days=60)

    seen = fading(school, visit, THEN + 17 * A_DAY)

    assert "No meeting in 17 days, 2 steps overdue, 2 reminders in vain." in seen


def test_reasons_of_two_who_began_without_a_meeting_say_so(school: School, visit: Visit, pair: Mentorship):
    assert "No meeting in 40 days, nothing booked." in fading(school, visit, THEN + 40 * A_DAY)


def test_the_worst_stands_first_and_parts_can_be_seen_alone(app: Flask, school: School, visit: Visit):
    school.mentors(maya=3)
    nils = school.join("Nils Berg")
    pairs = [school.paired(each, school.maya) for each in (school.leo, school.zoe, nils)]
    for each in pairs:
        tidied(school, each)
    for each in pairs[:2]:
        living.begin(school.session, held(school, each), by=school.maya, at=THEN)
    school.session.commit()
    met(school, pairs[0], days=10)
    carried(app, school, THEN + 8 * A_DAY)
    at = THEN + 45 * A_DAY

    everybody, never, quiet = (fading(school, visit, at, why=why) for why in ("all", "never_met", "quiet"))

    order = [everybody.index(f"Maya Okafor and {name}") for name in ("Zoe Lind", "Nils Berg", "Leo Baum")]
    assert order == sorted(order)
    assert "3 mentorships" in everybody
    assert ("Nils" in never, "Zoe" in never, "Leo" in never) == (True, False, False)
    assert ("Nils" in quiet, "Zoe" in quiet, "Leo" in quiet) == (False, True, True)
    assert "None is like that." in fading(school, visit, at, why="behind")
    assert "1 mentorship Maya Okafor and Zoe Lind" in fading(school, visit, at, q="zoe")
    assert "None is like that." in fading(school, visit, at, q="nobody")


@pytest.mark.parametrize(
    "said", [{"why": LONG}, {"q": LONG}, {"q": "😀"}, {"from": "-1"}, {"from": LONG}, {"from": "9999"}]
)
def test_odd_filters_are_no_trouble(school: School, visit: Visit, pair: Mentorship, said: dict[str, str]):
    assert "Mentorships that fade" in fading(school, visit, THEN + 40 * A_DAY, **said)


def test_long_lists_have_pages_and_the_home_page_names_five(school: School, visit: Visit):
    people = [school.join(f"Learner {number:02}") for number in range(27)]
    school.mentors(maya=27)
    for person in people:
        living.begin(
            school.session, held(school, tidied(school, school.paired(person, school.maya))), by=person, at=THEN
        )
    school.session.commit()
    at = THEN + 40 * A_DAY

    first, second = fading(school, visit, at), fading(school, visit, at, **{"from": "25"})

    assert first.count("nothing booked") == 25
    assert "27 mentorships" in first
    assert second.count("nothing booked") == 2
    home = on_home(school, visit, at)
    assert home.count("nothing booked") == 5
    assert "22 more fade. All mentorships that fade" in home
    found = fading(school, visit, at, q="Learner")
    assert found.count("nothing booked") == 25


def test_three_cost_as_many_statements_as_one(school: School, visit: Visit, counting: Counting):
    school.mentors(maya=3)
    nils, costs, at = school.join("Nils Berg"), [], THEN + 40 * A_DAY
    with clock.moved_to(at):
        ines = visit(school.ines)
    for people in ([school.leo], [school.zoe, nils]):
        for person in people:
            living.begin(school.session, held(school, school.paired(person, school.maya)), by=person, at=THEN)
        school.session.commit()
        for address in (f"{base(school)}/fading", f"{base(school)}/fading?q=a"):
            with clock.moved_to(at), counting() as asked:
                ines.get(address)
            costs.append(len(asked))

    assert costs[:2] == costs[2:], costs


def test_beside_each_stands_what_can_be_done_and_opens_its_form(school: School, visit: Visit, pair: Mentorship):
    where = f"{base(school)}/mentorships/{pair.public_id}"
    with clock.moved_to(THEN + 40 * A_DAY):
        ines = visit(school.ines)
        page = ines.get(f"{base(school)}/fading").text
        opened = {act: ines.get(f"{where}?do={act}").text for act in ("substitute", "rematch", "end")}

    for act, label in (("substitute", "Substitute"), ("rematch", "Rematch"), ("end", "Close")):
        assert f'href="{where}?do={act}#do-{act}">{label}' in page
        assert f'<details id="do-{act}" open>' in opened[act]
        assert opened[act].count("<details open>") + opened[act].count(" open>") == 1
    assert f'href="{base(school)}/fading/{pair.public_id}/write">Write' in page


def test_a_circle_is_rescued_by_somebody_more_or_closed(school: School, visit: Visit):
    circle = a_circle(school)
    living.begin(school.session, held(school, circle), by=school.leo, at=THEN)
    school.session.commit()
    with clock.moved_to(THEN + 40 * A_DAY):
        page = visit(school.ines).get(f"{base(school)}/fading").text
        opened = visit(school.ines).get(f"{base(school)}/mentorships/{circle.public_id}?do=end").text

    assert "?do=put_in#do-put_in" in page
    assert "?do=substitute" not in page
    assert '<details id="do-end" open>' in opened


def write_to(school: School, visit: Visit, pair: Mentorship, who: str = "ines", **said: str):
    data = {"to": "all", "message": "How are you two?\n\nCan I help?", "once": "a" * 16, **said}
    address = f"{base(school)}/fading/{pair.public_id}/write"
    return visit(getattr(school, who)).post(address, data=data, follow_redirects=True)


def test_an_instructor_writes_to_both_and_the_list_says_when(school: School, visit: Visit, pair: Mentorship):
    with clock.moved_to(THEN + 40 * A_DAY):
        form = visit(school.ines).get(f"{base(school)}/fading/{pair.public_id}/write")
        answer = words(write_to(school, visit, pair, once=sent(form)["once"]))

    subject, said = "Ines Torres writes to you about your mentorship", ["How are you two?", "Can I help?"]
    assert "Sent. It stands among their notices, and is mailed to those who wish." in answer
    assert "Written to on Jan 2, 2027" in answer
    assert notices(school) == [("Maya Okafor", subject, said), ("Leo Baum", subject, said)]
    history = school.session.scalars(select(Transition).where(Transition.reason == "written_to")).all()
    assert [(each.actor_id, each.note) for each in history] == [(school.ines.id, "")]


def test_a_message_to_one_reaches_one(school: School, visit: Visit, pair: Mentorship):
    write_to(school, visit, pair, to=pair.mentee.public_id)

    assert [name for name, *_rest in notices(school)] == ["Leo Baum"]


def test_a_message_sent_twice_is_told_once(school: School, visit: Visit, pair: Mentorship):
    for _ in range(2):
        write_to(school, visit, pair)

    assert len(notices(school)) == 2


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"message": ""}, "Write what you would like to tell them."),
        ({"message": " \n "}, "Write what you would like to tell them."),
        ({"message": LONG}, "That is too long. Keep it to 4,000 characters."),
        ({"to": "somebody"}, "Choose whom you write to."),
        ({"to": ""}, "Choose whom you write to."),
    ],
)
def test_what_cannot_be_sent_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, pair: Mentorship, said: dict[str, str], sentence: str
):
    answer = write_to(school, visit, pair, **said)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("message", "How are you two?").strip() in answer.text
    assert notices(school) == []


@pytest.mark.parametrize("message", ["😀 שלום", "a" * 3999, "line\r\n" * 600])
def test_odd_letters_are_no_trouble_and_nothing_is_cut(school: School, visit: Visit, pair: Mentorship, message: str):
    assert write_to(school, visit, pair, message=message, once=LONG).status_code == 200
    told = "".join(notices(school)[0][2])
    assert len(told.replace(" ", "")) == len(message.replace("\r\n", "").replace(" ", ""))


def test_a_message_with_what_is_no_letter_is_refused(school: School, visit: Visit, pair: Mentorship):
    assert write_to(school, visit, pair, message="Hello \0 there").status_code == 400
    assert notices(school) == []


@pytest.mark.parametrize("who", ["leo", "maya", "zoe"])
def test_nobody_but_instructors_writes_or_looks(school: School, visit: Visit, pair: Mentorship, who: str):
    assert write_to(school, visit, pair, who).status_code == 403
    assert visit(getattr(school, who)).get(f"{base(school)}/fading/{pair.public_id}/write").status_code == 403
    assert notices(school) == []


def test_nobody_is_written_to_about_what_is_over(school: School, visit: Visit, pair: Mentorship):
    visit(school.ines).post(f"{base(school)}/mentorships/{pair.public_id}/end")

    answer = write_to(school, visit, pair)

    assert "This mentorship does not stand any more, so nobody is written to about it." in words(answer)
    assert notices(school) == []


def test_an_instructor_sees_that_they_asked_for_a_rest(school: School, visit: Visit, pair: Mentorship):
    stopping.rest(school.session, pair, at=THEN + 35 * A_DAY)
    school.session.commit()

    assert "They asked for no reminders until Jan 11, 2027" in fading(school, visit, THEN + 40 * A_DAY)


def test_the_page_says_who_sees_it_and_is_found_from_mentorships_and_program(school: School, visit: Visit):
    a_pair(school)
    ines, address = visit(school.ines), f'href="{base(school)}/fading"'

    assert "Who sees this: instructors. Nobody in a mentorship is told that it stands here." in fading(
        school, visit, THEN
    )
    for page in ("mentorships", "program"):
        assert address in ines.get(f"{base(school)}/{page}").text


def test_before_there_is_a_program_nothing_fades(school: School, visit: Visit):
    seen = fading(school, visit, THEN)

    assert "None fades." in seen
    assert school.session.scalars(select(TimelineEntry)).all() == []


def test_a_reminder_is_in_vain_when_the_time_to_answer_has_passed_without_a_sign_of_life(
    app: Flask, school: School, visit: Visit
):
    """Three days, as programs have it by default."""
    pair = begun(school)
    a_day(app, school, 14)

    soon, late = (fading(school, visit, THEN + days * A_DAY) for days in (16, 18))
    at = THEN + 15 * A_DAY
    school.session.add(
        Message(mentorship_id=pair.id, by_id=pair.mentee.id, token="t", words="Here", written=at, told=at)
    )
    school.session.commit()
    answered = fading(school, visit, THEN + 18 * A_DAY)

    assert ["2 reminders in vain" in each for each in (soon, late, answered)] == [False, True, False]
