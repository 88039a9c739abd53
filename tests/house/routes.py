"""Every address of the tool: how to fill it in, and who may come in without a launch.

Somebody adds a page: if its address has a new part, `FILLERS` wants to know what to put there. If it is open to
people who were not launched into a course, `PUBLIC` wants to know why.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from lti_tool import clock, uploads
from lti_tool.arrivals.sessions import BrowserSession
from lti_tool.contacts.models import Outsider
from lti_tool.db import find_or_create, new_public_id
from lti_tool.gradebook import GradeColumn
from lti_tool.models import Course, Deployment, Enrolment, Person, Role, Standing
from lti_tool.notifying.models import PersonalNotice
from lti_tool.placing.copies import CourseCopy
from lti_tool.placing.deep_linking import LinkRequest
from mentoring.mentorships.models import Membership, Mentorship, Part, Task
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import TimelineEntry
from mentoring.pairing.assigning import Pair, assign
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs import keeping
from mentoring.pairing.runs.beginning import begin, open_run
from mentoring.participants import excluding
from mentoring.participants.joining import join
from mentoring.participants.models import Exclusion
from mentoring.participants.offering import Offering, offer
from mentoring.participants.queries import participants_of
from mentoring.programs.choices import Channel
from mentoring.programs.starting import ensure
from mentoring.together.concerns.models import Concern, Topic
from mentoring.together.conversation.models import Message
from mentoring.together.goals.models import Goal
from mentoring.together.meetings.models import Meeting, Occasion
from mentoring.together.notebook.models import NotebookEntry
from mentoring.together.notes.models import Note, Visibility
from mentoring.together.resources.models import Resource
from mentoring.together.thanks.models import Thanks
from quizzes import closing, offering, starting
from quizzes.accommodations import overriding
from quizzes.accommodations.overrides import Override
from quizzes.bank import sorting, writing
from quizzes.bank.models import Picture, Sound
from quizzes.exchange.bringing import staging
from quizzes.exchange.bringing.models import ImportedPicture, ImportedQuestion, ImportState, QuestionImport
from quizzes.formats.model import Question as Told
from quizzes.kinds import Kind
from quizzes.marks.judging import Policy
from quizzes.marks.models import RegradeRun
from quizzes.marks.models import RunState as RegradeState
from quizzes.models import AnswerFile, Attempt, Quiz
from quizzes.questions import Bank, Category, Question, QuestionState
from quizzes.reports.exporting.models import QuizExport
from quizzes.rich import TextFormat
from quizzes.timing import Instead
from reviews.campaigns import arranging, making, nominating, running
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import EXTERNAL, PEER, REPORT, CampaignKind
from reviews.disclosure import Published, Words
from reviews.instruments import versions
from reviews.instruments.ready_made import ready_made
from reviews.results.concluding import Conclusions
from reviews.results.models import ReportSnapshot
from reviews.results.published import Report
from tests.cast import THEN, Cast

PIXEL_KEY = "0123456789abcdef0123456789abcdef"
SECRET_WORD = "Geheim"
"""Stands in every name and title of the course that strangers must not see."""

PUBLIC = {
    "static": "stylesheets and scripts",
    "quizzes.static": "stylesheets and scripts",
    "review_answers.static": "stylesheets and scripts",
    "lti.front": "says what this is",
    "lti.healthz": "alive or not",
    "lti.readyz": "ready or not",
    "lti.jwks": "public keys",
    "lti.login": "the LMS knocks before anybody is known",
    "lti.launch": "the token says who it is",
    "lti.open_window": "a one-time ticket from a page of ours",
    "lti.notices": "each notice is signed by its platform",
    "lti.check": "a door for operators, who type in a code",
    "lti.check_code": "where that code is typed in",
    "lti.check_platform": "asks for the operator's own session",
    "lti.check_again": "asks for the operator's own session",
    "lti.metrics": "answers on this machine only",
    "lti.check_end": "asks for the operator's own session",
    "registration.ask": "a one-time invitation",
    "registration.register": "a one-time invitation",
    "unsubscribing.ask": "a secret address in a mail",
    "unsubscribing.unsubscribe": "a secret address in a mail",
    "profile.newest": "the published xAPI profile",
    "profile.version": "the published xAPI profile",
    "calendar.feed": "a secret address that calendar programs read",
    **dict.fromkeys(
        ("check_in.ask", "check_in.answer", "check_in.ask_to_stop", "check_in.stop"), "a secret address in a mail"
    ),
    **dict.fromkeys(
        (f"review_outside.{each}" for each in ("page", "begin", "answer", "draft", "again")),
        "a secret address in a mail",
    ),
    **dict.fromkeys(
        (f"review_outside.{each}" for each in ("ask_to_decline", "decline", "ask_to_stop", "stop")),
        "a secret address in a mail",
    ),
    **dict.fromkeys(
        (f"{each}.{act}" for each in ("quiz_report", "progress_report") for act in ("ask_to_stop", "stop")),
        "a secret address in a mail",
    ),
    "registration.canvas": "how to add the tool to Canvas",
    "lrs.statements": "asks for a credential",
    **{
        f"lrs.{each}": "asks for a credential"
        for each in ("activities", "agents", "state", "agent_profile", "activity_profile")
    },
    "lrs.about": "which version stands here, as xAPI wants",
    "lrs.elsewhere": "says that there is nothing",
}
"""Pages without a course in their address and without a launch, and why they may be."""
OF_NO_COURSE = {
    "course",
    "place",
    "why",
    "section",
    "ready_made",
    "notebook_entry_id",
    "rule",
    "asked_id",
    "what",
    "form",
    "qti",
    "section_n",
    "slot_n",
    "group_key",
    "part_n",
    "key",
}
"""Parts of addresses that name nothing which belongs to one course; a notebook is its person's in all of them."""
BETWEEN_THEM = ("meetings.", "thanks.", "conversation.", "resources.share")
"""How the names of pages begin that instructors have no part in, but those who mentor."""
OWN_SESSION = {"deep_linking.choose_anywhere", "deep_linking.place_anywhere"}
"""Open to nobody but the browser session that was launched for it."""


@dataclass
class School:
    """One course with something of everything in it, and somebody in every role."""

    session: Session
    course: Course
    people: dict[Role, Enrolment] = field(default_factory=dict)
    clients: dict[Role, FlaskClient] = field(default_factory=dict)
    browsers: dict[Role, int] = field(default_factory=dict)
    """The row of each role's browser session."""
    quiz: Quiz = field(init=False)
    handed_in: Attempt = field(init=False)
    running: Attempt = field(init=False)
    mentorship: Mentorship = field(init=False)
    assistants: Mentorship = field(init=False)
    """The one in which the assistant is a mentee, with another mentor."""
    column: GradeColumn = field(init=False)
    copy: CourseCopy = field(init=False)
    mentor: Enrolment = field(init=False)

    def enrol_everybody(self, app: Flask) -> None:
        """Somebody in every role, called by it, and visiting."""
        for role in Role:
            person = self.people[role] = enrolled(self.session, self.course, role.value, role)
            self.clients[role] = Cast(self.session).visit(app.test_client(), person)
            self.browsers[role] = self.session.scalars(
                select(BrowserSession.id).where(BrowserSession.person_id == person.person_id)
            ).all()[-1]

    def fill(self) -> None:
        """Put something of everything into the course."""
        learner, at = self.people[Role.LEARNER], clock.now()
        self.mentor = enrolled(self.session, self.course, "mentor of others", Role.LEARNER)
        own_mentor = enrolled(self.session, self.course, "mentor", Role.LEARNER)
        self.mentorship = self._pair(learner, own_mentor)
        self.assistants = self._pair(self.people[Role.ASSISTANT], self.mentor)
        self.quiz = offering.offer(self.session, self.course, at=at)
        self.session.commit()
        self.handed_in = starting.start(self.session, self.quiz, learner, seed=b"1" * 16, at=at)
        closing.hand_in(self.session, self.handed_in, {}, at=at)
        self.running = starting.start(self.session, self.quiz, learner, seed=b"2" * 16, at=at)
        self.session.commit()
        self.column = GradeColumn(
            course_id=self.course.id, activity="exam:final", title=f"{SECRET_WORD} exam", maximum=1.0, created=THEN
        )
        origin = course_of(self.session, self.course.deployment, f"{SECRET_WORD} origin {self.course.id}")
        self.copy = CourseCopy(course_id=self.course.id, origin_id=origin.id, recognized=THEN)
        self.session.add_all([self.column, self.copy])
        self.session.commit()

    def _pair(self, mentee: Enrolment, mentor: Enrolment) -> Mentorship:
        cohort = ensure(self.session, self.course, at=THEN)
        assert offer(self.session, cohort, [Offering(mentor, 3)], at=THEN) == []
        wanted = [Pair(mentee, mentor, cohort.version.kinds[0])]
        [made] = assign(self.session, cohort, wanted, by=self.people[Role.INSTRUCTOR], at=THEN).made
        self.session.commit()
        return made

    def task_in(self, mentorship: Mentorship) -> Task:
        task = Task(mentorship_id=mentorship.id, part=Part.MENTOR, title=f"{SECRET_WORD} task", due=THEN)
        self.session.add(task)
        self.session.commit()
        return task

    def entry_in(self, mentorship: Mentorship) -> TimelineEntry:
        entry = TimelineEntry(mentorship_id=mentorship.id, title=f"{SECRET_WORD} entry", due=THEN)
        self.session.add(entry)
        self.session.commit()
        return entry

    def mentorship_of(self, role: Role, endpoint: str = "") -> Mentorship:
        """One that somebody in this role may see; where only its people may, one that they are in."""
        if endpoint.startswith("closure."):
            return self._over_for(role)
        if role is Role.INSTRUCTOR and endpoint.startswith(BETWEEN_THEM):
            return self.instructors
        return self.assistants if role is Role.ASSISTANT else self.mentorship

    def _over_for(self, role: Role) -> Mentorship:
        """One that somebody in this role can look back on."""
        cohort = ensure(self.session, self.course, at=THEN)
        mentee = enrolled(self.session, self.course, f"mentee {new_public_id()}", Role.LEARNER)
        people = [self.people[role], mentee]
        join(self.session, cohort, people, at=THEN)
        parts = participants_of(self.session, cohort)
        over = Mentorship(cohort=cohort, kind=cohort.version.kinds[0], state=MentorshipState.COMPLETED)
        over.started = over.created = THEN
        over.ended = clock.now()
        over.members = [
            Membership(participant=parts[person.id], part=part, since=THEN, until=over.ended)
            for person, part in zip(people, (Part.MENTOR, Part.MENTEE), strict=True)
        ]
        self.session.add(over)
        self.session.commit()
        return over

    @cached_property
    def instructors(self) -> Mentorship:
        """One in which the instructor mentors."""
        mentee = enrolled(self.session, self.course, "mentee of the instructor", Role.LEARNER)
        return self._pair(mentee, self.people[Role.INSTRUCTOR])

    def meeting_of(self, role: Role) -> Meeting:
        """A meeting in the mentorship of somebody in this role."""
        mentorship = self.mentorship_of(role, "meetings.")
        meeting = Meeting(
            mentorship_id=mentorship.id,
            starts=clock.now() + timedelta(days=1),
            minutes=60,
            timezone="UTC",
            channel=Channel.ANY,
            place=f"{SECRET_WORD} place",
            planned_by=mentorship.mentee,
            created=THEN,
            changed=THEN,
        )
        self.session.add(meeting)
        self.session.commit()
        return meeting

    def regrade_of(self, endpoint: str) -> RegradeRun:
        """Marking the quiz anew, as somebody has left it."""
        run = RegradeRun(
            quiz_id=self.quiz.id,
            policy=Policy.NEW_VERSION,
            state=RegradeState.LOOKED if endpoint == "marks.regrade_now" else RegradeState.DONE,
            reason=f"{SECRET_WORD} reason",
            by_id=self.people[Role.INSTRUCTOR].id,
            asked=THEN,
        )
        self.session.add(run)
        self.session.commit()
        return run

    @cached_property
    def second(self) -> Enrolment:
        """Another instructor, who is in no mentorship."""
        return enrolled(self.session, self.course, "second instructor", Role.INSTRUCTOR)

    def concern_of(self, role: Role) -> Concern:
        """What somebody in this role has raised with the second instructor."""
        concern = Concern(
            raised_by_id=self.people[role].id,
            owner_id=self.second.id,
            owner_since=THEN,
            topic=Topic.OTHER,
            words=f"{SECRET_WORD} concern",
            created=THEN,
            changed=THEN,
        )
        self.session.add(concern)
        self.session.commit()
        return concern

    def other_of(self, role: Role) -> Enrolment:
        """Whom somebody in this role is in a mentorship with."""
        mentorship = self.mentorship_of(role, "meetings.")
        return (mentorship.mentee if role is Role.INSTRUCTOR else mentorship.mentor).enrolment

    def goal_of(self, role: Role) -> Goal:
        """A goal of the mentee's in the mentorship of somebody in this role."""
        mentorship = self.mentorship_of(role, "goals.")
        goal = Goal(
            mentorship_id=mentorship.id,
            participant_id=mentorship.mentee.id,
            statement=f"{SECRET_WORD} goal",
            due=clock.now() + timedelta(days=30),
            created=THEN,
            moved=THEN,
        )
        self.session.add(goal)
        self.session.commit()
        return goal

    def thanks_of(self, role: Role) -> Thanks:
        """What somebody in this role was thanked for."""
        mentorship = self.mentorship_of(role, "thanks.")
        mine = [person for person in mentorship.people if person.enrolment_id == self.people[role].id]
        thanks = Thanks(mentorship=mentorship, to=[*mine, mentorship.mentee][0], words=f"{SECRET_WORD} thanks", at=THEN)
        self.session.add(thanks)
        self.session.commit()
        return thanks

    def note_of(self, role: Role) -> Note:
        """What somebody in this role wrote at a mentorship they may see."""
        note = Note(mentorship_id=self.mentorship_of(role).id, author_id=self.people[role].id, written=THEN)
        note.say(f"{SECRET_WORD} note", Visibility.PRIVATE, at=THEN)
        self.session.add(note)
        self.session.commit()
        return note

    def notebook_entry_of(self, role: Role) -> NotebookEntry:
        """What somebody in this role wrote for themselves."""
        entry = NotebookEntry(person_id=self.people[role].person_id, written=THEN)
        entry.say(f"{SECRET_WORD} entry", at=THEN)
        self.session.add(entry)
        self.session.commit()
        return entry

    def message_of(self, role: Role) -> Message:
        """A message that somebody in this role wrote."""
        mentorship = self.mentorship_of(role, "conversation.")
        mine = [each for each in mentorship.people if each.enrolment_id == self.people[role].id]
        author = mine[0] if mine else mentorship.mentee
        told = {"words": f"{SECRET_WORD} words", "written": clock.now(), "told": clock.now()}
        message = Message(mentorship_id=mentorship.id, by_id=author.id, token=new_public_id(), **told)
        self.session.add(message)
        self.session.commit()
        return message

    def resource_of(self, role: Role, endpoint: str) -> Resource:
        """A file of the program, or one in the mentorship of somebody in this role that they shared."""
        mentorship = self.mentorship_of(role, endpoint)
        is_program = endpoint in ("resources.program_file", "resources.remove_from_program")
        whose = {"program_id": mentorship.cohort.program.id} if is_program else {"mentorship_id": mentorship.id}
        told = {"title": f"{SECRET_WORD} title", "file": secrets.token_hex(16), "file_name": "a.pdf", "kind": "pdf"}
        resource = Resource(by_id=self.people[role].id, token=new_public_id(), created=THEN, **whose, **told)
        self.session.add(resource)
        self.session.commit()
        return resource

    def export_of(self, role: Role) -> QuizExport:
        """A table that somebody in this role asked for, not made yet."""
        asked = QuizExport(
            quiz_id=self.quiz.id, asked_by_id=self.people[role].id, what="class", form="csv", asked=clock.now()
        )
        self.session.add(asked)
        self.session.commit()
        return asked

    def occasion_of(self, role: Role) -> Occasion:
        """A meeting with several that the mentor of somebody in this role gives, or the instructor themselves."""
        meeting = self.meeting_of(role)
        occasion = Occasion(
            mentor_id=meeting.mentorship.mentor.id,
            is_slot=False,
            starts=meeting.starts,
            minutes=60,
            timezone="UTC",
            channel=Channel.ANY,
            place=f"{SECRET_WORD} place",
            agenda=f"{SECRET_WORD} agenda",
            seats=2,
            created=THEN,
        )
        self.session.add(occasion)
        meeting.occasion = occasion
        self.session.commit()
        return occasion

    @cached_property
    def reviewed(self) -> Target:
        """The learner, about whom answers are collected."""
        by, at = self.people[Role.INSTRUCTOR], clock.now()
        instrument = versions.take_over(self.session, self.course, ready_made()["mentoring_competencies"], at=at)
        title, closes = f"{SECRET_WORD} review", at + timedelta(days=14)
        design = Design(kind=CampaignKind.REVIEW, version=instrument.newest, title=title, closes=closes)
        campaign = making.make(self.session, self.course, design, by=by, at=at)
        [target] = arranging.add_people(self.session, campaign, [self.people[Role.LEARNER]], at=at)
        for role in (Role.INSTRUCTOR, Role.ASSISTANT):
            nominating.propose(self.session, target, campaign.group(PEER), self.people[role], by=by, at=at)
        running.collect(self.session, campaign, by=by, at=at)
        self.session.commit()
        return target

    def campaign_of(self, endpoint: str, role: Role) -> Campaign:
        """One of reviews; for pages about several people one that asks somebody in this role about two."""
        if endpoint in SIDE_BY_SIDE:
            self._ask_about_another(role)
        return self.reviewed.campaign

    def _ask_about_another(self, role: Role) -> None:
        by, at, campaign = self.people[Role.INSTRUCTOR], clock.now(), self.reviewed.campaign
        names = [f"reviewed {new_public_id()}" for _ in range(2)]
        people = [enrolled(self.session, self.course, name, Role.LEARNER) for name in names]
        for target in arranging.add_people(self.session, campaign, people, at=at):
            nominating.propose(self.session, target, campaign.group(REPORT), self.people[role], by=by, at=at)
        self.session.commit()

    def assignment_of(self, endpoint: str, role: Role) -> Assignment:
        """What somebody in this role is asked about the learner, the learner about themselves, or somebody outside."""
        if endpoint == "review_answers.send_link":
            return self.asked_outside
        asked = {each.rater_id: each for each in self.reviewed.assignments}
        return asked.get(self.people[role].id) or asked[self.people[Role.LEARNER].id]

    @cached_property
    def asked_outside(self) -> Assignment:
        """What somebody who is not in the course is asked about the learner."""
        by, at, group = self.people[Role.INSTRUCTOR], clock.now(), self.reviewed.campaign.group(EXTERNAL)
        vera = Outsider(f"{SECRET_WORD} Vera", f"{new_public_id()}@firm.example")
        asked = nominating.propose(self.session, self.reviewed, group, vera, by=by, at=at)
        self.session.commit()
        return asked

    @cached_property
    def bank(self) -> Bank:
        """The course's own, with a topic."""
        names = {"title": f"{SECRET_WORD} bank", "first_category": f"{SECRET_WORD} topic"}
        bank = sorting.new_bank(self.session, self.course, language="en", **names)
        self.session.commit()
        return bank

    @cached_property
    def question(self) -> Question:
        return self.written()

    def written(self) -> Question:
        """A question of the bank, not ready yet."""
        body = {"text": f"{SECRET_WORD} text", "options": [], "right": []}
        said = writing.Said(kind=Kind.SINGLE, text_format=TextFormat.PLAIN, body=body, difficulty=1, maximum=1.0)
        state = QuestionState.DRAFT
        made = writing.create(self.session, said, category=self.bank.categories[0], state=state, by=None, at=THEN)
        self.session.commit()
        return made

    def category(self) -> Category:
        """A topic of the bank, with nothing in it."""
        made = sorting.add_category(self.session, self.bank, f"{SECRET_WORD} topic")
        self.session.commit()
        return made

    @cached_property
    def picture(self) -> Picture:
        told = {"file": secrets.token_hex(16), "name": f"{SECRET_WORD}.png", "mimetype": "image/png", "sha256": "0"}
        picture = Picture(bank_id=self.bank.id, size=1, width=1, height=1, created=THEN, **told)
        self.session.add(picture)
        self.session.commit()
        path = uploads.path_of(picture.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        return picture

    @cached_property
    def sound(self) -> Sound:
        told = {"file": self.picture.file, "name": f"{SECRET_WORD}.mp3", "mimetype": "audio/mpeg", "sha256": "1"}
        sound = Sound(bank_id=self.bank.id, size=1, created=THEN, **told)
        self.session.add(sound)
        self.session.commit()
        return sound

    def file_of(self, endpoint: str) -> AnswerFile:
        """A file that was handed in as the first answer of an attempt."""
        attempt = self.handed_in if endpoint in OF_WHAT_IS_OVER else self.running
        told = {"file": f"{attempt.id:032}", "file_name": f"{SECRET_WORD}.pdf", "kind": "pdf", "size": 1}
        file, _is_new = find_or_create(
            self.session, AnswerFile, {"answer_id": attempt.answers[0].id}, **told, created=THEN
        )
        self.session.commit()
        path = uploads.path_of(file.file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        return file

    @cached_property
    def closed_campaign(self) -> Campaign:
        """A review that is over."""
        ready, by = next(iter(ready_made().values())), self.people[Role.INSTRUCTOR]
        version = versions.take_over(self.session, self.course, ready, at=THEN).newest
        design = Design(kind=CampaignKind.REVIEW, title=f"{SECRET_WORD} round", version=version)
        made = making.make(self.session, self.course, design, by=by, at=THEN)
        made.phase, made.closed = Phase.CLOSED, THEN
        self.session.commit()
        return made

    def result_of(self, role: Role) -> ReportSnapshot:
        """A result about somebody in this role, who is their own coach."""
        person = self.people[role].id
        campaign, key = self.closed_campaign.id, f"result:{new_public_id()}"
        target = Target(campaign_id=campaign, key=key, enrolment_id=person, coach_id=person, closed=THEN)
        words = Words("listening", f"{SECRET_WORD} words", None)
        report = Report(shown=Published(words=(words,)), conclusions=Conclusions())
        result = ReportSnapshot(target=target, published=report.as_json(), created=THEN, released=THEN)
        self.session.add_all([target, result])
        self.session.commit()
        return result

    @property
    def run(self) -> MatchRun:
        """A draft of pairs, with somebody in it."""
        cohort = ensure(self.session, self.course, at=THEN)
        run = open_run(self.session, cohort)
        if run is None:
            enrolled(self.session, self.course, f"seeks {new_public_id()}", Role.LEARNER)
            run = begin(self.session, cohort, by=self.people[Role.INSTRUCTOR], at=clock.now())
            self.session.commit()
        return run

    @property
    def aside(self) -> MatchRun:
        """Other weights that were tried beside the draft."""
        cohort = ensure(self.session, self.course, at=THEN)
        run = begin(self.session, cohort, by=self.people[Role.INSTRUCTOR], at=clock.now(), is_aside=True)
        self.session.commit()
        return run

    @property
    def override(self) -> Override:
        """What is otherwise in the quiz for the learner."""
        row = overriding.put(self.session, self.quiz, self.people[Role.LEARNER], Instead(attempts=9), at=clock.now())
        self.session.commit()
        return row

    @property
    def run_of_circles(self) -> MatchRun:
        """A run for peers, which somebody has published."""
        key = {"cohort_id": ensure(self.session, self.course, at=THEN).id, "number": 1000}
        told = {"weights": {}, "seed": 1, "engine": "1", "created": THEN, "changed": THEN, "is_of_circles": True}
        run, _is_new = find_or_create(self.session, MatchRun, key, state=RunState.PUBLISHED, **told)
        self.session.commit()
        return run

    @property
    def seeker(self) -> str:
        """The key of somebody in the draft."""
        return str(keeping.restored(self.run.inputs)[0].mentees[0].key)

    def notice_of(self, role: Role) -> PersonalNotice:
        """Something that this role's person was told."""
        notice, _is_new = find_or_create(
            self.session,
            PersonalNotice,
            {"enrolment_id": self.people[role].id, "key": "told"},
            kind="told",
            subject=f"{SECRET_WORD} was told",
            paragraphs=[],
            action="",
            path="",
            created=THEN,
        )
        self.session.commit()
        return notice

    def import_of(self, endpoint: str) -> QuestionImport:
        """A file with one question and its picture, looked at or already taken."""
        is_taken = endpoint == "banks.undo_import"
        brought = QuestionImport(
            bank_id=self.bank.id,
            category_id=self.category().id,
            filename=f"{SECRET_WORD}.gift",
            format="gift",
            state=ImportState.TAKEN if is_taken else ImportState.LOOKED,
            asked=THEN,
        )
        self.session.add(brought)
        self.session.flush()
        said = staging.written(Told(kind=Kind.DESCRIPTION, body={"text": "Read this", "why": ""}))
        row = {"place": "", "is_complete": True, "same_as": None, "is_wanted": True}
        self.session.add(ImportedQuestion(import_id=brought.id, n=1, said="" if is_taken else said, **row))
        picture = {"name": "dot.png", "mimetype": "image/png", "content": b"dot"}
        self.session.add(ImportedPicture(import_id=brought.id, key=PIXEL_KEY, **picture))
        self.session.commit()
        return brought

    def excluded_by(self, role: Role) -> Exclusion:
        """Somebody in this role would rather not be matched with the mentor."""
        person, at = self.people[role], clock.now()
        excluding.exclude(self.session, person, self.mentor, by=person, at=at)
        self.session.commit()
        return self.session.scalars(select(Exclusion).where(Exclusion.said_by_id == person.id)).one()

    def asked_to_place(self, role: Role, *, course: bool = True) -> LinkRequest:
        """A deep linking request that came to this role's browser."""
        asked = LinkRequest(
            deployment_id=self.course.deployment_id,
            course_id=self.course.id if course else None,
            session_id=self.browsers[role],
            return_url="https://campus.example/return",
            data=SECRET_WORD.encode(),
            accept_types=["ltiResourceLink"],
            accept_targets=["iframe"],
            accept_multiple=True,
            accept_line_item=True,
            expires=clock.now() + timedelta(hours=1),
            created=THEN,
        )
        self.session.add(asked)
        self.session.commit()
        return asked


def course_of(session: Session, deployment: Deployment, title: str, *, context_id: str = "") -> Course:
    course = Course(
        deployment_id=deployment.id,
        context_id=context_id or title,
        title=title,
        label=title[:8],
        roster_url="https://campus.example/members",
        line_item_scopes=[],
        created=THEN,
    )
    session.add(course)
    session.commit()
    return course


def deployment_of(session: Session, platform_id: int, name: str) -> Deployment:
    deployment = Deployment(platform_id=platform_id, deployment_id=name, standing=Standing.ACTIVE, created=THEN)
    session.add(deployment)
    session.commit()
    return deployment


def enrolled(session: Session, course: Course, subject: str, role: Role) -> Enrolment:
    """This subject of the course's platform, in this role; their name is a secret."""
    key = {"platform_id": course.platform.id, "subject": subject}
    person = session.query(Person).filter_by(**key).one_or_none()
    if person is None:
        person = Person(**key, name=f"{SECRET_WORD} {subject}", created=THEN)
        session.add(person)
        session.flush()
    enrolment = Enrolment(course_id=course.id, person_id=person.id, role=role, number=course.next_number, created=THEN)
    course.next_number += 1
    session.add(enrolment)
    session.commit()
    return enrolment


Filler = Callable[[School, str, Role], object]
"""What to put into an address: of which course, for which endpoint, for a visitor of which role."""

KEYS = {"instruments.profile": "mentor"} | dict.fromkeys(
    ("instruments.look", "instruments.take"), "mentoring_competencies"
)
"""What goes by a key in addresses of instruments, where it is no competency."""
SIDE_BY_SIDE = {f"review_answers.{each}" for each in ("side_by_side", "answer_together", "draft_together")}
"""Pages on which somebody answers about several people."""
OF_WHAT_IS_OVER = {
    *("quizzes.learner_result", "marks.answer", "marks.give", "marks.file"),
    *("quiz_reports.result_of_one", "quiz_reports.own_result"),
}
"""Pages of attempts that were handed in."""

FILLERS: dict[str, Filler] = {
    "assignment_id": lambda school, endpoint, role: school.assignment_of(endpoint, role).public_id,
    "campaign_id": lambda school, endpoint, role: school.campaign_of(endpoint, role).public_id,
    "instrument_id": lambda school, _endpoint, _role: school.reviewed.campaign.version.instrument.public_id,
    "key": lambda _school, endpoint, _role: KEYS.get(endpoint, "listening"),
    "lane": lambda _school, _endpoint, _role: "mail",
    "group_key": lambda _school, _endpoint, _role: REPORT,
    "part_n": lambda _school, _endpoint, _role: 1,
    "asked_id": lambda school, _endpoint, _role: school.handed_in.answers[0].version.public_id,
    "course": lambda school, _endpoint, _role: school.course.public_id,
    "quiz_id": lambda school, _endpoint, _role: school.quiz.public_id,
    "attempt_id": lambda school, endpoint, _role: (
        (school.handed_in if endpoint in OF_WHAT_IS_OVER else school.running).public_id
    ),
    "version": lambda _school, _endpoint, _role: "1.0.3",
    "what": lambda _school, endpoint, _role: "learners" if endpoint == "progress.table" else "class",
    "form": lambda _school, _endpoint, _role: "csv",
    "qti": lambda _school, _endpoint, _role: "qti30",
    "export_id": lambda school, _endpoint, role: school.export_of(role).public_id,
    "file_id": lambda school, endpoint, _role: school.file_of(endpoint).public_id,
    "place": lambda _school, _endpoint, _role: 1,
    "regrade_id": lambda school, endpoint, _role: school.regrade_of(endpoint).public_id,
    "learner_id": lambda school, _endpoint, _role: school.people[Role.LEARNER].public_id,
    "person_id": lambda school, _endpoint, _role: school.people[Role.LEARNER].public_id,
    "exclusion_id": lambda school, _endpoint, role: school.excluded_by(role).public_id,
    "mentorship_id": lambda school, endpoint, role: school.mentorship_of(role, endpoint).public_id,
    "meeting_id": lambda school, _endpoint, role: school.meeting_of(role).public_id,
    "concern_id": lambda school, _endpoint, role: school.concern_of(role).public_id,
    "other_id": lambda school, _endpoint, role: school.other_of(role).public_id,
    "goal_id": lambda school, _endpoint, role: school.goal_of(role).public_id,
    "note_id": lambda school, _endpoint, role: school.note_of(role).public_id,
    "notebook_entry_id": lambda school, _endpoint, role: school.notebook_entry_of(role).public_id,
    "message_id": lambda school, _endpoint, role: school.message_of(role).public_id,
    "resource_id": lambda school, endpoint, role: school.resource_of(role, endpoint).public_id,
    "program_resource_id": lambda school, endpoint, role: school.resource_of(role, endpoint).public_id,
    "occasion_id": lambda school, _endpoint, role: school.occasion_of(role).public_id,
    "slot_id": lambda school, _endpoint, role: school.occasion_of(role).public_id,
    "entry_id": lambda school, _endpoint, role: school.entry_in(school.mentorship_of(role)).public_id,
    "thanks_id": lambda school, _endpoint, role: school.thanks_of(role).public_id,
    "task_id": lambda school, _endpoint, role: school.task_in(school.mentorship_of(role)).public_id,
    "column_id": lambda school, _endpoint, _role: school.column.public_id,
    "copy_id": lambda school, _endpoint, _role: school.copy.public_id,
    "request_id": lambda school, endpoint, role: (
        school.asked_to_place(role, course=endpoint not in OWN_SESSION).public_id
    ),
    "notice_id": lambda school, _endpoint, role: school.notice_of(role).public_id,
    "target_id": lambda school, _endpoint, _role: school.reviewed.public_id,
    "snapshot_id": lambda school, _endpoint, role: school.result_of(role).public_id,
    "run_id": lambda school, endpoint, _role: (
        (school.run_of_circles if endpoint.startswith("circle_drafts.") else school.run).public_id
    ),
    "override_id": lambda school, _endpoint, _role: school.override.public_id,
    "aside_id": lambda school, _endpoint, _role: school.aside.public_id,
    "mentee": lambda school, _endpoint, _role: school.seeker,
    "import_id": lambda school, endpoint, _role: school.import_of(endpoint).public_id,
    "picture_key": lambda _school, _endpoint, _role: PIXEL_KEY,
    "bank_id": lambda school, _endpoint, _role: school.bank.public_id,
    "category_id": lambda school, _endpoint, _role: school.category().public_id,
    "question_id": lambda school, endpoint, _role: (
        (school.written() if endpoint == "banks.remove_question" else school.question).public_id
    ),
    "version_id": lambda school, _endpoint, _role: writing.newest_of(school.session, school.question).public_id,
    "picture_id": lambda school, _endpoint, _role: school.picture.public_id,
    "sound_id": lambda school, _endpoint, _role: school.sound.public_id,
    "section_n": lambda _school, _endpoint, _role: 1,
    "slot_n": lambda _school, _endpoint, _role: 1,
    "section": lambda _school, _endpoint, _role: "goal",
    "ready_made": lambda _school, _endpoint, _role: "flash",
    "cohort_id": lambda school, _endpoint, _role: school.mentorship.cohort.public_id,
    "rule": lambda _school, _endpoint, _role: "quiet",
    "why": lambda _school, _endpoint, _role: "nothing",
    "registration": lambda school, _endpoint, _role: school.course.platform.public_id,
    "public_id": lambda school, _endpoint, _role: school.course.platform.public_id,
    "secret": lambda _school, _endpoint, _role: "made-up",
    "filename": lambda _school, _endpoint, _role: "nothing.css",
    "rest": lambda _school, _endpoint, _role: "nothing",
}


@dataclass(frozen=True)
class Route:
    """One way to ask for one page."""

    rule: Rule
    method: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def parts(self) -> set[str]:
        return set(self.rule.arguments)

    def address(self, app: Flask, school: School, role: Role, **instead: object) -> str:
        """The address of this page in this course; `instead` for parts taken from elsewhere."""
        endpoint = self.rule.endpoint
        values = {part: FILLERS[part](school, endpoint, role) for part in self.parts - instead.keys()}
        with app.test_request_context():
            return app.url_map.bind("localhost").build(endpoint, {**values, **instead}, method=self.method)


def routes(app: Flask) -> list[Route]:
    """Every page by every method it answers to, those that only show first."""
    found = [
        Route(rule, method)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda route: (route.method != "GET", route.rule.rule))


def roles_of(app: Flask, route: Route) -> tuple[Role, ...] | None:
    """Whom this page is open to; None for one without a course."""
    return getattr(app.view_functions[route.rule.endpoint], "open_to", None)
