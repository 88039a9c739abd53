"""What happens in mentoring, told as postcards. What people wrote, and why they said no, stands on none of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lti_tool.events import Event, Where, Who


@dataclass(frozen=True, kw_only=True)
class OfProgram(Event):
    """Something that happened between people whom a program has brought together."""

    where: Where
    kind: str
    """What people call this kind of mentor, or one of a circle."""
    program: str
    """The program's public id."""
    program_title: str
    cohort: str = ""
    """The public id of the program's run; empty on postcards from before runs stood on them."""
    cohort_title: str = ""


@dataclass(frozen=True, kw_only=True)
class ProgramJoined(Event):
    """Somebody says of themselves that they take part in a program, as whatever it has them for."""

    who: Who
    where: Where
    program: str
    """The program's public id."""
    program_title: str
    cohort: str = ""
    """The public id of its run, as above."""
    cohort_title: str = ""


@dataclass(frozen=True, kw_only=True)
class OfPeople(OfProgram):
    """Something that happened to several people alike."""

    people: tuple[Who, ...]
    """Who belongs together from here on; of what is over, who did to the last."""

    @property
    def whose(self) -> Who:
        """Somebody of the platform that it happened at; they are all of one."""
        return self.people[0]


@dataclass(frozen=True, kw_only=True)
class OfMentorship(OfProgram):
    """Something that happened to a mentorship, or to what was to become one."""

    mentee: Who
    mentor: Who
    mentorship: str
    """The mentorship's public id."""


@dataclass(frozen=True, kw_only=True)
class MentorshipProposed(OfMentorship):
    """Somebody was asked whether they would be a pair."""

    by: Who | None
    """Who asks: an instructor, or the mentee; nobody where an ask was passed on by itself."""
    origin: str
    """`request` by the mentee, `run` of the engine, or `assigned` by hand."""


@dataclass(frozen=True, kw_only=True)
class MentorAssigned(OfMentorship):
    """A mentee has a mentor: an instructor paired them and nobody had to agree, or everybody asked said yes."""

    by: Who
    """The instructor, or whoever said the last yes."""
    is_agreed: bool = False
    """Whether somebody was asked first."""


@dataclass(frozen=True, kw_only=True)
class MoreAsked(OfMentorship):
    """The mentor asked back before they answer."""


@dataclass(frozen=True, kw_only=True)
class MoreAnswered(OfMentorship):
    """The mentee told the mentor what they wanted to know."""


@dataclass(frozen=True, kw_only=True)
class MentorshipDeclined(OfMentorship):
    """Somebody who was asked said no."""

    by: Who


@dataclass(frozen=True, kw_only=True)
class MentorshipWithdrawn(OfMentorship):
    """Whoever asked, or an instructor, took the ask back."""

    by: Who


@dataclass(frozen=True, kw_only=True)
class MentorshipExpired(OfMentorship):
    """Nobody answered in time."""

    silent: str
    """Whose turn it was: `mentor` or `mentee`."""


@dataclass(frozen=True, kw_only=True)
class MentorshipSuperseded(OfMentorship):
    """An ask came to nothing by itself."""

    reason: str
    """A code: `other_accepted`, `mentee_left`, `mentor_left` or `kept_apart`."""


@dataclass(frozen=True, kw_only=True)
class MentorshipBegan(OfMentorship):
    """The two have met for the first time."""


@dataclass(frozen=True, kw_only=True)
class MentorshipPaused(OfMentorship):
    """The two rest for a while."""


@dataclass(frozen=True, kw_only=True)
class MentorshipResumed(OfMentorship):
    """They go on."""


@dataclass(frozen=True, kw_only=True)
class MentorSubstituted(OfMentorship):
    """Somebody mentors in the place of another; `mentor` is who does so from now on."""

    by: Who
    instead_of: Who


@dataclass(frozen=True, kw_only=True)
class MentorshipCompleted(OfMentorship):
    """A mentorship came to its planned end."""

    by: Who | None
    """Nobody where the clock completed it."""


@dataclass(frozen=True, kw_only=True)
class MentorshipEnded(OfMentorship):
    """A mentorship came to an end that was not its completion."""

    by: Who | None
    """Nobody where the clock ended it, and where one of the two did: no blame leaves."""
    outcome: str
    """`cancelled` before it began, `ended_early` after."""
    reason: str
    """A code: `unpaired` by an instructor; `mentee_left` or `mentor_left` who did not return to the course;
    `never_began`; `rematched`. Empty where one of the two ended it: why is theirs."""


@dataclass(frozen=True, kw_only=True)
class OfCircle(OfPeople):
    """Something that happened to a circle of peers, in which nobody stands above the others."""

    circle: str
    """The circle's public id."""


@dataclass(frozen=True, kw_only=True)
class CircleFormed(OfCircle):
    """People are in a circle from now on: an instructor published it."""

    by: Who


@dataclass(frozen=True, kw_only=True)
class CircleBegan(OfCircle):
    """They have met for the first time."""


@dataclass(frozen=True, kw_only=True)
class CirclePaused(OfCircle):
    """They rest for a while."""


@dataclass(frozen=True, kw_only=True)
class CircleResumed(OfCircle):
    """They go on."""


@dataclass(frozen=True, kw_only=True)
class CircleJoined(OfCircle):
    """Somebody came into a circle that there was."""

    who: Who
    by: Who


@dataclass(frozen=True, kw_only=True)
class CircleLeft(OfCircle):
    """Somebody is in it no longer, and the others go on."""

    who: Who
    by: Who | None
    """The instructor who took them out; nobody where they left themselves, or the course: no blame leaves."""
    reason: str
    """A code: `taken_out` by an instructor, or `member_left` who did not return to the course. Empty where they left
    themselves: why is theirs."""


@dataclass(frozen=True, kw_only=True)
class CircleCompleted(OfCircle):
    """A circle came to its planned end."""

    by: Who | None
    """Nobody where the clock completed it."""


@dataclass(frozen=True, kw_only=True)
class CircleEnded(OfCircle):
    """A circle came to an end that was not its completion."""

    by: Who | None
    """The instructor who ended it; nobody where too few were left."""
    outcome: str
    """`cancelled` before it began, `ended_early` after."""
    reason: str
    """A code: `too_few_left`, `never_began`, or why an instructor ended it."""


@dataclass(frozen=True, kw_only=True)
class OfMember(OfProgram):
    """Something that one of the people of a mentorship, a pair or a circle, did or reached within it."""

    who: Who
    mentorship: str
    """The mentorship's public id."""
    is_circle: bool


@dataclass(frozen=True, kw_only=True)
class TaskDone(OfMember):
    """Somebody says that a task of the mentorship is done. What it is called may be a mentor's own words, and stays."""

    task: str
    """The task's public id."""


@dataclass(frozen=True, kw_only=True)
class TaskGiven(OfMember):
    """Somebody gave a task to those who belong to the mentorship with them. Its words are theirs, and stay."""

    task: str
    """The task's public id."""
    to: tuple[Who, ...]


@dataclass(frozen=True, kw_only=True)
class OfGoal(OfMember):
    """Something that happened to a goal; `who` is whose goal it is. None of its words."""

    goal: str
    """The goal's public id."""
    by: Who
    """Who says so: mostly they themselves."""


@dataclass(frozen=True, kw_only=True)
class GoalSet(OfGoal):
    """Somebody has a goal from now on."""


@dataclass(frozen=True, kw_only=True)
class GoalChanged(OfGoal):
    """It is put otherwise, or is due on another day."""


@dataclass(frozen=True, kw_only=True)
class GoalProgressed(OfGoal):
    """Something was done for it."""

    far: str
    """How far it is: `not_begun`, `begun`, `half_way` or `nearly`."""


@dataclass(frozen=True, kw_only=True)
class GoalReached(OfGoal):
    """It is reached, as whose goal it is says."""


@dataclass(frozen=True, kw_only=True)
class GoalDropped(OfGoal):
    """They let it go."""


@dataclass(frozen=True, kw_only=True)
class GoalReopened(OfGoal):
    """It is open again."""


@dataclass(frozen=True, kw_only=True)
class StepDone(OfMember):
    """Somebody says that they have read or done what a step of the program asks; a quiz or a task says so itself."""

    step: str
    """The public id of its entry on the timeline."""


@dataclass(frozen=True, kw_only=True)
class MilestoneReached(OfPeople):
    """One of the six events of a timeline has come in a mentorship, for the first time.

    Told to whoever opens something by it, not to learning record stores: what reached it is told itself.
    """

    mentorship: str
    """The mentorship's public id."""
    is_circle: bool
    step: str
    """Which of the six, as the timeline calls it: `kick_off`, `outline`, ..."""


@dataclass(frozen=True, kw_only=True)
class OfMentorshipOrCircle(OfPeople):
    """Something that was noticed about a mentorship, be it a pair or a circle."""

    mentorship: str
    """The mentorship's public id."""
    is_circle: bool


@dataclass(frozen=True, kw_only=True)
class MentorshipStalled(OfMentorshipOrCircle):
    """It fades: its people have not met for too long, or too much of what they meant to do is overdue."""


@dataclass(frozen=True, kw_only=True)
class MentorshipRecovered(OfMentorshipOrCircle):
    """It fades no longer, and is still under way."""


@dataclass(frozen=True, kw_only=True)
class OfSlot(OfProgram):
    """Something that happened to a time which a mentor offers to whoever books it."""

    who: Who
    """The mentor."""
    slot: str
    """Its public id."""
    starts: datetime
    minutes: int
    seats: int


@dataclass(frozen=True, kw_only=True)
class SlotPublished(OfSlot):
    """A mentor offers a time."""


@dataclass(frozen=True, kw_only=True)
class SlotMoved(OfSlot):
    """They offer it at another time, or otherwise than before; whoever had booked it is told."""


@dataclass(frozen=True, kw_only=True)
class SlotWithdrawn(OfSlot):
    """They do not offer it any more; whoever had booked it is told."""


@dataclass(frozen=True, kw_only=True)
class OfAgreement(OfMember):
    """Something that happened to a version of what the people of a mentorship agree on; none of its words."""

    agreement: str
    """The version's public id."""
    version: int
    """Counts the versions of one mentorship, from 1."""


@dataclass(frozen=True, kw_only=True)
class AgreementProposed(OfAgreement):
    """Somebody wrote down what they agree on, or wants it changed."""


@dataclass(frozen=True, kw_only=True)
class AgreementSigned(OfAgreement):
    """Somebody signed the newest version."""

    is_by_all: bool
    """Whether nobody is left to sign: it holds."""


@dataclass(frozen=True, kw_only=True)
class OfMeeting(OfPeople):
    """Something that happened to a meeting of the people of a mentorship. What they talk about stands on none."""

    mentorship: str
    """The mentorship's public id."""
    is_circle: bool
    meeting: str
    """The meeting's public id."""
    starts: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class MeetingScheduled(OfMeeting):
    """One of them booked a meeting."""

    by: Who


@dataclass(frozen=True, kw_only=True)
class MeetingRescheduled(OfMeeting):
    """One of them moved it to another time."""

    by: Who


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(OfMeeting):
    """It will not take place. Who called it off and why is nobody's business: no blame leaves."""


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(OfMeeting):
    """It took place, as the first who was there says."""


@dataclass(frozen=True, kw_only=True)
class MeetingMissed(OfMeeting):
    """It did not take place, and nobody had called it off."""


@dataclass(frozen=True, kw_only=True)
class MeetingAttended(OfMember):
    """Somebody says of themselves that they were there."""

    meeting: str
    """The meeting's public id."""
    starts: datetime
    minutes: int


@dataclass(frozen=True, kw_only=True)
class CheckInAnswered(OfPeople):
    """Somebody outside, such as the mentee's manager, said what change they see. Neither who nor what stands here."""

    mentorship: str
    """The mentorship's public id."""
    is_circle: bool
    check_in: str
    """The check-in's public id."""


@dataclass(frozen=True, kw_only=True)
class ResourceShared(OfMember):
    """Somebody shared a link or a file with the others of a mentorship; what it is called and where it leads, stays."""

    resource: str
    """The resource's public id."""
    is_file: bool


@dataclass(frozen=True, kw_only=True)
class MessageWritten(OfMember):
    """Somebody wrote to the others of a mentorship; none of the words. For nudges, not for learning record stores."""

    message: str
    """The message's public id."""


@dataclass(frozen=True, kw_only=True)
class NudgesSent(Event):
    """Somebody was reminded of what waits in their mentorships, in that day's one notice."""

    who: Who
    where: Where
    """The course in which the notice stands; some of what waits may be in others."""
    rules: tuple[str, ...]
    """Of what, one for each thing that waits, by the keys of the rules."""


@dataclass(frozen=True, kw_only=True)
class AnswerAwaited(Event):
    """Somebody was asked whether they take part, has not answered in the time the program gives, and is reminded."""

    who: Who
    where: Where
    program: str
    program_title: str
    asked: datetime


@dataclass(frozen=True, kw_only=True)
class PersonLetIn(Event):
    """An instructor has put somebody down for a run, or let them in from its waiting list."""

    who: Who
    where: Where
    cohort: str
    """The public id of the program's run."""


@dataclass(frozen=True, kw_only=True)
class ReadyForMatching(Event):
    """Somebody of a run that takes newcomers in has become ready to be matched.

    Told to whoever matches, not to learning record stores: nobody has experienced anything yet.
    """

    where: Where
    cohort: str
    """The cohort's public id."""
    program: str


@dataclass(frozen=True, kw_only=True)
class ThanksGiven(OfMember):
    """One of its people thanked another. The words are for whom they were written to."""

    to: Who


@dataclass(frozen=True, kw_only=True)
class ClosureAnswered(OfMember):
    """Somebody said what comes next for them, or changed their mind. What it is is theirs."""
