"""The page of one mentorship: who may open it, what it says to each, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.models import Exclusion, ExclusionSource, MenteeNeed, Wish
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, designed, in_state, proposed, requested, with_task
from tests.mentoring.conftest import School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState


@pytest.fixture
def asking(school: School) -> School:
    designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
    school.mentors(maya=2)
    return school


def address(mentorship: Mentorship, act: str = "") -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}" + (f"/{act}" if act else "")


def post(client: FlaskClient, mentorship: Mentorship, act: str, **said: str) -> TestResponse:
    with clock.moved_to(THEN):
        return client.post(address(mentorship, act), data=said, follow_redirects=True)


def test_its_members_and_instructors_open_it_and_to_everybody_else_it_is_not_there(asking: School, visit: Visit):
    asked = requested(asking, asking.leo, asking.maya)
    tariq = asking.join("Tariq Aziz", Role.ASSISTANT)
    olga = asking.join("Olga Obs", Role.OBSERVER)

    answers = [visit(each).get(address(asked)).status_code for each in (asking.leo, asking.maya, asking.ines)]
    others = [visit(each).get(address(asked)).status_code for each in (asking.zoe, tariq, olga)]

    assert (answers, others) == ([200, 200, 200], [404, 404, 403])


@pytest.mark.parametrize("state", sorted(S))
def test_members_see_what_goes_on_and_only_instructors_what_is_over(asking: School, visit: Visit, state: S):
    pair = in_state(asking, state)
    is_over = state not in (S.PROPOSED, S.INFO_ASKED, S.ACCEPTED, S.ACTIVE, S.PAUSED)

    answers = [visit(each).get(address(pair)).status_code for each in (asking.leo, asking.maya, asking.ines)]

    assert answers == ([404, 404, 200] if is_over else [200, 200, 200])


def test_each_reads_whose_turn_it_is_and_until_when(asking: School, visit: Visit):
    asked = requested(asking, asking.leo, asking.maya, case="I would like to learn Rust")

    mayas, leos, iness = [words(visit(each).get(address(asked))) for each in (asking.maya, asking.leo, asking.ines)]

    assert "Leo Baum waits for your answer, which is due by Nov 26, 2026, 9:00 AM UTC ." in mayas
    assert "I would like to learn Rust" in mayas
    assert "Maya Okafor was asked, and is to answer by Nov 26, 2026, 9:00 AM UTC ." in leos
    assert "Leo Baum has waited for Maya Okafor since Nov 23, 2026, 9:00 AM UTC" in iness


BUTTONS = {
    "maya": ["Yes, gladly", "Ask back first", "Say no"],
    "leo": ["Take it back"],
    "ines": ["Remind", "Pass on to the next choice", "Take it back", "What happened"],
}


@pytest.mark.parametrize("who", BUTTONS)
def test_the_buttons_fit_the_state_and_the_visitor(asking: School, visit: Visit, who: str):
    asked = requested(asking, asking.leo, asking.maya)

    page = words(visit(getattr(asking, who)).get(address(asked)))

    for name, labels in BUTTONS.items():
        for label in labels:
            assert (label in page) == (label in BUTTONS[who]), (name, label)


def test_each_is_told_why_they_fit_and_nothing_that_is_the_other_s_own(asking: School, visit: Visit):
    pair = in_state(asking, S.ACCEPTED)
    pair.mentor.offer.skills, pair.mentor.languages = ["Drawing", "Python"], ["de"]
    pair.mentee.need = MenteeNeed(skills=["Python"], created=THEN, changed=THEN)
    pair.mentee.languages = ["de", "fr"]
    pair.mentor.wishes = [Wish(whom=pair.mentee.enrolment, rank=1)]
    pair.mentee.wishes = [Wish(whom=pair.mentor.enrolment, rank=1)]
    asking.session.commit()

    leos, mayas, iness = [words(visit(each).get(address(pair))) for each in (asking.leo, asking.maya, asking.ines)]

    shared, of_leo, of_maya = "knows Python", "the first wish of", "has named"
    assert [(shared in each, of_leo in each, of_maya in each) for each in (leos, mayas, iness)] == [
        (True, True, False),
        (True, False, True),
        (True, True, True),
    ]
    assert "Why you fit: knows Python" in leos
    assert "both speak German" in mayas
    assert "Drawing" not in leos


def test_a_no_asks_for_a_reason_that_only_instructors_read(asking: School, visit: Visit):
    asked = requested(asking, asking.leo, asking.maya)

    without = post(visit(asking.maya), asked, "decline")
    answer = post(visit(asking.maya), asked, "decline", reason="too_close", note="My cousin")

    assert without.status_code == 422
    assert "Choose a reason. Only instructors see it." in words(without)
    assert "You said no. Why, only instructors can read." in words(answer)
    assert "My cousin" in words(visit(asking.ines).get(address(asked)))
    assert "We are too close, at work or in private" in words(visit(asking.ines).get(address(asked)))
    home = words(visit(asking.leo).get(f"/courses/{asking.course.public_id}/"))
    assert "cousin" not in home
    assert "too close" not in home


def test_asking_back_and_answering(asking: School, visit: Visit):
    asked = requested(asking, asking.leo, asking.maya)

    blank = post(visit(asking.maya), asked, "question", question="   ")
    back = post(visit(asking.maya), asked, "question", question="Which project?")
    answered = post(visit(asking.leo), asked, "answer", answer="The parser")
    page = words(visit(asking.maya).get(address(asked)))

    assert (blank.status_code, "Write what you would like to know." in words(blank)) == (422, True)
    assert "Your question is with Leo Baum." in words(back)
    assert "Your answer is with Maya Okafor." in words(answered)
    assert "What Maya Okafor asked back Which project? What Leo Baum answered The parser" in page


def test_from_the_yes_to_the_end_by_buttons(asking: School, visit: Visit):
    pair = requested(asking, asking.leo, asking.maya)
    maya, leo = visit(asking.maya), visit(asking.leo)

    said = [
        words(post(maya, pair, "accept")),
        words(post(leo, pair, "begin")),
        words(post(leo, pair, "pause", until="2026-12-01")),
        words(post(maya, pair, "resume")),
        words(post(maya, pair, "complete")),
    ]

    expected = [
        "You said yes, and are a pair now.",
        "The mentorship is under way.",
        "Paused. It goes on by itself on the day you chose",
        "The mentorship goes on.",
        "Completed. Well done, both of you.",
    ]
    assert [sentence in page for sentence, page in zip(expected, said, strict=True)] == [True] * 5
    asking.session.refresh(pair)
    assert pair.state is S.COMPLETED


def test_a_pause_too_long_is_refused_with_the_last_day_there_is(asking: School, visit: Visit):
    pair = in_state(asking, S.ACTIVE)

    answer = post(visit(asking.leo), pair, "pause", until="2027-06-01")

    assert "Not done. A pause lasts until Jan 22, 2027, 9:00 AM UTC at the latest." in words(answer)


def test_either_ends_it_alone_and_nobody_is_blamed(asking: School, visit: Visit):
    pair = in_state(asking, S.ACTIVE)

    said = post(visit(asking.leo), pair, "end-early", reason="not_a_fit", note="He never listens", never_again="y")

    assert "It has ended. That happens and is nobody's fault" in words(said)
    home = words(visit(asking.maya).get(f"/courses/{asking.course.public_id}/"))
    assert "listens" not in home
    [exclusion] = asking.session.scalars(select(Exclusion))
    assert (exclusion.source, exclusion.said_by, {exclusion.one, exclusion.other}) == (
        ExclusionSource.PAST_END,
        asking.leo,
        {asking.leo, asking.maya},
    )
    assert "He never listens" in words(visit(asking.ines).get(address(pair)))


def test_what_came_too_late_is_told_and_nothing_is_done(asking: School, visit: Visit):
    asked = requested(asking, asking.leo, asking.maya)
    post(visit(asking.leo), asked, "withdraw")

    answer = post(visit(asking.maya), asked, "accept")

    assert "Not done. This was taken back meanwhile; nothing is left to answer." in words(answer)


def test_tasks_are_ticked_by_the_two_of_the_pair(asking: School, visit: Visit):
    with_task(asking, "Introduce the colleagues", 7)
    pair = in_state(asking, S.ACTIVE)
    [task] = pair.tasks

    with clock.moved_to(THEN + A_DAY):
        before = words(visit(asking.maya).get(address(pair)))
        post(visit(asking.maya), pair, f"tasks/{task.public_id}", done="1")
        after = words(visit(asking.maya).get(address(pair)))
        refused = post(visit(asking.ines), pair, f"tasks/{task.public_id}")

    assert "Introduce the colleagues By Nov 30, 2026 Mark as done" in before
    assert "Introduce the colleagues Done Nov 23, 2026, 9:00 AM UTC" in after
    assert "Only the two of a pair tick their tasks" in words(refused)
    asking.session.refresh(task)
    assert (task.done, task.done_by.name if task.done_by else "") == (THEN, "Maya Okafor")


def test_a_coordinator_lets_somebody_step_in(asking: School, visit: Visit):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")

    wrong = post(visit(asking.ines), pair, "substitute", substitute="")
    answer = post(visit(asking.ines), pair, "substitute", substitute=tom.public_id)

    assert (wrong.status_code, "Choose who it is to be." in words(wrong)) == (422, True)
    assert "Tom Reed mentors Leo Baum from now on." in words(answer)
    assert [visit(each).get(address(pair)).status_code for each in (tom, asking.maya)] == [200, 404]


def test_a_coordinator_finds_another_mentor(asking: School, visit: Visit):
    pair, tom = in_state(asking, S.ACTIVE), asking.join_mentor("Tom Reed")

    answer = post(visit(asking.ines), pair, "rematch", rematch=tom.public_id)

    assert "Tom Reed is asked whether they would mentor Leo Baum." in words(answer)
    made = asking.session.scalars(select(Mentorship).order_by(Mentorship.id.desc())).first()
    asking.session.refresh(pair)
    assert made is not None
    assert (made.replaces_id, pair.state) == (pair.id, S.ENDED_EARLY)


def test_what_no_rule_allows_leaves_everything_as_it_was(asking: School, visit: Visit):
    pair = in_state(asking, S.ACTIVE)

    answer = post(visit(asking.ines), pair, "rematch", rematch=asking.zoe.public_id)

    assert answer.status_code == 422
    assert "Choose somebody from the list." in words(answer)
    asking.session.refresh(pair)
    assert pair.state is S.ACTIVE


def test_the_board_takes_a_proposal_back(asking: School, visit: Visit):
    asked = proposed(asking, asking.leo, asking.maya)
    board = f"/courses/{asking.course.public_id}/mentoring/pairing"

    before = words(visit(asking.ines).get(board))
    answer = post(visit(asking.ines), asked, "end")

    assert "Leo Baum Asked The answer is due by Nov 26, 2026, 9:00 AM UTC ." in before
    assert "Maya Okafor and Leo Baum are not asked any more." in words(answer)


def test_the_board_says_that_a_mentor_is_asked_where_they_have_to_agree(asking: School, visit: Visit):
    board = f"/courses/{asking.course.public_id}/mentoring/pairing"
    data = {f"{asking.leo.public_id}-mentor": asking.maya.public_id}

    answer = words(visit(asking.ines).post(board, data=data, follow_redirects=True))

    assert "Maya Okafor is asked whether they would mentor Leo Baum." in answer
    assert "1 answer is waited for." in answer


def test_all_mentorships_are_listed_and_filtered(asking: School, visit: Visit):
    in_state(asking, S.ACTIVE)
    requested(asking, asking.zoe, asking.maya, at=THEN + A_DAY)
    address = f"/courses/{asking.course.public_id}/mentoring/mentorships"
    ines = visit(asking.ines)

    everything, asked, zoes, none = [
        words(ines.get(address + query)) for query in ("", "?which=asked", "?q=zoe", "?which=paused")
    ]

    assert "Maya Okafor and Leo Baum Under way Nov 23, 2026, 9:00 AM UTC Mentor" in everything
    assert "Maya Okafor and Zoe Lind Asked Nov 24, 2026, 9:00 AM UTC Mentor" in everything
    assert ["Leo Baum" in page for page in (asked, zoes, none)] == [False, False, False]
    assert ["Zoe Lind" in page for page in (asked, zoes, none)] == [True, True, False]
    assert visit(asking.leo).get(address).status_code == 403


def test_the_list_asks_the_database_as_often_for_three_as_for_one(asking: School, visit: Visit, counting):
    address = f"/courses/{asking.course.public_id}/mentoring/mentorships"
    ines = visit(asking.ines)
    requested(asking, asking.leo, asking.maya)
    with counting() as one:
        ines.get(address)
    requested(asking, asking.zoe, asking.maya)
    requested(asking, asking.join("Amal Haddad"), asking.maya)
    asking.session.expunge_all()

    with counting() as three:
        ines.get(address)

    assert len(one) == len(three)


def test_an_instructor_ends_it_in_words_about_the_two_and_each_of_them_in_their_own(asking: School, visit: Visit):
    pair = in_state(asking, S.ACTIVE)

    iness, leos = [words(visit(each).get(address(pair))) for each in (asking.ines, asking.leo)]
    answer = post(visit(asking.ines), pair, "end-early", reason="no_more_time")

    assert "One of them has no time any more" in iness
    assert "I have no time any more" in leos
    assert (answer.status_code, pair.state, pair.end_reason) == (200, S.ENDED_EARLY, "no_more_time")


def test_where_no_mentor_has_a_free_place_the_page_says_so_and_where_to_give_one(asking: School, visit: Visit):
    pair = in_state(asking, S.ACTIVE)

    page = visit(asking.ines).get(address(pair))

    assert words(page).count("No mentor whom the rules allow has a free place now. Give one more places first") == 2
    assert "Match anew" not in words(page)
