"""Each kind of statement that we write."""

from __future__ import annotations

from xapi import vocabulary as v
from xapi.profile.parts import Rule, Template
from xapi.vocabulary import ActivityType, Verb

_ALWAYS = (
    Rule(
        location="$.actor.account",
        presence="included",
        note="By default of the platform: its issuer and its sub. An endpoint may ask for another identity.",
    ),
    Rule(location="$.actor.name", presence="excluded", note="Names differ from system to system, and stay inside."),
    Rule(location="$.context.contextActivities.category[*].id", presence="included", any=(v.PROFILE_VERSION,)),
    Rule(
        location="$.context.contextActivities.grouping[*].definition.type",
        presence="included",
        any=(v.COURSE.iri,),
        note="The course that it happened in.",
    ),
    Rule(location="$.timestamp", presence="included"),
    Rule(location="$.result.response", presence="excluded"),
)
_OF_A_RUN = Rule(location="$.context.registration", presence="included", note="One for each mentorship or attempt.")
_NO_RUN = Rule(
    location="$.context.registration", presence="excluded", note="Nothing may join raters and those they rate."
)
_PARENT = "$.context.contextActivities.parent[*].definition.type"
_SCORE = (
    Rule(location="$.result.score.scaled", presence="included"),
    Rule(location="$.result.score.raw", presence="included"),
    Rule(location="$.result.score.max", presence="included"),
)


def _of_pairing(verb: Verb, key: str, label: str, definition: str) -> Template:
    program = Rule(location=_PARENT, presence="included", any=(v.MENTORING_PROGRAMME.iri,))
    mentor = Rule(
        location="$.context.instructor.account",
        presence="recommended",
        note="The mentor. A circle of peers has none.",
    )
    rules = (*_ALWAYS, _OF_A_RUN, program, mentor)
    return Template(key=key, label=label, definition=definition, verb=verb, kind=v.MENTORING_PAIRING, rules=rules)


def _within(verb: Verb, kind: ActivityType, key: str, label: str, definition: str, *more: Rule) -> Template:
    pairing = Rule(location=_PARENT, presence="included", any=(v.MENTORING_PAIRING.iri,))
    rules = (*_ALWAYS, _OF_A_RUN, pairing, *more)
    return Template(key=key, label=label, definition=definition, verb=verb, kind=kind, rules=rules)


def _of_meeting(verb: Verb, key: str, label: str, definition: str) -> Template:
    start = Rule(location=f"$.context.extensions['{v.PLANNED_START.iri}']", presence="included")
    length = Rule(location=f"$.context.extensions['{v.PLANNED_DURATION.iri}']", presence="included")
    return _within(verb, v.MEETING, key, label, definition, start, length)


def _of_attempt(verb: Verb, key: str, label: str, definition: str) -> Template:
    more = (
        _OF_A_RUN,
        Rule(location=f"$.context.extensions['{v.ATTEMPT_ID.iri}']", presence="included"),
        *_SCORE,
        Rule(location="$.result.success", presence="included"),
        Rule(location="$.result.completion", presence="included"),
        Rule(location="$.result.duration", presence="included"),
    )
    rules = (*_ALWAYS, *more)
    return Template(key=key, label=label, definition=definition, verb=verb, kind=v.ASSESSMENT, rules=rules)


COURSE_ENTERED = Template(
    key="course-entered",
    label="Course entered",
    definition="Somebody opened the tool from the page of a course.",
    verb=v.INITIALIZED,
    kind=v.COURSE,
    # The course itself is the object: nothing stands around it.
    rules=[rule for rule in _ALWAYS if "grouping" not in rule.location],
)
PROGRAM_JOINED = Template(
    key="program-joined",
    label="Program joined",
    definition="Somebody said that they take part in a mentoring program.",
    verb=v.REGISTERED,
    kind=v.MENTORING_PROGRAMME,
    rules=_ALWAYS,
)

ASSIGNED = _of_pairing(
    v.ASSIGNED,
    "mentorship-assigned",
    "Mentorship assigned",
    "An instructor paired a mentee with a mentor, or put people together in a circle; nobody had to agree.",
)
ACCEPTED = _of_pairing(
    v.ACCEPTED, "mentorship-accepted", "Mentorship accepted", "Whoever was asked last said yes to being a pair."
)
WAS_ASSIGNED = _of_pairing(
    v.WAS_ASSIGNED,
    "mentorship-was-assigned",
    "Mentee has a mentor",
    "The other side of an assignment: the mentee, or one of a circle, is in it from here on.",
)
DECLINED = _of_pairing(v.REJECTED, "mentorship-declined", "Mentorship declined", "Somebody who was asked said no.")
EXPIRED = _of_pairing(
    v.EXPIRED, "mentorship-expired", "Ask expired", "Nobody answered in time; this installation says so."
)
CANCELLED = _of_pairing(
    v.CANCELLED,
    "mentorship-cancelled",
    "Mentorship cancelled",
    "It ended before it began.",
)
BEGAN = _of_pairing(v.STARTED, "mentorship-began", "Mentorship began", "The people of it have met for the first time.")
PAUSED = _of_pairing(v.SUSPENDED, "mentorship-paused", "Mentorship paused", "Its people rest for a while.")
RESUMED = _of_pairing(v.RESUMED, "mentorship-resumed", "Mentorship resumed", "They go on.")
STALLED = _of_pairing(
    v.STALLED,
    "mentorship-stalled",
    "Mentorship stalled",
    "It fades: no meeting for too long, or too much overdue. The tool says so, once, until it recovers.",
)
RECOVERED = _of_pairing(
    v.RECOVERED, "mentorship-recovered", "Mentorship recovered", "It had stalled and does so no longer."
)
COMPLETED = _of_pairing(
    v.COMPLETED, "mentorship-completed", "Mentorship completed", "It came to its planned end, whoever said so."
)
ENDED = _of_pairing(
    v.TERMINATED, "mentorship-ended", "Mentorship ended early", "It ended after it had begun, and not as planned."
)
REMATCHED = _of_pairing(
    v.REPLACED, "mentorship-rematched", "Mentee rematched", "It ended because its mentee has another mentor."
)

TASK_GIVEN = _within(
    v.ASSIGNED, v.MENTORING_TASK, "task-given", "Task given", "Somebody gave a task to the others of a mentorship."
)
TASK_GOT = _within(
    v.WAS_ASSIGNED, v.MENTORING_TASK, "task-got", "Task got", "The other side of it: somebody has a task."
)
TASK_DONE = _within(
    v.COMPLETED, v.MENTORING_TASK, "task-done", "Task or step done", "Somebody says that a task or step is done."
)
AGREEMENT_SIGNED = _within(
    v.ACCEPTED,
    v.MENTORING_AGREEMENT,
    "agreement-signed",
    "Agreement signed",
    "Somebody signed the newest version of what the people of a mentorship agree on.",
)
GOAL_SET = _within(v.DEFINED, v.GOAL, "goal-set", "Goal set", "Somebody has a goal from here on; none of its words.")
GOAL_PROGRESSED = _within(
    v.PROGRESSED,
    v.GOAL,
    "goal-progressed",
    "Goal progressed",
    "Something was done for a goal.",
    Rule(location=f"$.result.extensions['{v.PROGRESS.iri}']", presence="included", note="In steps of 25."),
)
GOAL_REACHED = _within(
    v.COMPLETED,
    v.GOAL,
    "goal-reached",
    "Goal reached",
    "A goal is reached, as whose it is says.",
    Rule(location="$.result.completion", presence="included"),
)
LINK_SHARED = _within(
    v.SHARED, v.LINK, "link-shared", "Link shared", "Somebody shared a link; neither its title nor where it leads."
)
FILE_SHARED = _within(v.SHARED, v.FILE, "file-shared", "File shared", "Somebody shared a file; none of its content.")
MEETING_SCHEDULED = _of_meeting(
    v.SCHEDULED, "meeting-scheduled", "Meeting scheduled", "Somebody booked a meeting of a mentorship."
)
MEETING_MISSED = _of_meeting(
    v.MISSED,
    "meeting-missed",
    "Meeting missed",
    "A meeting did not take place; the tool says so, nobody is blamed.",
)
MEETING_ATTENDED = _within(
    v.ATTENDED,
    v.MEETING,
    "meeting-attended",
    "Meeting attended",
    "Somebody says of themselves that they were there: the meeting was held.",
    Rule(location=f"$.context.extensions['{v.PLANNED_START.iri}']", presence="included"),
    Rule(location="$.result.duration", presence="included", note="As planned; nobody measures."),
)
CHECK_IN_ANSWERED = _within(
    v.ANSWERED,
    v.MENTORING_CHECK_IN,
    "check-in-answered",
    "Check-in answered",
    "Somebody outside, such as a manager, said what change they see. Neither who nor what.",
)

_ANSWER_RULES = tuple(rule for rule in _ALWAYS if rule.location != "$.result.response")
QUESTION_ANSWERED = Template(
    key="question-answered",
    label="Question answered",
    definition="An answer of an attempt that was handed in; marked, unless people have yet to mark it.",
    verb=v.ANSWERED,
    kind=v.INTERACTION,
    parent=v.ASSESSMENT,
    rules=(
        *_ANSWER_RULES,
        _OF_A_RUN,
        Rule(location=f"$.context.extensions['{v.ATTEMPT_ID.iri}']", presence="included"),
        Rule(location="$.result.response", presence="recommended", note="Never what somebody wrote in own words."),
    ),
)
ATTEMPT_COMPLETED = _of_attempt(
    v.COMPLETED, "attempt-completed", "Attempt completed", "An attempt is handed in and marked to its last answer."
)
ATTEMPT_PASSED = _of_attempt(v.PASSED, "attempt-passed", "Attempt passed", "It earned what the quiz asks for.")
ATTEMPT_FAILED = _of_attempt(v.FAILED, "attempt-failed", "Attempt failed", "It earned less than the quiz asks for.")

REVIEW_PROGRESSED = Template(
    key="review-progressed",
    label="Review progressed",
    definition="How far somebody has come with all the answers they were asked for; about whom, no statement says.",
    verb=v.PROGRESSED,
    kind=v.REVIEW_360,
    rules=(
        *_ALWAYS,
        Rule(location=f"$.result.extensions['{v.PROGRESS.iri}']", presence="included"),
        _NO_RUN,
    ),
)
REVIEW_RELEASED = Template(
    key="review-released",
    label="Review released",
    definition="What all others together said of a competency of somebody, as it was published; the tool says so.",
    verb=v.EVALUATED,
    parent=v.REVIEW_360,
    rules=(
        *_ALWAYS,
        Rule(location="$.object.account", presence="included", note="Whom the review is about."),
        *_SCORE,
        Rule(location="$.result.score.min", presence="included"),
        _NO_RUN,
    ),
)

TEMPLATES: tuple[Template, ...] = tuple(found for found in list(globals().values()) if isinstance(found, Template))
