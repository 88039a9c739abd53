"""Ready-made designs to begin with, each complete; what a course says otherwise is changed afterwards.

Kinds, length, answering time, training topics and checklist follow the practice of the field (two kinds of mentor for
a new employee, ninety days, five topics of training); see docs/for-instructors.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mentoring.pairing.matching.people import DEFAULT_WEIGHTS, Question
from mentoring.programs.choices import (
    Channel,
    EvaluationPoint,
    ForWhom,
    GoalType,
    Manner,
    MentoringType,
    MustAgree,
    StepManner,
)
from mentoring.programs.design import KindPlan, ProgramDesign, QuestionPlan, StepPlan, TaskPlan, TrainingPlan

KEYS = frozenset(
    {
        *("mentor", "team", "technical", "peer", "advice", "planning", "matters", "mentees-part"),
        *("introduction", "mentors-role", "adult-learning", "goal-setting", "communication", "challenges"),
    }
)
"""What kinds, trainings and questions of ready-made designs are known by, in every course."""
USUAL_EVALUATIONS = (EvaluationPoint.BASELINE, EvaluationPoint.MID, EvaluationPoint.END)


@dataclass(frozen=True)
class ReadyMade:
    """A design to begin with, and when to choose it."""

    key: str
    title: LazyString
    suits: LazyString
    design: Callable[[], ProgramDesign]
    """Made when it is wanted, in the language of whoever wants it."""


def simple() -> ProgramDesign:
    """What a course has when nobody designed anything."""
    return ProgramDesign(title=_("Mentoring"), kinds=(KindPlan(label=_("Mentor"), key="mentor"),))


def _students() -> ProgramDesign:
    return ProgramDesign(
        title=_("Student onboarding"),
        goal=_("New students find their way through the first term: people, places, and how studying works here."),
        goal_types=(GoalType.INTEGRATION, GoalType.SKILL),
        tasks=(
            TaskPlan(title=_("Meet, and agree how and when to talk"), days=7),
            TaskPlan(title=_("Show around and introduce fellow students and teachers"), days=10),
            TaskPlan(
                title=_("Explain how the course is run"),
                days=14,
                detail=_("Deadlines, marking, where to ask, what counts as your own work."),
            ),
            TaskPlan(title=_("Look at the first piece of work together"), days=30),
            TaskPlan(title=_("Talk about the time until the exams and make a plan"), days=60),
            TaskPlan(title=_("Look back, and say what comes next"), days=90),
        ),
        steps=(
            *_steps(),
            StepPlan(
                title=_("Your plan for the exams"),
                manner=StepManner.TASK,
                address=_("Talk about the time until the exams and make a plan"),
                days=60,
            ),
        ),
        kinds=(KindPlan(label=_("Mentor"), key="mentor"),),
        needs_consent=True,
        training=_training(),
        skills=(_("Taking notes"), _("Academic writing"), _("Planning the week"), _("Preparing for exams"),
                _("Programming"),
                _("Statistics"), _("Presenting"), _("Research")),
        topics=(_("Settle in"), _("Find friends"), _("Study better"), _("Choose courses"), _("Balance work and study")),
        interests=_interests(),
        questions=_questions(),
        kpis=(_("New students who pass the first term"), _("New students who feel that they belong (survey)"),
              _("Pairs that met at least once a month")),
        evaluations=USUAL_EVALUATIONS,
    )  # fmt: skip


def _employees() -> ProgramDesign:
    return ProgramDesign(
        title=_("Employee onboarding"),
        goal=_("New colleagues are at home in their team and work on their own within three months."),
        goal_types=(GoalType.INTEGRATION, GoalType.SKILL, GoalType.PERFORMANCE),
        tasks=(
            TaskPlan(title=_("Introduce colleagues"), days=3, detail=_("The team, and whom to turn to in others.")),
            TaskPlan(title=_("Tell of history, mission and values"), days=7),
            TaskPlan(title=_("Explain role and duties"), days=10, detail=_("What is expected, and how it is judged.")),
            TaskPlan(title=_("Set goals for the first month"), days=14),
            TaskPlan(title=_("Look at how the first tasks went"), days=30),
            TaskPlan(title=_("Middle: feedback in both directions"), days=45),
            TaskPlan(title=_("End: what was reached, and what comes next"), days=90),
        ),
        steps=_steps(),
        kinds=(
            KindPlan(label=_("Team mentor"), key="team"),
            KindPlan(label=_("Technical mentor"), key="technical"),
        ),
        training=_training(),
        skills=(_("Our product"), _("Our tools"), _("Talking to customers"), _("Writing"), _("Planning work"),
                _("Data and reports"), _("Giving feedback")),
        topics=(_("Understand my role"), _("Know the people"), _("Know the product"), _("Work on my own")),
        interests=_interests(),
        questions=_questions(),
        kpis=(_("Days until a new colleague works on their own"), _("New colleagues still here after a year"),
              _("Satisfaction with onboarding and with the mentor (survey)")),
        evaluations=USUAL_EVALUATIONS,
    )  # fmt: skip


def _career() -> ProgramDesign:
    return ProgramDesign(
        title=_("Career mentoring"),
        goal=_("People find out where they want to go in their career, and take the first steps."),
        goal_types=(GoalType.CAREER, GoalType.LEADERSHIP),
        tasks=(
            TaskPlan(title=_("Hear where the mentee stands and wants to go"), days=14),
            TaskPlan(title=_("Set one to three goals together"), days=28),
            TaskPlan(title=_("Introduce somebody worth knowing"), days=60),
            TaskPlan(title=_("Middle: feedback in both directions"), days=90),
            TaskPlan(title=_("End: what was reached, and what comes next"), days=180),
        ),
        steps=_steps(),
        kinds=(KindPlan(label=_("Career mentor"), key="mentor"),),
        length_days=180,
        meeting_days=21,
        reply_days=5,
        default_capacity=2,
        must_agree=MustAgree.BOTH,
        takes_requests=True,
        needs_consent=True,
        training=_training(),
        skills=(_("Leading people"), _("Negotiating"), _("Presenting"), _("Strategy"), _("Changing the field"),
                _("Networking"), _("Applying for a position")),
        topics=(_("Find my direction"), _("Lead a team"), _("Become visible"), _("Change the field"),
                _("Balance work and life")),
        interests=_interests(),
        questions=_questions(),
        least_experience=5,
        bars_same_manager=True,
        weights={**_weights(), Question.GOALS: 30, Question.OTHER_TEAM: 10},
        kpis=(_("Goals reached"), _("Moves to a new role within a year"), _("Mentees who would recommend it (survey)")),
        evaluations=USUAL_EVALUATIONS,
    )  # fmt: skip


def _peers() -> ProgramDesign:
    return ProgramDesign(
        title=_("Study circles"),
        goal=_("Learners at the same stage study together, explain things to one another, and nobody is left alone."),
        goal_types=(GoalType.SKILL, GoalType.TEAMWORK),
        tasks=(
            TaskPlan(title=_("Meet, and agree on a fixed time in the week"), days=7),
            TaskPlan(title=_("Everybody explains one topic to the others"), days=30),
            TaskPlan(title=_("Look back: what helped?"), days=90),
        ),
        mentoring_type=MentoringType.PEER,
        kinds=(KindPlan(label=_("Study partner"), key="peer"),),
        smallest_group=3,
        largest_group=4,
        meeting_days=7,
        default_capacity=3,
        skills=(_("Taking notes"), _("Academic writing"), _("Programming"), _("Statistics"), _("Preparing for exams")),
        topics=(_("Pass the exam"), _("Understand the basics"), _("Get a very good mark"), _("Keep at it")),
        interests=_interests(),
        questions=_questions(),
        least_minutes=60,
        weights={**_weights(), Question.HOURS: 20},
        kpis=(_("Circles that meet every week"), _("Marks, compared with the year before"),
              _("Learners who feel that they belong (survey)")),
        evaluations=USUAL_EVALUATIONS,
    )  # fmt: skip


def _reverse() -> ProgramDesign:
    return ProgramDesign(
        title=_("Reverse mentoring"),
        goal=_("Experienced people learn from those who came later: new technology, new habits, another view."),
        goal_types=(GoalType.SKILL, GoalType.LEADERSHIP),
        tasks=(
            TaskPlan(title=_("Meet, and agree what the senior wants to learn"), days=14),
            TaskPlan(title=_("Show one tool or habit in daily use"), days=30),
            TaskPlan(title=_("Talk about how things look from below"), days=60),
            TaskPlan(title=_("Look back, and say what stays"), days=90),
        ),
        mentoring_type=MentoringType.REVERSE,
        kinds=(KindPlan(label=_("Junior mentor"), key="mentor"),),
        default_capacity=1,
        must_agree=MustAgree.BOTH,
        needs_consent=True,
        training=_training(),
        skills=(
            _("Social media"),
            _("New software"),
            _("Artificial intelligence in daily work"),
            _("Working across cultures"),
        ),
        topics=(_("Keep up with technology"), _("Understand younger colleagues"), _("Change how I lead")),
        interests=_interests(),
        questions=_questions(),
        level_rule="junior",
        bars_same_manager=True,
        weights={**_weights(), Question.OTHER_TEAM: 15},
        kpis=(_("Seniors who use something they learnt"), _("Pairs that met at least once a month")),
        evaluations=USUAL_EVALUATIONS,
    )


def _flash() -> ProgramDesign:
    return ProgramDesign(
        title=_("Flash mentoring"),
        goal=_("One question, one short meeting with somebody who knows."),
        goal_types=(GoalType.SKILL,),
        tasks=(
            TaskPlan(title=_("Read what the mentee wants to know"), days=3),
            TaskPlan(title=_("Meet once, for half an hour"), days=14),
        ),
        mentoring_type=MentoringType.FLASH,
        kinds=(KindPlan(label=_("Expert"), key="mentor"),),
        length_days=21,
        channel=Channel.VIDEO,
        reply_days=2,
        default_capacity=2,
        must_agree=MustAgree.MENTOR,
        takes_requests=True,
        skills=(_("Writing"), _("Presenting"), _("Programming"), _("Statistics"), _("Applying for a position")),
        topics=(_("Get unstuck"), _("Hear a second opinion"), _("Learn one thing")),
        interests=_interests(),
        weights={**_weights(), Question.SKILLS: 60, Question.HOURS: 20},
        kpis=(_("Meetings held"), _("Questions answered (survey)")),
        evaluations=(EvaluationPoint.END,),
    )


READY_MADE: Mapping[str, ReadyMade] = {
    each.key: each
    for each in (
        ReadyMade(
            "students",
            _l("Student onboarding"),
            _l("Experienced students help new ones through their first term. One mentor each."),
            _students,
        ),
        ReadyMade(
            "employees",
            _l("Employee onboarding"),
            _l("Two mentors for each new colleague: one from the team, one for the work itself."),
            _employees,
        ),
        ReadyMade(
            "career",
            _l("Career mentoring"),
            _l("Half a year with somebody experienced. Both agree first; mentees may ask themselves."),
            _career,
        ),
        ReadyMade(
            "peers",
            _l("Peer study"),
            _l("Circles of three or four who study together, without a mentor above them."),
            _peers,
        ),
        ReadyMade(
            "reverse",
            _l("Reverse mentoring"),
            _l("The junior mentors the senior. Both agree first."),
            _reverse,
        ),
        ReadyMade(
            "flash", _l("Flash mentoring"), _l("One short meeting about one question, asked for by the mentee."), _flash
        ),
    )
}


def _training() -> tuple[TrainingPlan, ...]:
    """Five topics and the common challenges for mentors, one short item for mentees; the keys name our own guides."""
    mentors = (
        ("introduction", _("Introduction: what this mentoring is for")),
        ("mentors-role", _("The mentor's role")),
        ("adult-learning", _("How adults learn")),
        ("goal-setting", _("Setting goals")),
        ("communication", _("Communication")),
        ("challenges", _("Common challenges")),
    )
    return (
        *(TrainingPlan(key=key, title=title, manner=Manner.LINK) for key, title in mentors),
        TrainingPlan(key="mentees-part", title=_("Your part as a mentee"), manner=Manner.LINK, is_for_mentors=False),
    )


def _steps() -> tuple[StepPlan, ...]:
    """What helps a pair along, by shares, so that it fits whatever the length."""
    return (
        StepPlan(
            title=_("Write down what you would like to reach"),
            manner=StepManner.LINK,
            whom=ForWhom.MENTEE,
            share=10,
        ),
        StepPlan(
            title=_("Tell each other what helps, and what does not"),
            manner=StepManner.LINK,
            share=40,
        ),
    )


def _interests() -> tuple[str, ...]:
    return (
        _("Music"),
        _("Sport"),
        _("Reading"),
        _("Games"),
        _("Cooking"),
        _("Travel"),
        _("Nature"),
        _("Art"),
        _("Volunteering"),
    )


def _questions() -> tuple[QuestionPlan, ...]:
    return (
        QuestionPlan(
            key="advice",
            text=_("What helps you more?"),
            answers=(_("Clear advice"), _("Questions that let me find out myself")),
        ),
        QuestionPlan(
            key="planning",
            text=_("How do you like to work?"),
            answers=(_("With a plan"), _("Step by step, as it comes")),
        ),
        QuestionPlan(
            key="matters",
            text=_("What matters most to you at work or in your studies?"),
            answers=(_("Learning"), _("Helping others"), _("Getting results"), _("Good company")),
        ),
    )  # fmt: skip


def _weights() -> dict[str, int]:
    return {question.value: weight for question, weight in DEFAULT_WEIGHTS.items()}
