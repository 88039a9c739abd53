"""My part: taking part, leaving, and saying what I offer and need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lti_tool import clock
from lti_tool.models import Enrolment, Role
from mentoring.mentorships.models import Place
from mentoring.pairing.board import board_of
from mentoring.pairing.numbers import numbers_of
from mentoring.participants.models import Came, Participant, ParticipantState
from mentoring.participants.suggesting import course_zone, zone_of
from mentoring.participants.week import Usual, Window, hours_of
from mentoring.programs.choices import CohortState, Manner
from mentoring.programs.models import ProgramVersion, TrainingItem
from mentoring.programs.starting import current
from tests.cast import THEN
from tests.mentoring.conftest import Counting, School
from tests.mentoring.people_parts import NEED, OFFER, designed, next_cohort, part
from tests.mentoring.reading import panel, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def mine(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/mine"


@pytest.mark.parametrize("role", [Role.LEARNER, Role.ASSISTANT, Role.INSTRUCTOR])
def test_anybody_who_counts_may_be_both(school: School, visit: Visit, mine: str, role: Role):
    person, cohort = school.join("Tariq Aziz", role), designed(school)

    with clock.moved_to(THEN):
        answer = visit(person).post(mine, data={"mentors": "y", "seeks": "y", "consents": "y"})

    theirs = part(school.session, cohort, person)
    assert answer.location == f"{mine}/offer"
    assert (theirs.as_mentor, theirs.as_mentee, theirs.state, theirs.came, theirs.consented) == (
        True,
        True,
        ParticipantState.TAKING_PART,
        Came.JOINED,
        THEN,
    )


def test_looking_at_my_part_makes_no_program(school: School, visit: Visit, mine: str):
    page = visit(school.leo).get(mine)

    assert page.status_code == 200
    assert current(school.session, school.course) is None


def test_who_joins_first_gets_the_course_its_program(school: School, visit: Visit, mine: str):
    visit(school.leo).post(mine, data={"seeks": "y"})

    assert part(school.session, school.cohort, school.leo).as_mentee


def test_a_preview_student_changes_nothing(school: School, visit: Visit, mine: str):
    designed(school)
    preview = school.join("Student View", is_test=True)

    answer = visit(preview).post(mine, data={"mentors": "y"}, follow_redirects=True)

    assert "This is a preview: nothing was changed." in words(answer)
    assert school.session.scalars(select(Participant)).all() == []


def test_who_ticks_neither_is_told_what_to_do(school: School, visit: Visit, mine: str):
    answer = visit(school.leo).post(mine, data={})

    assert answer.status_code == 422
    assert "Tick one of the two, or both." in words(answer)


def test_consent_is_kept_with_its_date_and_can_be_withdrawn(school: School, visit: Visit, mine: str):
    cohort = designed(school, needs_consent=True)
    with clock.moved_to(THEN):
        visit(school.leo).post(mine, data={"seeks": "y", "consents": "y"})
    leo = visit(school.leo)

    leo.post(mine, data={"seeks": "y", "mentors": "y", "consents": "y"})
    kept = part(school.session, cohort, school.leo).consented
    answer = leo.post(mine, data={"seeks": "y"})

    assert (answer.status_code, kept) == (302, THEN)
    assert part(school.session, cohort, school.leo).consented is None
    assert panel(visit(school.leo).get(f"/courses/{school.course.public_id}/"), "your-part") == (
        "Your part Nobody is matched with you before you agree to it. Then you say what you look for. Look at it"
    )


def test_who_is_paired_already_is_told_that_it_stays_and_meets_first(school: School, visit: Visit):
    school.mentors(maya=2)
    school.pair((school.leo, school.maya))
    school.session.execute(update(ProgramVersion).values(needs_consent=True))
    school.session.add(
        TrainingItem(
            version_id=school.cohort.version_id, key="a", is_for_mentors=False, place=1, title="A", manner=Manner.LINK
        )
    )
    school.session.commit()

    page = visit(school.leo).get(f"/courses/{school.course.public_id}/")

    assert panel(page, "your-part") == (
        "Your part Your pairing stays as it is. Nobody else is matched with you before you agree to it. Look at it"
    )
    assert "Next for you You and Maya Okafor are a pair." in words(page)


def test_who_has_not_agreed_is_told_all_that_comes_before_a_match(school: School, visit: Visit, mine: str):
    cohort = designed(school, needs_consent=True)
    for key, is_for_mentors in (("a", False), ("b", True)):
        school.session.add(
            TrainingItem(
                version_id=cohort.version_id,
                key=key,
                is_for_mentors=is_for_mentors,
                place=1,
                title="A",
                manner=Manner.LINK,
            )
        )
    school.session.commit()
    visit(school.maya).post(mine, data={"mentors": "y"})

    homes = {
        each.name: panel(visit(each).get(f"/courses/{school.course.public_id}/"), "your-part")
        for each in (school.leo, school.maya)
    }

    assert homes == {
        "Leo Baum": "Your part Nobody is matched with you before you agree to it."
        " Then you say what you look for and do your training. Look at it",
        "Maya Okafor": "Your part You mentor. Nobody is matched with you before you agree to it."
        " Then you say what you offer and do your training. Look at it",
    }


def test_everything_i_offer_is_kept_as_i_said_it(school: School, visit: Visit, mine: str):
    cohort = designed(school)

    answer = visit(school.maya).post(f"{mine}/offer", data=OFFER)

    theirs = part(school.session, cohort, school.maya)
    offer = theirs.offer
    assert answer.location == mine
    assert (theirs.as_mentor, theirs.as_mentee, theirs.capacity) == (True, False, 2)
    assert (offer.kinds, offer.skills, offer.topics, offer.types, offer.experience, offer.words) == (
        ["technical"],
        ["SQL", "Public speaking"],
        ["Prepare to lead"],
        ["one_on_one"],
        12,
        "Somebody did it for me.",
    )
    assert (theirs.languages, theirs.timezone, theirs.interests, theirs.answers, theirs.level, theirs.team) == (
        ["en", "pt"],
        "Europe/Lisbon",
        ["Chess"],
        {"pace": "In leaps"},
        7,
        "Sales",
    )
    assert theirs.hours == hours_of([Usual.EVENINGS], [Window(0, 17, 20)])
    assert theirs.shows == ["name", "skills"]


def test_everything_i_need_is_kept_as_i_said_it(school: School, visit: Visit, mine: str):
    cohort = designed(school)

    visit(school.leo).post(f"{mine}/need", data=NEED)

    theirs = part(school.session, cohort, school.leo)
    assert (theirs.as_mentor, theirs.as_mentee) == (False, True)
    assert (theirs.need.kinds, theirs.need.skills, theirs.need.topics, theirs.need.words) == (
        ["team"],
        ["Negotiating"],
        ["Find my way around"],
        "Somebody to ask.",
    )
    assert (theirs.languages, theirs.timezone, theirs.hours) == (["en"], "UTC", [])


def test_the_form_shows_what_was_said_and_saving_it_again_changes_nothing(school: School, visit: Visit, mine: str):
    cohort, maya = designed(school), visit(school.maya)
    maya.post(f"{mine}/offer", data=OFFER)
    before = vars_of(part(school.session, cohort, school.maya))

    page = maya.get(f"{mine}/offer").text
    maya.post(f"{mine}/offer", data=OFFER | {"languages": ["en", "pt"], "another": ""})

    assert vars_of(part(school.session, cohort, school.maya)) == before
    assert ('value="08:30"' in page, 'value="10:00"' in page) == (True, True)
    assert page.count("checked") == len(["technical", "SQL", "speaking", "lead", "en", "pt", "evenings", "chess"]) + 3


def vars_of(participant: Participant) -> list[object]:
    offer = participant.offer
    said = (participant.hours, participant.languages, participant.shows, participant.answers)
    return [*said, offer.kinds, offer.skills, offer.capacity]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"capacity": "many"}, "How many mentees at once? Give a whole number from 0 to 100."),
        ({"capacity": "-1"}, "How many mentees at once? Give a whole number from 0 to 100."),
        ({"capacity": "101"}, "How many mentees at once? Give a whole number from 0 to 100."),
        ({"capacity": ""}, "How many mentees at once? Give a whole number from 0 to 100."),
        ({"skills": ["Juggling"]}, "This cannot be chosen in this program any more. Choose from the list."),
        ({"kinds": ["other"]}, "This cannot be chosen in this program any more. Choose from the list."),
        ({"question-0": "Both"}, "This cannot be chosen in this program any more. Choose from the list."),
        ({"timezone": "Mars/Base"}, "This cannot be chosen in this program any more. Choose from the list."),
        ({"languages": [], "another": ""}, "Choose at least one language"),
        ({"from-0-0": "18:00", "until-0-0": "17:00"}, "Monday: the end has to come after the beginning."),
        ({"from-0-0": "18:00", "until-0-0": "18:00"}, "Monday: the end has to come after the beginning."),
        ({"from-6-1": "18:00"}, "Sunday: give both a beginning and an end, or clear both."),
        ({"from-0-0": "18:10", "until-0-0": "19:00"}, "Monday: give times on the hour or the half hour"),
        ({"from-0-0": "noon", "until-0-0": "19:00"}, "Monday: give times on the hour or the half hour"),
        ({"capacity": "9" * 400}, "How many mentees at once? Give a whole number from 0 to 100."),
        ({"usual": [""]}, "Choose usual times from the list."),
        ({"skills": ["", "Juggling"]}, "This cannot be chosen in this program any more. Choose from the list."),
        ({"level": "11"}, "How senior, from 1 to 10: Give a whole number from 1 to 10."),
        ({"experience": "-3"}, "Years of experience in the field: Give a whole number from 0 to 80."),
        ({"words": "x" * 2001}, "Say it in 2000 characters or fewer."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(
    school: School, visit: Visit, mine: str, wrong: dict[str, object], sentence: str
):
    designed(school)

    answer = visit(school.maya).post(f"{mine}/offer", data=OFFER | wrong)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "Somebody did it for me." in answer.text or "words" in wrong
    assert school.session.scalars(select(Participant)).all() == []


def test_midnight_ends_a_day(school: School, visit: Visit, mine: str):
    cohort = designed(school)

    visit(school.leo).post(f"{mine}/need", data=NEED | {"from-6-0": "22:30", "until-6-0": "00:00"})

    assert part(school.session, cohort, school.leo).hours == [333, 334, 335]


def test_fewer_places_than_mentees_are_refused(school: School, visit: Visit, mine: str):
    cohort, maya = designed(school), visit(school.maya)
    maya.post(f"{mine}/offer", data=OFFER)
    school.pair((school.leo, school.maya), (school.zoe, school.maya))

    answer = maya.post(f"{mine}/offer", data=OFFER | {"capacity": "1"})

    assert answer.status_code == 422
    assert "You have 2 mentees already. Leave as many places or more, or talk to your instructor." in words(answer)
    assert part(school.session, cohort, school.maya).capacity == 2


def test_no_places_says_not_this_term(school: School, visit: Visit, mine: str):
    cohort = designed(school)

    visit(school.maya).post(f"{mine}/offer", data=OFFER | {"capacity": "0"})

    theirs = part(school.session, cohort, school.maya)
    assert (theirs.as_mentor, theirs.capacity) == (True, 0)


def test_one_language_of_the_class_and_ones_own_stand_first_and_are_ticked(school: School, visit: Visit, mine: str):
    designed(school)
    for person, locale, zone in (
        (school.maya, "pt-BR", "America/Sao_Paulo"),
        (school.leo, "de", "Europe/Berlin"),
        (school.zoe, "de", "Europe/Berlin"),
    ):
        person.person.locale, person.person.time_zone = locale, zone
    school.session.commit()

    page = visit(school.maya).get(f"{mine}/offer")

    shown = words(page)
    assert shown.index("Portuguese") < shown.index("German") < shown.index("English")
    assert "As in the learning platform: America/Sao Paulo" in shown
    assert [code for code in ("pt", "de", "en") if f'value="{code}" checked' in page.text] == ["pt", "de"]


def test_hours_are_in_the_zone_somebody_chose_else_in_that_of_their_lms_else_in_that_of_the_course(school: School):
    school.mentors(maya=1, zoe=1, leo=1)
    before = course_zone(school.session, school.course)
    maya, zoe, leo = (part(school.session, school.cohort, each) for each in (school.maya, school.zoe, school.leo))
    maya.timezone, zoe.enrolment.person.time_zone = "Asia/Tokyo", "Europe/Berlin"
    leo.enrolment.person.time_zone = "Mars/Base"
    school.session.flush()

    usual = course_zone(school.session, school.course)

    assert (before, [zone_of(each, usual) for each in (maya, zoe, leo)]) == (
        "UTC",
        ["Asia/Tokyo", "Europe/Berlin", "Europe/Berlin"],
    )


def test_who_leaves_is_no_mentor_and_seeks_nobody_but_keeps_their_mentees(school: School, visit: Visit, mine: str):
    cohort, maya, leo = designed(school), visit(school.maya), visit(school.leo)
    maya.post(f"{mine}/offer", data=OFFER)
    school.pair((school.zoe, school.maya))

    maya.post(f"{mine}/leave")
    leo.post(f"{mine}/leave")

    numbers, board = numbers_of(school.session, school.course), board_of(school.session, school.course)
    assert {part(school.session, cohort, each).state for each in (school.maya, school.leo)} == {ParticipantState.LEFT}
    assert len(school.session.scalars(select(Place)).all()) == 1
    assert (numbers.free, numbers.seeking, board.seeking) == (0, 1, 1)
    assert [gap.mentee.name for gap in board.gaps if not gap.is_extra] == ["Zoe Lind"]
    assert "Your mentee stays yours" not in words(maya.get(mine))


def test_who_comes_back_finds_what_they_said(school: School, visit: Visit, mine: str):
    cohort, maya = designed(school), visit(school.maya)
    maya.post(f"{mine}/offer", data=OFFER)
    maya.post(f"{mine}/leave")

    maya.post(mine, data={"mentors": "y"})

    theirs = part(school.session, cohort, school.maya)
    assert (theirs.state, theirs.capacity, theirs.offer.skills) == (
        ParticipantState.TAKING_PART,
        2,
        ["SQL", "Public speaking"],
    )


@pytest.mark.parametrize(
    ("state", "ends", "keeps", "waits"),
    [
        (CohortState.OPEN, THEN, False, False),
        (CohortState.RUNNING, None, False, False),
        (CohortState.RUNNING, THEN, False, True),
        (CohortState.MATCHING, None, False, True),
        (CohortState.OPEN, None, True, True),
    ],
)
def test_who_comes_late_or_to_a_waiting_list_waits(
    school: School, visit: Visit, mine: str, state: CohortState, ends: datetime | None, keeps: bool, waits: bool
):
    cohort = designed(school, state=state)
    cohort.ends, cohort.keeps_waiting_list = ends, keeps
    school.session.commit()

    visit(school.maya).post(f"{mine}/offer", data=OFFER)

    theirs = part(school.session, cohort, school.maya)
    assert theirs.state == (ParticipantState.WAITING_LIST if waits else ParticipantState.TAKING_PART)
    assert theirs.capacity == (0 if waits else 2)


def test_a_newcomer_who_was_invited_decides_and_never_waits(school: School, visit: Visit, mine: str):
    cohort = designed(school, needs_consent=True)
    cohort.keeps_waiting_list = True
    invited = Participant(
        cohort=cohort, enrolment=school.leo, state=ParticipantState.INVITED, came=Came.NEWCOMER, created=THEN
    )
    school.session.add(invited)
    school.session.commit()
    leo, home = visit(school.leo), f"/courses/{school.course.public_id}/"

    asked = panel(leo.get(home), "your-part")
    leo.post(mine, data={"seeks": "y", "consents": "y"})

    theirs = part(school.session, cohort, school.leo)
    assert asked == "Your part You are invited to take part in mentoring. You decide. Decide"
    assert (theirs.state, theirs.came, theirs.as_mentee) == (ParticipantState.TAKING_PART, Came.NEWCOMER, True)


def test_the_same_as_last_term_takes_one_click(school: School, visit: Visit, mine: str):
    first, maya = designed(school), visit(school.maya)
    maya.post(f"{mine}/offer", data=OFFER)
    maya.post(f"{mine}/need", data=NEED | {"languages": ["en", "pt"]})
    second = next_cohort(school, first, skills=["SQL", "Cooking"])

    assert "Same as last term" in words(maya.get(mine))
    maya.post(f"{mine}/again")

    theirs = part(school.session, second, school.maya)
    assert (theirs.as_mentor, theirs.as_mentee, theirs.capacity, theirs.consented) == (True, True, 2, None)
    assert (theirs.offer.skills, theirs.offer.kinds, theirs.offer.topics) == (["SQL"], [], ["Prepare to lead"])
    assert (theirs.need.skills, theirs.need.kinds, theirs.languages) == ([], ["team"], ["en", "pt"])
    assert (theirs.interests, theirs.answers, theirs.shows) == ([], {}, ["name", "skills"])
    assert "Same as last term" not in words(maya.get(mine))


def test_nobody_takes_over_what_was_said_in_another_course(school: School, visit: Visit, mine: str):
    designed(school)
    visit(school.leo).post(f"{mine}/need", data=NEED)
    other = school.cast.course("Another course")
    there = school.cast.enrol(other, "Leo Baum")

    answer = visit(there).post(f"/courses/{other.public_id}/mentoring/mine/again", follow_redirects=True)

    assert "There is nothing from an earlier term to take over." in words(answer)


def test_a_learner_is_told_what_to_say_until_it_is_said(school: School, visit: Visit, mine: str):
    designed(school)
    leo, home = visit(school.leo), f"/courses/{school.course.public_id}/"

    before = panel(leo.get(home), "your-part")
    leo.post(f"{mine}/need", data=NEED)

    assert before == (
        "Your part Say what you look for, so that you are matched with somebody who can help."
        " Say what you look for My part"
    )
    assert panel(leo.get(home), "your-part") is None


def test_a_mentor_whom_an_instructor_ticked_is_asked_what_they_offer(school: School, visit: Visit):
    school.mentors(maya=2)

    assert panel(visit(school.maya).get(f"/courses/{school.course.public_id}/"), "your-part") == (
        "Your part You mentor. Say what you offer, so that you are matched with people you can help."
        " Say what you offer My part"
    )


def test_my_part_asks_the_database_as_often_in_a_large_class(
    school: School, visit: Visit, mine: str, counting: Counting
):
    designed(school)
    maya = visit(school.maya)
    maya.post(f"{mine}/offer", data=OFFER, follow_redirects=True)
    counts = []
    for joining in (1, 20):
        for n in range(joining):
            school.join(f"Learner {joining} {n}")
        for page in ("", "/offer", "/need", "/wishes", "/not-with", "/nominate"):
            with counting() as queries:
                assert maya.get(mine + page).status_code == 200
            counts.append(len(queries))

    assert counts[:6] == counts[6:]
