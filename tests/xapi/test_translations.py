"""Events in, statements out: complete, under lasting ids, in order of time, naming nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lti_tool.events import CourseEntered, Event, GradeChanged, Where, Who
from mentoring.events import (
    AgreementSigned,
    CheckInAnswered,
    CircleBegan,
    CircleCompleted,
    CircleEnded,
    CircleFormed,
    CircleJoined,
    CircleLeft,
    CirclePaused,
    CircleResumed,
    GoalProgressed,
    GoalReached,
    GoalSet,
    MeetingAttended,
    MeetingMissed,
    MeetingScheduled,
    MentorAssigned,
    MentorshipBegan,
    MentorshipCompleted,
    MentorshipDeclined,
    MentorshipEnded,
    MentorshipExpired,
    MentorshipPaused,
    MentorshipProposed,
    MentorshipResumed,
    MentorshipWithdrawn,
    MessageWritten,
    ProgramJoined,
    ResourceShared,
    StepDone,
    TaskDone,
    TaskGiven,
)
from quizzes.events import AttemptMarked, QuestionAsked, QuizSubmitted
from quizzes.kinds.base import Component, Interaction, Option
from xapi.translations import course_iri, registration, translate
from xapi.validation import emitter_errors, errors

BASE = "https://mentoring.example.org"
AT = datetime(2026, 11, 23, 10, 0, 0, 123000, tzinfo=UTC)
LEO = Who(platform="platform", issuer="https://moodle.example.org", subject="5")
MAYA = Who(platform="platform", issuer="https://moodle.example.org", subject="4")
INES = Who(platform="platform", issuer="https://moodle.example.org", subject="3")
COURSE = Where(course="course7", title="Starting at work 101")


def asked(place: int, *, chosen: tuple[str, ...], right: tuple[str, ...] = ("b",)) -> QuestionAsked:
    return QuestionAsked(
        question=f"version{place}",
        name=f"onboarding/q{place}",
        version=1,
        place=place,
        topic="people",
        kind="single" if len(right) == 1 else "multiple",
        text=f"Question {place}?",
        is_right=chosen == right,
        is_marked=True,
        mark=1.0 if chosen == right else 0.0,
        maximum=1.0,
        interaction=Interaction(
            type="choice",
            pattern=("[,]".join(right),),
            response="[,]".join(chosen),
            components=(Component("choices", tuple(Option(id=letter, text=letter.upper()) for letter in "abc")),),
        ),
    )


def quiz_submitted(**changes: Any) -> QuizSubmitted:
    said: dict[str, Any] = {
        "event_id": "6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e01",
        "at": AT,
        "who": LEO,
        "where": COURSE,
        "quiz": "quiz1",
        "title": "Starting well",
        "language": "en",
        "attempt": "attempt1",
        "n": 1,
        "started": AT - timedelta(minutes=12, seconds=30, milliseconds=250),
        "submitted": AT,
        "ran_out": False,
        "raw": 2.0,
        "maximum": 3.0,
        "pass_percent": 60,
        "has_passed": True,
        "questions": (
            asked(1, chosen=("b",)),
            asked(2, chosen=()),
            asked(3, chosen=("a", "c"), right=("a", "c")),
        ),
    }
    return QuizSubmitted(**{**said, **changes})


ASSIGNED: dict[str, Any] = {
    "at": AT,
    "mentee": LEO,
    "mentor": MAYA,
    "by": INES,
    "where": COURSE,
    "mentorship": "pair1",
    "kind": "Mentor",
    "program": "program1",
    "program_title": "Mentoring",
}
PAIR = {name: value for name, value in ASSIGNED.items() if name != "by"}
CIRCLE: dict[str, Any] = {
    "at": AT,
    "people": (LEO, MAYA),
    "where": COURSE,
    "circle": "circle1",
    "kind": "Study partner",
    "program": "program1",
    "program_title": "Study circles",
}
WITHIN: dict[str, Any] = {
    "at": AT,
    "who": LEO,
    "where": COURSE,
    "mentorship": "mentorship1",
    "is_circle": False,
    "kind": "Mentor",
    "program": "program1",
    "program_title": "Mentoring",
}
MEETING: dict[str, Any] = {"meeting": "meeting1", "starts": AT - timedelta(hours=1), "minutes": 45}
ALL_WITHIN = {**{name: value for name, value in WITHIN.items() if name != "who"}, "people": (LEO, MAYA), **MEETING}
CHECKED_IN = {name: value for name, value in ALL_WITHIN.items() if name not in MEETING} | {"check_in": "checkin1"}
EVERY_EVENT: list[Event] = [
    CourseEntered(at=AT, who=LEO, where=COURSE, role="learner", is_first=True),
    MentorAssigned(**ASSIGNED),
    MentorAssigned(**ASSIGNED, is_agreed=True),
    MentorshipEnded(**ASSIGNED, outcome="cancelled", reason="unpaired"),
    MentorshipDeclined(**ASSIGNED),
    MentorshipWithdrawn(**ASSIGNED),
    MentorshipExpired(**PAIR, silent="mentor"),
    MentorshipCompleted(**PAIR, by=None),
    CircleFormed(**CIRCLE, by=INES),
    CircleJoined(**CIRCLE, who=MAYA, by=INES),
    CircleCompleted(**CIRCLE, by=None),
    CircleEnded(**CIRCLE, by=None, outcome="ended_early", reason="too_few_left"),
    TaskDone(**WITHIN, task="task1"),
    TaskGiven(**{**WITHIN, "who": MAYA}, task="task1", to=(LEO, INES)),
    GoalSet(**WITHIN, goal="goal1", by=LEO),
    GoalProgressed(**WITHIN, goal="goal1", by=MAYA, far="half_way"),
    GoalReached(**WITHIN, goal="goal1", by=LEO),
    StepDone(**WITHIN, step="step1"),
    AgreementSigned(**WITHIN, agreement="agreement1", version=1, is_by_all=True),
    MeetingScheduled(**ALL_WITHIN, by=LEO),
    MeetingMissed(**ALL_WITHIN),
    CheckInAnswered(**CHECKED_IN),
    MeetingAttended(**WITHIN, **MEETING),
    ResourceShared(**WITHIN, resource="resource1", is_file=True),
    ResourceShared(**WITHIN, resource="resource2", is_file=False),
    quiz_submitted(),
    quiz_submitted(has_passed=False, raw=0.0, questions=()),
    quiz_submitted(raw=1 / 3),
]


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: type(event).__name__)
def test_every_statement_passes_our_own_rules_in_both_versions(event: Event):
    told = translate(event, BASE)

    assert told != []
    assert [emitter_errors(statement) for statement in told] == [[]] * len(told)
    assert [errors(statement, "2.0.0") for statement in told] == [[]] * len(told)


@pytest.mark.judges
def test_the_independent_judge_agrees(judge: Any):
    told = [statement for event in EVERY_EVENT for statement in translate(event, BASE)]

    assert judge(told) == [[]] * len(told)


def test_a_submitted_quiz_is_one_statement_a_question_answered_and_two_for_its_end():
    told = translate(quiz_submitted(), BASE)

    verbs = [statement["verb"]["display"]["en"] for statement in told]
    assert verbs == ["answered", "answered", "completed", "passed"]
    assert told[1]["result"] == {
        "success": True,
        "response": "a[,]c",
        "score": {"scaled": 1.0, "raw": 1.0, "min": 0, "max": 1.0},
    }
    assert told[-1]["result"] == {
        "completion": True,
        "success": True,
        "score": {"scaled": 0.66667, "raw": 2.0, "min": 0, "max": 3.0},
        "duration": "PT750.25S",
    }


def test_times_strictly_increase_and_end_when_it_was_handed_in():
    times = [statement["timestamp"] for statement in translate(quiz_submitted(), BASE)]

    assert times == sorted(set(times))
    assert times[-1] == "2026-11-23T10:00:00.123Z"


def test_telling_twice_gives_the_same_ids_and_another_event_gives_others():
    first, again = ([statement["id"] for statement in translate(quiz_submitted(), BASE)] for _ in range(2))
    other = [
        statement["id"]
        for statement in translate(quiz_submitted(event_id="6b2f7a1e-9a7d-4d57-9a5c-0b3a3c6d8e02"), BASE)
    ]

    assert first == again
    assert len(set(first)) == len(first)
    assert set(first).isdisjoint(other)


def test_the_statements_of_one_attempt_share_a_registration_and_a_course():
    told = translate(quiz_submitted(), BASE)

    assert {statement["context"]["registration"] for statement in told} == {registration("attempt", "attempt1")}
    assert {statement["context"]["contextActivities"]["grouping"][0]["id"] for statement in told} == {
        course_iri(BASE, "course7")
    }


def test_what_waits_for_peoples_marks_is_told_as_neither_right_nor_wrong():
    essay = replace(
        asked(1, chosen=()), is_marked=False, kind="essay", interaction=Interaction(type="long-fill-in", response="Hi")
    )

    told = translate(quiz_submitted(questions=(essay,)), BASE)[0]

    assert "result" not in told
    assert told["object"]["definition"]["interactionType"] == "long-fill-in"
    assert "correctResponsesPattern" not in told["object"]["definition"]


@pytest.mark.parametrize("kind", ["fill-in", "long-fill-in"])
def test_what_somebody_typed_stays_inside_and_what_it_earned_is_told(kind: str):
    typed = replace(asked(1, chosen=("b",)), interaction=Interaction(type=kind, response="My name is Leo"))

    told = translate(quiz_submitted(questions=(typed,)), BASE)[0]

    assert "Leo" not in json.dumps(told)
    assert told["result"] == {"success": True, "score": {"scaled": 1.0, "raw": 1.0, "min": 0, "max": 1.0}}


def test_how_an_attempt_ended_is_told_once_nothing_of_it_waits():
    essay = replace(asked(1, chosen=("b",)), is_marked=False, kind="essay")

    told = translate(quiz_submitted(questions=(essay, asked(2, chosen=("b",)))), BASE)

    assert [each["verb"]["display"]["en"] for each in told] == ["answered", "answered"]


def marked(**changes: Any) -> AttemptMarked:
    said = {name: value for name, value in vars(quiz_submitted()).items() if name != "ran_out"}
    later: dict[str, Any] = {"at": AT + timedelta(days=2), "is_marked": True, "is_complete": True}
    return AttemptMarked(**{**said, **later, "questions": (asked(1, chosen=("b",)),), **changes})


def verbs(event: AttemptMarked) -> list[str]:
    return [each["verb"]["display"]["en"] for each in translate(event, BASE)]


def test_the_last_mark_is_told_with_how_the_attempt_ended():
    event = marked()

    told = translate(event, BASE)

    assert verbs(event) == ["answered", "completed", "passed"]
    assert told[0]["result"]["score"] == {"scaled": 1.0, "raw": 1.0, "min": 0, "max": 1.0}
    assert {each["context"]["registration"] for each in told} == {registration("attempt", "attempt1")}
    assert told[-1]["timestamp"] == "2026-11-25T10:00:00.123Z"
    assert [each["id"] for each in told] == [each["id"] for each in translate(event, BASE)]


def test_a_mark_among_several_that_are_missing_is_told_alone():
    assert verbs(marked(is_marked=False, is_complete=False)) == ["answered"]


def test_a_changed_mark_is_a_new_statement_about_the_attempt_which_is_completed_once():
    assert verbs(marked(is_complete=False, has_passed=False)) == ["answered", "failed"]


def test_both_sides_of_an_assignment_are_told():
    assigned, was_assigned = translate(MentorAssigned(**ASSIGNED), BASE)

    assert [each["actor"]["account"]["name"] for each in (assigned, was_assigned)] == ["3", "5"]
    assert was_assigned["context"]["instructor"]["account"]["name"] == "4"
    assert assigned["object"]["id"] == was_assigned["object"]["id"] == f"{BASE}/xapi/activities/pairing/pair1"


def test_an_event_that_is_nobodys_business_is_not_told():
    grade = GradeChanged(at=AT, who=LEO, where=COURSE, activity="quiz:1", title="Quiz", score=1, maximum=2)

    assert translate(grade, BASE) == []


def test_statements_can_be_written_as_json():
    for event in EVERY_EVENT:
        assert json.loads(json.dumps(translate(event, BASE))) == translate(event, BASE)


def _actors_and_verbs(event: Event) -> list[tuple[str, str]]:
    return [(told["actor"]["account"]["name"], told["verb"]["display"]["en"]) for told in translate(event, BASE)]


def test_an_answer_is_told_with_who_gave_it_and_nobody_is_blamed_for_silence_or_an_end():
    assert _actors_and_verbs(MentorAssigned(**PAIR, by=MAYA, is_agreed=True)) == [
        ("4", "accepted"),
        ("5", "was-assigned"),
    ]
    assert _actors_and_verbs(MentorshipDeclined(**PAIR, by=MAYA)) == [("4", "rejected")]
    assert _actors_and_verbs(MentorshipWithdrawn(**PAIR, by=LEO)) == [("5", "canceled")]
    assert _actors_and_verbs(MentorshipExpired(**PAIR, silent="mentor")) == [("mentoring", "expired")]
    ended = MentorshipEnded(**PAIR, by=None, outcome="ended_early", reason="")
    assert _actors_and_verbs(ended) == [("mentoring", "terminated")]
    assert _actors_and_verbs(replace(ended, outcome="cancelled")) == [("mentoring", "canceled")]
    assert _actors_and_verbs(replace(ended, by=INES, reason="rematched")) == [("3", "replaced")]
    assert _actors_and_verbs(MentorshipCompleted(**PAIR, by=INES)) == [("5", "completed")]


def test_a_circle_is_told_of_each_of_its_people_in_order_of_time():
    formed = CircleFormed(**CIRCLE, by=INES)
    assert _actors_and_verbs(formed) == [("3", "assigned"), ("5", "was-assigned"), ("4", "was-assigned")]
    assert _actors_and_verbs(CircleJoined(**CIRCLE, who=MAYA, by=INES)) == [("3", "assigned"), ("4", "was-assigned")]
    assert _actors_and_verbs(CircleCompleted(**CIRCLE, by=LEO)) == [("5", "completed"), ("4", "completed")]
    times = [told["timestamp"] for told in translate(formed, BASE)]
    assert times == sorted(set(times))
    assert times[-1] == "2026-11-23T10:00:00.123Z"
    assert {told["context"]["registration"] for told in translate(formed, BASE)} == {
        registration("mentorship", "circle1")
    }


def test_nobody_is_blamed_for_the_end_of_a_circle():
    ended = CircleEnded(**CIRCLE, by=None, outcome="ended_early", reason="too_few_left")

    assert _actors_and_verbs(ended) == [("mentoring", "terminated")]
    assert _actors_and_verbs(replace(ended, outcome="cancelled", reason="never_began")) == [("mentoring", "canceled")]


def test_a_mentorship_begins_rests_and_goes_on():
    pair = MentorshipBegan(**PAIR), MentorshipPaused(**PAIR), MentorshipResumed(**PAIR)
    circle = CircleBegan(**CIRCLE), CirclePaused(**CIRCLE), CircleResumed(**CIRCLE)
    for of_two, of_many, verb in zip(pair, circle, ("started", "suspended", "resumed"), strict=True):
        assert _actors_and_verbs(of_two) == [("5", verb)]
        assert _actors_and_verbs(of_many) == [("5", verb), ("4", verb)]


def test_who_leaves_a_circle_is_not_blamed_by_a_statement():
    """It goes on: if it does not, its end is told."""
    assert translate(CircleLeft(**CIRCLE, who=LEO, by=None, reason=""), BASE) == []


def test_what_nobody_has_said_yes_or_no_to_is_not_told_yet():
    assert translate(MentorshipProposed(**ASSIGNED, origin="run"), BASE) == []


def test_who_says_that_they_take_part_is_registered_in_the_program():
    [told] = translate(ProgramJoined(at=AT, who=LEO, where=COURSE, program="program1", program_title="Buddies"), BASE)

    assert (told["actor"]["account"]["name"], told["verb"]["display"]["en"]) == ("5", "registered")
    assert told["object"]["id"] == f"{BASE}/xapi/activities/program/program1"


def test_an_answered_check_in_names_neither_who_answered_nor_what():
    [told] = translate(CheckInAnswered(**CHECKED_IN), BASE)

    assert (told["actor"]["account"]["name"], "result" in told) == ("mentoring", False)
    assert told["object"]["id"] == f"{BASE}/xapi/activities/check-in/checkin1"
    assert [each["id"] for each in told["context"]["contextActivities"]["parent"]] == [
        f"{BASE}/xapi/activities/pairing/mentorship1"
    ]


def test_a_meeting_is_told_with_its_time_and_length_and_nobody_is_blamed_for_a_missed_one():
    scheduled, missed, attended = (
        translate(event, BASE)[0]
        for event in (
            MeetingScheduled(**ALL_WITHIN, by=LEO),
            MeetingMissed(**ALL_WITHIN),
            MeetingAttended(**WITHIN, **MEETING),
        )
    )

    assert [told["actor"]["account"]["name"] for told in (scheduled, missed, attended)] == ["5", "mentoring", "5"]
    assert list(scheduled["context"]["extensions"].values()) == ["2026-11-23T09:00:00.123Z", "PT2700.00S"]
    assert attended["result"] == {"duration": "PT2700.00S"}
    assert {told["object"]["id"] for told in (scheduled, missed, attended)} == {
        f"{BASE}/xapi/activities/meeting/meeting1"
    }


def test_a_goal_is_theirs_who_set_it_whoever_says_that_it_has_moved():
    goal = {**WITHIN, "goal": "goal1"}
    told = [
        translate(event, BASE)[0]
        for event in (
            GoalSet(**goal, by=LEO),
            GoalProgressed(**goal, by=MAYA, far="half_way"),
            GoalReached(**goal, by=LEO),
        )
    ]

    assert [(each["actor"]["account"]["name"], each["verb"]["display"]["en"]) for each in told] == [
        ("5", "defined"),
        ("5", "progressed"),
        ("5", "completed"),
    ]
    assert {each["object"]["id"] for each in told} == {f"{BASE}/xapi/activities/goal/goal1"}
    assert ["instructor" in each["context"] for each in told] == [False, True, False]
    assert told[1]["result"] == {"extensions": {"https://w3id.org/xapi/cmi5/result/extensions/progress": 50}}


def test_a_task_is_told_of_whoever_gave_it_and_of_each_who_got_it():
    given = TaskGiven(**{**WITHIN, "who": MAYA}, task="task1", to=(LEO, INES))

    assert _actors_and_verbs(given) == [("4", "assigned"), ("5", "was-assigned"), ("3", "was-assigned")]
    times = [told["timestamp"] for told in translate(given, BASE)]
    assert (times, times[-1]) == (sorted(set(times)), "2026-11-23T10:00:00.123Z")


def test_a_resource_is_told_as_a_link_or_a_file_without_its_name_and_a_message_is_not_told():
    told = [
        translate(ResourceShared(**WITHIN, resource="resource1", is_file=is_file), BASE)[0] for is_file in (True, False)
    ]

    assert [each["verb"]["id"] for each in told] == ["http://adlnet.gov/expapi/verbs/shared"] * 2
    assert [each["object"]["definition"] for each in told] == [
        {"type": "http://adlnet.gov/expapi/activities/file"},
        {"type": "http://adlnet.gov/expapi/activities/link"},
    ]
    assert translate(MessageWritten(**WITHIN, message="message1"), BASE) == []
