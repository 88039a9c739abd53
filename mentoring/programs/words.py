"""What the words of a design are called, and what each means to people."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.pairing.matching.people import LevelRule, Question
from mentoring.programs.choices import (
    Channel,
    CohortState,
    EvaluationPoint,
    ForWhom,
    GoalType,
    Manner,
    MentoringType,
    MustAgree,
    StepManner,
)

TYPES: Mapping[str, LazyString] = {
    MentoringType.ONE_ON_ONE: _l("One-on-one: one mentor and one mentee"),
    MentoringType.PEER: _l("Peer: people at the same stage help one another, in pairs or circles"),
    MentoringType.GROUP: _l("Group: one mentor and several mentees together"),
    MentoringType.REVERSE: _l("Reverse: the junior mentors the senior"),
    MentoringType.FLASH: _l("Flash: one short meeting about one thing"),
}
GOALS: Mapping[str, LazyString] = {
    GoalType.INTEGRATION: _l("Settling in"),
    GoalType.SKILL: _l("A skill"),
    GoalType.PERFORMANCE: _l("Doing the work well"),
    GoalType.CAREER: _l("Career"),
    GoalType.LEADERSHIP: _l("Leadership"),
    GoalType.TEAMWORK: _l("Teamwork"),
}
AGREEMENTS: Mapping[str, LazyString] = {
    MustAgree.NOBODY: _l("Nobody: a pair stands as soon as you make it"),
    MustAgree.MENTOR: _l("The mentor"),
    MustAgree.BOTH: _l("Both, mentor and mentee"),
}
CHANNELS: Mapping[str, LazyString] = {
    Channel.ANY: _l("However they like"),
    Channel.IN_PERSON: _l("In person"),
    Channel.PHONE: _l("By telephone"),
    Channel.VIDEO: _l("By video"),
    Channel.ONLINE: _l("In writing, online"),
}
MANNERS: Mapping[str, LazyString] = {
    Manner.LINK: _l("By themselves: they read the material and tick it"),
    Manner.QUIZ: _l("A quiz, passed"),
    Manner.IN_PERSON: _l("In person: an instructor ticks it"),
}
STEP_MANNERS: Mapping[str, LazyString] = {
    StepManner.LINK: _l("They read or do it, and tick it"),
    StepManner.ACTIVITY: _l("A quiz or review, done when it is"),
    StepManner.TASK: _l("A task of the program, done when it is ticked there"),
}
WHOM: Mapping[str, LazyString] = {
    ForWhom.BOTH: _l("Mentees and mentors"),
    ForWhom.MENTEE: _l("Mentees"),
    ForWhom.MENTOR: _l("Mentors"),
}
POINTS: Mapping[str, LazyString] = {
    EvaluationPoint.BASELINE: _l("Before the run begins, to compare with"),
    EvaluationPoint.MID: _l("In the middle"),
    EvaluationPoint.END: _l("At the end"),
    EvaluationPoint.INTERVAL: _l("At regular intervals as well"),
}
CHECKS: Mapping[str, LazyString] = {
    "performs_well": _l("Performs well"),
    "dedicated": _l("Dedicated"),
    "ready_to_share": _l("Ready to share what they know"),
    "field_experience": _l("Experience in the field"),
    "communication": _l("Communicates well"),
    "trust": _l("Builds trust"),
}
LEVELS: Mapping[str, LazyString] = {
    LevelRule.ANY: _l("It does not matter"),
    LevelRule.SAME: _l("The same level as the mentee"),
    LevelRule.JUNIOR: _l("Below the mentee"),
    LevelRule.SENIOR: _l("Above the mentee"),
}
WEIGHTS: Mapping[str, LazyString] = {
    Question.SKILLS: _l("Skills: what the mentee wants to learn and the mentor offers"),
    Question.GOALS: _l("Goals: what the mentee works on and the mentor helps with"),
    Question.INTERESTS: _l("Interests they share"),
    Question.VALUES: _l("Values and ways of working: the same answers to your questions"),
    Question.WISH_OF_MENTEE: _l("Whom the mentee wishes for"),
    Question.WISH_OF_MENTOR: _l("Whom the mentor wishes for"),
    Question.HOURS: _l("Much free time in common"),
    Question.LEVEL: _l("Levels not far apart"),
    Question.SECTION: _l("The same section or group of the course"),
    Question.BEFORE: _l("A good mentorship they had before"),
    Question.WAITED: _l("The mentee was left over last time"),
    Question.OTHER_TEAM: _l("Different teams, to meet new people"),
}
STATES: Mapping[str, LazyString] = {
    CohortState.DRAFT: _l("Not open yet"),
    CohortState.OPEN: _l("Open: people join"),
    CohortState.MATCHING: _l("Matching"),
    CohortState.RUNNING: _l("Running"),
    CohortState.CLOSING: _l("Closing: no new pairs"),
    CohortState.CLOSED: _l("Closed"),
    CohortState.CANCELLED: _l("Cancelled"),
}
MEANINGS: Mapping[str, LazyString] = {
    CohortState.OPEN: _l(
        "People join now: they say what they offer and look for. You can pair them as soon as you like."
    ),
    CohortState.MATCHING: _l("Pairs are made now. Whoever joins from here on waits until you let them in."),
    CohortState.RUNNING: _l("Pairs meet now."),
    CohortState.CLOSING: _l("No new pairs are made. Those that stand go on to their end."),
}
"""What a state means for people, where it means something."""
MOVED: Mapping[str, LazyString] = {
    CohortState.OPEN: _l("The run is open."),
    CohortState.MATCHING: _l("Matching has begun."),
    CohortState.RUNNING: _l("The run is under way."),
    CohortState.CLOSING: _l("The run is closing."),
    CohortState.CLOSED: _l("The run is closed."),
    CohortState.CANCELLED: _l("The run is cancelled."),
}
"""What has happened when a run comes into this state."""
MOVES: Mapping[str, LazyString] = {
    CohortState.OPEN: _l("Open it"),
    CohortState.MATCHING: _l("Begin matching"),
    CohortState.RUNNING: _l("Let it run"),
    CohortState.CLOSING: _l("Begin closing"),
    CohortState.CLOSED: _l("Close it"),
    CohortState.CANCELLED: _l("Cancel it"),
}
"""What a button says that leads to this state."""
