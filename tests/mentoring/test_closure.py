"""How a mentorship ends well: what its page says, what each answers for themselves, and the summary they keep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.panels import NextStep
from mentoring.mentorships import ending, living
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.together.closure import evaluating
from mentoring.together.closure.closing import answer, answers
from mentoring.together.closure.models import ClosureAnswer, Next
from mentoring.together.thanks.thanking import thank
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, happened, held, with_task
from tests.mentoring.closures import ACTIONS, CAME, EXPECTS, address_of, an_active_pair, follow, step_in, with_words
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, booked, said
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState
END = THEN + timedelta(days=90)
NEAR = END - 10 * A_DAY


def completed(school: School, pair: Mentorship) -> Mentorship:
    living.complete(school.session, held(school, pair), by=school.leo, at=END)
    school.session.commit()
    return pair


def wishes(school: School, pair: Mentorship, *wanted: Next, by: Enrolment | None = None) -> None:
    pair = held(school, pair)
    person = pair.mentee if by is None else next(each for each in pair.people if each.enrolment_id == by.id)
    answer(school.session, pair, wanted, by=person, at=NEAR)
    school.session.commit()


def test_its_page_speaks_of_the_end_when_that_is_near_and_not_before(school: School, visit: Visit):
    pair = an_active_pair(school)
    pages = []
    for at in (END - 15 * A_DAY, NEAR, END + A_DAY):
        with clock.moved_to(at):
            pages.append(words(visit(school.leo).get(address_of(pair))))

    assert ["A good end" in page for page in pages] == [False, True, True]
    assert "The planned end is near: Feb 21, 2027. Think about how you finish it. Finish well" in pages[1]
    assert "The planned end was on Feb 21, 2027." in pages[2]


def test_whoever_presses_finish_is_led_through_it_at_any_time(school: School, visit: Visit):
    pair = an_active_pair(school)

    with clock.moved_to(THEN + A_DAY):
        page, ending_page = (
            visit(school.leo).get(address_of(pair)),
            words(visit(school.leo).get(address_of(pair, "/closing"))),
        )

    assert f'href="{address_of(pair, "/closing")}"' in page.text
    steps = ("Meet once more", "Look back", "Thanks", "What comes next for you?", "Your summary", "Complete it now")
    assert [step for step in steps if step not in ending_page] == []


def test_instructors_complete_with_one_button_as_before(school: School, visit: Visit):
    pair = an_active_pair(school)

    with clock.moved_to(NEAR):
        page = visit(school.ines).get(address_of(pair))

    assert f'action="{address_of(pair, "/complete")}"' in page.text


def test_each_answers_for_themselves_and_it_is_completed_without_the_other(school: School, visit: Visit):
    pair = an_active_pair(school)

    with clock.moved_to(NEAR):
        said_so = visit(school.leo).post(
            address_of(pair, "/closing"), data={"wishes": ["carry_on", "mentor"]}, follow_redirects=True
        )
        done = visit(school.maya).post(address_of(pair, "/complete"), follow_redirects=True)

    school.session.expire_all()
    assert "Kept. You can change it here." in words(said_so)
    assert "Pass on what you got: say what you could offer." in words(said_so)
    assert "Completed. Well done, both of you." in words(done)
    assert "Over since" in words(done)
    assert (pair.state, [each.wishes for each in answers(school.session, pair)]) == (
        S.COMPLETED,
        [["carry_on", "mentor"]],
    )
    assert "ClosureAnswered" in happened(school.session)


def test_staying_in_touch_is_told_when_both_would_and_not_before(school: School, visit: Visit):
    pair = an_active_pair(school)
    sentence = "All of you would stay in touch"
    wishes(school, pair, Next.CARRY_ON)
    with clock.moved_to(NEAR):
        before = [words(visit(each).get(address_of(pair, "/closing"))) for each in (school.leo, school.maya)]
        wishes(school, pair, Next.CARRY_ON, by=school.maya)
        after = [words(visit(each).get(address_of(pair, "/closing"))) for each in (school.leo, school.maya)]

    assert [sentence in page for page in before + after] == [False, False, True, True]


def test_instructors_see_who_would_go_on_and_not_who_would_stay_in_touch(school: School, visit: Visit):
    pair = an_active_pair(school)
    wishes(school, pair, Next.CARRY_ON, Next.AGAIN)
    wishes(school, pair, Next.MENTOR, by=school.maya)
    completed(school, pair)

    page = words(visit(school.ines).get(address_of(pair)))
    others = words(visit(school.maya).get(address_of(pair, "/closing")))

    assert "Leo Baum would like to be matched again. Maya Okafor would mentor somebody." in page
    assert "stay in touch" not in page
    assert "Find another mentor" in page
    assert "Leo Baum would like" not in others


def test_a_mentee_who_would_go_on_gets_another_mentor_after_a_completion(school: School):
    pair = completed(school, an_active_pair(school))
    school.mentors(zoe=1)

    made = follow(school, pair, school.zoe)

    assert (made.replaces_id, made.mentor.name, pair.state) == (pair.id, "Zoe Lind", S.COMPLETED)


@pytest.mark.parametrize(
    ("said_before", "is_invited"), [(None, True), ([Next.MENTOR], True), ([Next.AGAIN], False), ([], False)]
)
def test_a_mentee_is_invited_to_pay_it_forward_unless_they_would_rather_not(
    school: School, said_before: list[Next] | None, is_invited: bool
):
    pair = an_active_pair(school)
    if said_before is not None:
        wishes(school, pair, *said_before)

    completed(school, pair)

    notices = school.session.scalars(select(PersonalNotice).where(PersonalNotice.kind == "invitations")).all()
    assert [(each.enrolment_id, each.subject) for each in notices] == (
        [(school.leo.id, "Would you mentor somebody yourself?")] if is_invited else []
    )


def test_nobody_is_invited_who_mentors_already(school: School):
    pair = an_active_pair(school)
    school.mentors(leo=1)

    completed(school, pair)

    assert school.session.scalars(select(PersonalNotice).where(PersonalNotice.kind == "invitations")).all() == []


def test_reviews_hang_their_evaluation_here(app: Flask, school: School, visit: Visit):
    pair = an_active_pair(school)
    step = NextStep(sentence="Say how it was.", label="Open the review", url="/review")
    evaluating.register(app, lambda look: step if look.me.id == school.leo.id else None)

    with clock.moved_to(NEAR):
        pages = [words(visit(each).get(address_of(pair, "/closing"))) for each in (school.leo, school.maya)]

    assert ["Say how it was. Open the review" in page for page in pages] == [True, False]
    assert ["tick the end evaluation on your timeline" in page for page in pages] == [False, True]


def test_a_last_meeting_counts_where_it_was_near_the_end(school: School, visit: Visit):
    pair = an_active_pair(school)
    [last] = booked(school, pair, pair.mentee, 85)
    with clock.moved_to(NEAR):
        planned = words(visit(school.leo).get(address_of(pair, "/closing")))
    said(school, last, pair.mentee)
    with clock.moved_to(END):
        met = words(visit(school.leo).get(address_of(pair, "/closing")))

    assert "A meeting is planned. Look back together" in planned
    assert "Meet once more Done You have met lately." in met


@pytest.mark.parametrize("rest", ["/closing", "/summary", "/summary.txt"])
def test_only_its_people_to_the_last_open_it_then_and_afterwards(school: School, visit: Visit, rest: str):
    pair = an_active_pair(school)
    school.mentors(zoe=1)
    step_in(school, pair, school.zoe)
    tariq = school.join("Tariq Aziz")
    people = (school.leo, school.zoe, school.maya, school.ines, tariq)
    with clock.moved_to(CAME + A_DAY):
        before = [visit(each).get(address_of(pair, rest)).status_code for each in people]
    completed(school, pair)
    with clock.moved_to(END + timedelta(days=700)):
        after = [visit(each).get(address_of(pair, rest)).status_code for each in people]

    assert (before, after) == ([200, 200, 404, 404, 404], [200, 200, 404, 404, 404])


def test_before_it_has_begun_and_where_it_was_never_agreed_there_is_nothing_to_look_back_on(
    school: School, visit: Visit
):
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)

    assert [visit(school.leo).get(address_of(pair, rest)).status_code for rest in ("/closing", "/summary")] == [
        404,
        404,
    ]


def test_the_summary_says_what_it_was_and_each_has_their_own_thanks(school: School, visit: Visit):
    with_task(school, "Introduce the colleagues", 7)
    pair = with_words(school)
    [task] = held(school, pair).tasks
    task.tick(True, by=pair.mentee, at=THEN + A_DAY)
    thank(school.session, pair, pair.mentor, "You taught me to say no", by=pair.mentee, at=NEAR)
    completed(school, pair)

    with clock.moved_to(END + A_DAY):
        mayas, leos = [visit(each).get(address_of(pair, "/summary")) for each in (school.maya, school.leo)]
        file = visit(school.maya).get(address_of(pair, "/summary.txt"))

    told = (EXPECTS, "Time together 60 minutes", "Introduce the colleagues", "Kick-off", "Maya Okafor", "Leo Baum")
    assert [each for each in told if each not in words(mayas) or each not in words(leos)] == []
    assert ["say no" in words(page) for page in (mayas, leos)] == [True, False]
    assert ACTIONS not in words(mayas)
    assert (file.mimetype, file.headers["Content-Disposition"]) == (
        "text/plain",
        "attachment; filename=mentorship-summary.txt",
    )
    assert f"What the mentee expects:\n    {EXPECTS}" in file.text
    assert "Time together: 60 minutes" in file.text
    assert "data-print" in mayas.text


def test_past_mentorships_are_listed_with_the_same_queries_for_three_as_for_one(
    school: School, visit: Visit, counting: Counting
):
    school.mentors(maya=3)
    address = f"/courses/{school.course.public_id}/mentoring/mentorships/past"
    costs, pages = [], []
    for mentee in (school.leo, school.zoe, school.join("Tariq Aziz")):
        pair = school.paired(mentee, school.maya)
        living.begin(school.session, held(school, pair), by=mentee, at=THEN)
        living.complete(school.session, held(school, pair), by=mentee, at=END)
        school.session.commit()
        with counting() as queries:
            pages.append(words(visit(school.maya).get(address)))
        costs.append(len(queries))

    assert costs[0] == costs[2]
    assert [name for name in ("Leo Baum", "Zoe Lind", "Tariq Aziz") if name in pages[2]] == [
        "Leo Baum",
        "Zoe Lind",
        "Tariq Aziz",
    ]
    assert "None of your mentorships is over yet." in words(visit(school.ines).get(address))


def test_a_circle_ends_as_well(school: School, visit: Visit):
    circle = a_circle(school)
    living.begin(school.session, held(school, circle), by=school.leo, at=THEN)
    school.session.commit()

    with clock.moved_to(NEAR):
        page = words(visit(school.leo).get(address_of(circle, "/closing")))
        said_so = visit(school.leo).post(address_of(circle, "/closing"), data={"wishes": "again"})
        wrong = visit(school.leo).post(address_of(circle, "/closing"), data={"wishes": "mentor"})
        summary = words(visit(school.zoe).get(address_of(circle, "/summary")))

    assert "I would like to be in another circle" in page
    assert "I would mentor somebody myself" not in page
    assert (said_so.status_code, wrong.status_code) == (302, 422)
    assert "In the circle Leo Baum" in summary


def test_an_early_end_leaves_the_summary_and_asks_kindly(school: School, visit: Visit):
    pair = an_active_pair(school)
    ending.end(school.session, held(school, pair), by=school.maya, at=NEAR, reason="not_a_fit", note="Private")
    school.session.commit()

    page = words(visit(school.leo).get(address_of(pair, "/closing")))

    assert "What comes next for you?" in page
    assert ("Private" in page, "Complete it now" in page, "Say thank you" in page) == (False, False, False)


@pytest.mark.parametrize("wrong", ["everything", "x" * 100_000, "😀", "‮carry_on"])
def test_what_is_no_choice_is_refused_and_nothing_is_kept(school: School, visit: Visit, wrong: str):
    pair = an_active_pair(school)

    answer_to = visit(school.leo).post(address_of(pair, "/closing"), data={"wishes": wrong})

    assert answer_to.status_code in (413, 422)
    assert school.session.scalars(select(ClosureAnswer)).all() == []


def test_what_somebody_would_like_next_is_their_data(school: School):
    pair = an_active_pair(school)
    wishes(school, pair, Next.AGAIN)
    wishes(school, pair, Next.AGAIN, Next.MENTOR)

    data = personal_data.export(school.session, school.leo.person)["mentoring"]["closure"]["what_comes_next"]
    personal_data.erase(school.session, school.leo.person, at=NEAR)
    school.session.commit()

    assert data == [{"mentorship": pair.public_id, "wishes": ["again", "mentor"]}]
    assert school.session.scalars(select(ClosureAnswer)).all() == []
