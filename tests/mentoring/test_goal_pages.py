"""The pages of goals: setting one, writing what was done, its story, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.models import Enrolment
from mentoring.mentorships.circles import changing
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.programs.choices import GoalType
from mentoring.together.goals import acts
from mentoring.together.goals.models import Goal, GoalState, GoalStep, HowFar
from mentoring.together.goals.showing import before_we_meet
from tests.cast import THEN
from tests.mentoring.asking import designed, held, in_state
from tests.mentoring.conftest import Counting, School
from tests.mentoring.goals import A_DAY, a_goal, moved, put
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000
EVIL = "<script>alert(1)</script> \u05e9\u05dc\u05d5\u05dd \U0001f600 \u202e\x07"


def address_of(mentorship: Mentorship, rest: str = "") -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}{rest}"


def page_of(goal: Goal, rest: str = "") -> str:
    return address_of(goal.mentorship, f"/goals/{goal.public_id}{rest}")


def filled(**said: str) -> dict[str, str]:
    return {"statement": "I can explain our parser", "due": "2026-12-24", **said}


def told(**said: str) -> dict[str, str]:
    return {"words": "Read the first chapter together with Tom", "far": "half_way", **said}


def test_a_mentee_sets_a_goal_with_a_sentence_and_a_day_and_both_see_it(school: School, visit: Visit):
    pair = a_pair(school)
    leo = visit(school.leo)

    with clock.moved_to(THEN):
        before = words(leo.get(address_of(pair)))
        answer = leo.post(address_of(pair, "/goals/new"), data=filled(), follow_redirects=True)
        seen = words(visit(school.maya).get(address_of(pair)))

    assert "No goal is open. Say in a sentence what you want to reach, and by when." in before
    assert "Your goal is set." in words(answer)
    assert "I can explain our parser By Dec 24, 2026 Nothing has been written about it yet." in seen


def test_a_goal_to_begin_with_fills_the_form_and_wants_ones_own_words(school: School, visit: Visit):
    designed(school, goal_types=[GoalType.SKILL.value])
    pair = a_pair(school)
    leo, address = visit(school.leo), address_of(pair, "/goals/new")

    with clock.moved_to(THEN):
        offered = words(leo.get(address))
        page = leo.get(f"{address}?begin=learn")
        untouched = leo.post(
            address, data=filled(statement="I can do ... well enough to show it to somebody else.", kind="skill")
        )
        unknown = leo.get(f"{address}?begin=nothing")

    assert ("I speak in front of ..." in offered, "I have decided between" in offered) == (True, False)
    assert "I can do ... well enough to show it to somebody else." in page.text
    assert 'value="2027-02-01"' in page.text
    assert "Two hours a week, one small exercise each time" in page.text
    assert (untouched.status_code, unknown.status_code) == (422, 200)
    assert "Put your own words in the place of the dots." in words(untouched)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"statement": ""}, "Say in a sentence what you want to reach."),
        ({"statement": " \n\t "}, "Say in a sentence what you want to reach."),
        ({"statement": LONG}, "What do you want to reach?: 300 letters at most."),
        ({"due": ""}, "Say by which day you want to have reached it."),
        ({"due": "soon"}, "By when: give a day as 2026-09-14."),
        ({"due": "0001-01-01"}, "By when: give a day of this century."),
        ({"due": "2026-11-22"}, "By when: choose a day to come."),
        ({"due": "2031-01-01"}, "By when: choose one within three years."),
        ({"kind": "pigeon"}, "Choose one of the kinds, or none."),
        ({"measurable": LONG}, "Measurable: how will you see that it is reached?: 4000 letters at most."),
    ],
)
def test_what_cannot_be_a_goal_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, said: dict[str, str], sentence: str
):
    pair = a_pair(school)

    with clock.moved_to(THEN):
        answer = visit(school.leo).post(address_of(pair, "/goals/new"), data=filled(**{"specific": "Kept", **said}))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Kept" in answer.text
    assert school.session.scalars(select(Goal)).all() == []


def test_one_goal_too_many_is_refused_and_nothing_that_was_typed_is_lost(school: School, visit: Visit):
    pair = a_pair(school)
    for number in range(acts.MOST_OPEN):
        a_goal(school, pair, pair.mentee, f"Goal {number}")

    with clock.moved_to(THEN):
        answer = visit(school.leo).post(address_of(pair, "/goals/new"), data=filled(relevant="Kept"))

    assert answer.status_code == 422
    assert "20 goals are open already." in words(answer)
    assert "Kept" in answer.text


def test_fields_that_are_absent_and_nul_bytes_are_a_sentence_and_no_error(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    leo = visit(school.leo)

    with clock.moved_to(THEN):
        empty = [leo.post(address, data={}) for address in (address_of(pair, "/goals/new"), page_of(goal, "/progress"))]
        nul = leo.post(address_of(pair, "/goals/new"), data=filled(statement="a\x00b"))
        wrong = [leo.get(address_of(pair, "/goals/nothing")), leo.post(address_of(pair, "/goals/nothing/drop"))]

    assert [answer.status_code for answer in empty] == [422, 422]
    assert 400 <= nul.status_code < 500
    assert [answer.status_code for answer in wrong] == [404, 404]


def test_an_update_asks_for_something_specific_once_and_takes_a_short_word_for_what_it_is(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    leo, address = visit(school.leo), page_of(goal, "/progress")

    with clock.moved_to(THEN):
        blank = leo.post(address, data=told(words="  "))
        short = leo.post(address, data=told(words="all good", hinders="Kept"))
        again = leo.post(address, data=told(words="all good", asked="all good"))

    assert (blank.status_code, short.status_code, again.status_code) == (422, 422, 302)
    assert "Say one thing that was done" in words(blank)
    assert "That is short. What exactly was it: what did you do, what came of it?" in words(short)
    assert ('value="all good"' in short.text, "Kept" in short.text) == (True, True)
    assert [step.words for step in school.session.scalars(select(GoalStep))] == ["all good"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"words": LONG}, "That is too long. Keep it to 4,000 characters."),
        ({"hinders": LONG}, "What is in the way?: 4000 letters at most."),
        ({"far": ""}, "Say how far it is."),
        ({"far": "90"}, "Choose one of these steps."),
    ],
)
def test_an_update_that_cannot_be_kept_loses_nothing(school: School, visit: Visit, said: dict[str, str], sentence: str):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)

    with clock.moved_to(THEN):
        answer = visit(school.leo).post(page_of(goal, "/progress"), data=told(**{"hinders": "Kept", **said}))

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("hinders", "Kept") in answer.text
    assert school.session.scalars(select(GoalStep)).all() == []


def test_what_was_done_stands_in_the_story_and_on_the_page_of_the_mentorship(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)

    with clock.moved_to(THEN + A_DAY):
        visit(school.leo).post(page_of(goal, "/progress"), data=told(hinders="The second chapter is missing"))
    with clock.moved_to(THEN + 2 * A_DAY):
        leo, maya = visit(school.leo), visit(school.maya)
        hers = maya.get(page_of(goal))
        maya.post(page_of(goal, "/progress"), data=told(words="We went through it in an hour", far="nearly"))
        reached = maya.post(page_of(goal, "/progress"), data=told(far="reached"))
        page, section = words(leo.get(page_of(goal))), words(leo.get(address_of(pair)))

    assert "Reached" not in words(hers).partition("How far is it?")[2].partition("What is in the way?")[0]
    assert (reached.status_code, goal.state) == (422, GoalState.OPEN)
    assert page.index("We went through it in an hour") < page.index("Read the first chapter together with Tom")
    assert "In the way: The second chapter is missing" in page
    assert "Nearly there · Nov 25, 2026 : We went through it in an hour" in section


def test_a_goal_is_reached_by_the_mentee_and_can_be_let_go_and_opened_again(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    leo = visit(school.leo)

    with clock.moved_to(THEN):
        said = [
            leo.post(page_of(goal, rest), data=data, follow_redirects=True)
            for rest, data in (
                ("/progress", told(far="reached")),
                ("/reopen", {}),
                ("/drop", {"why": "Something else matters more"}),
            )
        ]
        late = leo.post(page_of(goal, "/progress"), data=told(words="Typed while it was being closed"))
        listed = words(leo.get(address_of(pair, "/goals")))

    assert [
        sentence in words(answer)
        for sentence, answer in zip(
            ("Kept. Well done: it is reached.", "It is open again.", "You have let it go."), said, strict=True
        )
    ] == [True] * 3
    assert "Something else matters more" in words(said[2])
    assert (late.status_code, "Typed while it was being closed" in late.text) == (422, True)
    assert "This goal is closed" in words(late)
    assert "Reached or given up I can explain our parser Given up Nov 23, 2026" in listed


def test_how_it_was_put_before_is_read_by_both_and_the_day_that_has_passed_may_stay(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee, days=3)

    with clock.moved_to(THEN + 10 * A_DAY):
        leo = visit(school.leo)
        overdue = words(leo.get(address_of(pair)))
        answer = leo.post(page_of(goal, "/change"), data=filled(statement="I can explain half of it", due="2026-11-26"))
        page = words(visit(school.maya).get(page_of(goal)))

    assert "Was planned for Nov 26, 2026; it is not too late" in overdue
    assert answer.status_code == 302
    assert "Changed How it was put before I can explain our parser By Nov 26, 2026" in page


def test_only_the_mentee_sets_and_changes_goals(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    maya = visit(school.maya)

    with clock.moved_to(THEN):
        shut = [maya.get(address_of(pair, "/goals/new")), maya.get(page_of(goal, "/change"))]
        posts = [maya.post(page_of(goal, rest), data=filled()) for rest in ("/change", "/drop", "/reopen")]
        refused = maya.post(address_of(pair, "/goals/new"), data=filled(), follow_redirects=True)

    assert [answer.status_code for answer in (*shut, *posts)] == [404] * 5
    assert "The mentee sets the goals." in words(refused)
    assert [each.statement for each in school.session.scalars(select(Goal))] == ["I can explain our parser"]


def test_instructors_read_and_change_nothing_and_somebody_else_finds_nothing(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    moved(school, goal, pair.mentee, words="Read the first chapter with Tom")
    ines, zoe = visit(school.ines), visit(school.zoe)
    reads = [address_of(pair, "/goals"), page_of(goal)]
    writes = ["/progress", "/change", "/drop", "/reopen"]

    with clock.moved_to(THEN):
        seen = [ines.get(address) for address in (address_of(pair), *reads)]
        blocked = [ines.post(page_of(goal, rest), data={**told(), **filled()}) for rest in writes]
        blocked += [ines.post(address_of(pair, "/goals/new"), data=filled())]
        strange = [zoe.get(address) for address in reads]
        strange += [zoe.post(page_of(goal, rest), data={**told(), **filled()}) for rest in writes]

    assert [answer.status_code for answer in seen] == [200] * 3
    assert "Read the first chapter with Tom" in words(seen[2])
    assert ("<textarea" in seen[2].text, "Let it go" in seen[2].text) == (False, False)
    assert [answer.status_code for answer in (*blocked, *strange)] == [404] * 11
    assert goal.is_open


def test_each_page_says_who_sees_what_stands_there(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    leo = visit(school.leo)
    pages = [
        *(address_of(pair), address_of(pair, "/goals"), address_of(pair, "/goals/new")),
        *(page_of(goal), page_of(goal, "/change")),
    ]

    with clock.moved_to(THEN):
        said = [words(leo.get(page)) for page in pages]

    line = "Who sees this: the mentor and the mentee; instructors can read it and change nothing."
    assert [line in page for page in said] == [True] * 5


def test_a_substitute_sees_the_goals_and_not_what_was_written_before_they_came(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    moved(school, goal, pair.mentee, HowFar.HALF_WAY, words="To Maya alone", hinders="For Maya alone")
    held(school, pair)
    acts.change(school.session, goal, put("I can explain half of it"), by=pair.mentee, at=THEN)
    since = THEN + A_DAY
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    pair.members[0].until = since
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=since))
    school.session.commit()

    with clock.moved_to(since + timedelta(hours=1)):
        visitor = visit(school.zoe)
        before = [visitor.get(address) for address in (address_of(pair), address_of(pair, "/goals"), page_of(goal))]
        visit(school.leo).post(page_of(goal, "/progress"), data=told(words="Written to Zoe as well, of course"))
        after = words(visitor.get(page_of(goal)))
        former = visit(school.maya).get(page_of(goal))

    for page in before:
        assert "I can explain half of it" in words(page)
        assert "Maya alone" not in page.text
        assert "our parser" not in page.text
    assert words(before[2]).count("This was written before you came, and not to you.") == 2
    assert "Written to Zoe as well, of course" in after
    assert former.status_code == 404


def test_in_a_circle_everybody_has_their_own_goals_and_those_who_left_take_theirs_along(school: School, visit: Visit):
    circle = a_circle(school)
    leo = next(person for person in circle.people if person.enrolment_id == school.leo.id)
    zoe = next(person for person in circle.people if person.enrolment_id == school.zoe.id)
    goal, other = a_goal(school, circle, leo, "Leo's goal"), a_goal(school, circle, zoe, "Zoe's goal")

    with clock.moved_to(THEN):
        seen = words(visit(school.maya).get(address_of(circle)))
        refused = visit(school.maya).post(page_of(goal, "/progress"), data=told(), follow_redirects=True)
        own = visit(school.maya).post(address_of(circle, "/goals/new"), data=filled())
    changing.remove(school.session, held(school, circle), zoe, by=school.zoe, at=THEN + A_DAY, reason="other")
    school.session.commit()
    with clock.moved_to(THEN + 2 * A_DAY):
        after = words(visit(school.maya).get(address_of(circle, "/goals")))
        gone = [visit(school.maya).get(page_of(other)), visit(school.zoe).get(page_of(other))]
        kept = visit(school.ines).get(page_of(other))

    assert ("Leo's goal Leo Baum · By" in seen, "Zoe's goal Zoe Lind · By" in seen) == (True, True)
    assert "Who sees this: everybody in this circle; instructors can read it and change nothing." in seen
    assert "In a circle everybody writes about their own goals." in words(refused)
    assert own.status_code == 302
    assert ("Leo's goal" in after, "Zoe's goal" in after) == (True, False)
    assert ([answer.status_code for answer in gone], kept.status_code) == ([404, 404], 200)


def test_whatever_people_write_is_shown_as_words(school: School, visit: Visit):
    pair = a_pair(school)
    leo = visit(school.leo)

    with clock.moved_to(THEN):
        leo.post(address_of(pair, "/goals/new"), data=filled(statement=EVIL, specific=EVIL))
        goal = school.session.scalars(select(Goal)).one()
        leo.post(page_of(goal, "/progress"), data=told(words=EVIL, hinders=EVIL))
        pages = [leo.get(address) for address in (address_of(pair), address_of(pair, "/goals"), page_of(goal))]

    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; \u05e9\u05dc\u05d5\u05dd \U0001f600" in page.text


def test_home_asks_for_a_first_goal_and_shows_those_there_are_and_is_silent_in_a_pause(school: School, visit: Visit):
    school.mentors(maya=1)
    designed(school, takes_requests=True)
    pair = in_state(school, MentorshipState.ACTIVE)
    leo, home = visit(school.leo), f"/courses/{school.course.public_id}/"

    with clock.moved_to(THEN):
        first = leo.get(home)
        mentors = visit(school.maya).get(home)
        goal = a_goal(school, pair, pair.mentee)
        second = leo.get(home)
        moved(school, goal, pair.mentee, HowFar.REACHED)
        third = leo.get(home)
        acts.reopen(school.session, goal, by=pair.mentee, at=THEN)
        acts.drop(school.session, goal, "", by=pair.mentee, at=THEN)
        pair.state = MentorshipState.PAUSED
        school.session.commit()
        paused = leo.get(home)

    assert "What do you want to reach?" in words(first)
    assert "Set a goal" in words(first)
    assert panel(second, "your-goals") == "Your goals I can explain our parser By Dec 23, 2026 All goals"
    assert "Set a goal" not in words(second)
    assert [panel(page, "your-goals") for page in (mentors, third, paused)] == [None] * 3


def test_a_mentor_is_briefed_with_the_goals_and_what_was_last_done_for_them(school: School, visit: Visit):
    pair = a_pair(school)
    assert before_we_meet(school.maya, school.leo) is None
    goal = a_goal(school, pair, pair.mentee)
    moved(school, goal, pair.mentee, hinders="The second chapter")

    with clock.moved_to(THEN):
        page = words(visit(school.maya).get(address_of(pair, "/brief")))

    assert (
        "Goals I can explain our parser By Dec 23, 2026 Begun · Nov 23, 2026 : Read the first chapter with Tom "
        "In the way: The second chapter" in page
    )
    assert before_we_meet(school.maya, school.zoe) is None


def test_pages_ask_as_often_for_one_goal_and_update_as_for_three(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    goal, leo, numbers = a_goal(school, pair, pair.mentee, "Watched"), visit(school.leo), []
    pages = [address_of(pair), address_of(pair, "/goals"), page_of(goal), f"/courses/{school.course.public_id}/"]
    for more in (0, 2):
        for each in range(more):
            a_goal(school, pair, pair.mentee, f"Open {each}")
        for each in range(more or 1):
            at = THEN + (more + each) * A_DAY / 24
            moved(school, goal, pair.mentor if each else pair.mentee, words=f"Deed {more} {each}", at=at)
            closed = a_goal(school, pair, pair.mentee, f"Closed {more} {each}")
            moved(school, closed, pair.mentee, HowFar.REACHED)
        with clock.moved_to(THEN + A_DAY):
            leo.get(pages[0])
            asked = []
            for page in pages:
                school.session.expire_all()
                with counting() as queries:
                    assert leo.get(page).status_code == 200
                asked.append(len(queries))
        numbers.append(asked)

    assert numbers[0] == numbers[1]


def test_a_long_story_is_read_page_by_page(school: School, visit: Visit):
    pair = a_pair(school)
    goal = a_goal(school, pair, pair.mentee)
    for number in range(26):
        moved(school, goal, pair.mentee, words=f"Deed {number:02}", at=THEN + number * A_DAY / 24)
    leo = visit(school.leo)

    first, second, wrong = (words(leo.get(page_of(goal, rest))) for rest in ("", "?from=25", "?from=-1"))

    assert ("Deed 25" in first, "Deed 00" in first, "Older" in first) == (True, False, True)
    assert ("Deed 00" in second, "Deed 25" in second, "Newer" in second) == (True, False, True)
    assert "Deed 25" in wrong
