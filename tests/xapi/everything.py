"""A year in which everything happens that a statement tells of: people arrive from the campus and live through it all.

Whatever people type has a word of TYPED in it, so that a test can look where it went.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campus.testing import CampusInHand
from lti_tool import clock
from lti_tool.models import Course, Enrolment, Role
from lti_tool.running.delivering import drain
from mentoring.mentorships import answering, ending, living, substituting, tasks
from mentoring.mentorships.agreement import signing
from mentoring.mentorships.agreement.standing import Terms
from mentoring.mentorships.circles import changing
from mentoring.mentorships.circles.forming import form
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.timeline import steps
from mentoring.participants.joining import hold, join
from mentoring.participants.offering import Offering
from mentoring.participants.taking_part import take_part
from mentoring.programs.choices import Channel, MustAgree
from mentoring.together.conversation import writing as conversation
from mentoring.together.goals.models import HowFar
from mentoring.together.meetings import scheduling
from mentoring.together.nudges import stalling
from mentoring.together.thanks.thanking import thank
from quizzes import closing, starting
from quizzes.kinds import CHOSEN, TEXT
from quizzes.marking import Kind
from quizzes.marks import giving
from quizzes.marks.giving import Given
from quizzes.models import Attempt, Quiz
from quizzes.queries import attempt_to_change
from reviews.campaigns.rules import CampaignKind
from reviews.results import many
from tests.cast import THEN, Cast
from tests.conftest import Arrive
from tests.lti_tool.mail_server import MailServerInHand
from tests.mentoring.asking import designed, held, proposed, requested, said_yes
from tests.mentoring.checking_in import a_managed_pair, agreed, answered, asked
from tests.mentoring.conftest import School
from tests.mentoring.goals import a_goal, moved
from tests.mentoring.meetings import a_circle, booked, plan, said
from tests.mentoring.test_program_steps import entry, with_step
from tests.mentoring.test_resources import share, share_file
from tests.quizzes.marks.conftest import of_kind
from tests.quizzes.one_of_each import a_quiz_of_all_kinds
from tests.reviews.conftest import LATER, Reviews, all_of

A_DAY = timedelta(days=1)
INES, MAYA, LEO, ZOE = "ines", "maya", "leo", "noemail"
PEERS = ("amara", "chloe", "siobhan", "oysten", "zeynep")
STEP = "Read the handbook zzcanaryhandbook"
OTHERS = ("olena", "rosa", "joao", "tendai", "ada", "kealoha")

_numbers = count(1)
TYPED = ["zzcanaryhandbook"]


def typed(what: str) -> str:
    """Words that somebody types, as nobody else would."""
    word = f"zzcanary{next(_numbers)}zz"
    TYPED.append(word)
    return f"{what}, {word}"


@dataclass
class FromCampus(School):
    """A course whose people come from the campus, and are called by what the campus calls them."""

    campus: CampusInHand = field(kw_only=True)
    arrive: Arrive = field(kw_only=True)

    def join(self, name: str, role: Role = Role.LEARNER, **rest: bool) -> Enrolment:
        self.session.commit()
        self.arrive(name)
        return enrolled(self.session, self.campus, name)


def enrolled(session: Session, campus: CampusInHand, key: str) -> Enrolment:
    """In the first course that they came to."""
    theirs = select(Enrolment).where(Enrolment.person.has(subject=campus.person(key).id))
    return session.scalars(theirs.order_by(Enrolment.id).limit(1)).one()


def from_campus(session: Session, cast: Cast, campus: CampusInHand, arrive: Arrive) -> FromCampus:
    """The campus's first course, after everybody of this year has opened it once."""
    for key in (INES, MAYA, LEO, ZOE, *PEERS, *OTHERS):
        arrive(key)
    people = {
        name: enrolled(session, campus, key)
        for name, key in {"ines": INES, "maya": MAYA, "leo": LEO, "zoe": ZOE}.items()
    }
    return FromCampus(session, cast, people["leo"].course, **people, campus=campus, arrive=arrive)


@dataclass
class Life:
    """Everything, act by act."""

    app: Flask
    school: FromCampus
    mail: MailServerInHand

    def live(self) -> None:
        self.a_mentorship()
        self.how_others_ended()
        self.what_came_of_asks()
        self.a_circle()
        self.quizzes()
        self.reviews()
        drain(self.app)
        self.school.session.rollback()

    def a_mentorship(self) -> None:
        school = self.school
        with_step(school, STEP)
        pair = a_managed_pair(school)
        take_part(school.session, school.cohort, school.zoe, mentors=False, seeks=True, consents=True, at=THEN)
        self._agree(pair)
        self._work(pair)
        self._meet(pair)
        agreed(school, pair)
        link = asked(self.app, school, self.mail)
        assert answered(self.app, link, words=typed("He asks better questions")).status_code in (200, 302)
        self._rest(pair)
        self._fade(pair)
        thank(school.session, held(school, pair), pair.mentor, typed("Thanks"), by=pair.mentee, at=THEN + 120 * A_DAY)
        living.complete(school.session, held(school, pair), by=school.maya, at=THEN + 121 * A_DAY)
        school.session.commit()

    def _agree(self, pair: Mentorship) -> None:
        terms = Terms(
            mentee_expects=typed("Honest words"),
            mentor_expects=typed("That he comes"),
            boundaries=typed("Not on Sundays"),
            rhythm_days=14,
            channel=Channel.VIDEO,
            ends=THEN + 200 * A_DAY,
        )
        session = self.school.session
        version = signing.propose(session, held(self.school, pair), terms, by=pair.mentee, at=THEN)
        signing.sign(session, pair, seen=version.number, by=pair.mentor, at=THEN)
        session.commit()

    def _work(self, pair: Mentorship) -> None:
        school, session = self.school, self.school.session
        goal = a_goal(school, pair, pair.mentee, typed("I know whom to ask"))
        a_goal(school, pair, pair.mentee, typed("I can name our customers"))
        moved(school, goal, pair.mentee, HowFar.HALF_WAY, words=typed("Asked around"))
        moved(school, goal, pair.mentee, HowFar.REACHED, words=typed("Done"))
        task = tasks.give(
            session,
            held(school, pair),
            tasks.Wording(title=typed("Read it"), detail=typed("All")),
            by=pair.mentor,
            at=THEN,
        )
        tasks.tick(session, held(school, pair), task, True, by=pair.mentee, at=THEN + A_DAY)
        steps.tick(session, held(school, pair), entry(school, pair, STEP), True, by=pair.mentee, at=THEN + A_DAY)
        words, at = typed("I shall be late"), THEN + A_DAY
        conversation.write(session, held(school, pair), words, token="one", by=pair.mentee, at=at)
        session.commit()
        address = f"/courses/{school.course.public_id}/mentoring/mentorships/{pair.public_id}/resources"
        with clock.moved_to(THEN + A_DAY):
            leo = school.cast.visit(self.app.test_client(), school.leo)
            link = {"title": typed("Guide"), "url": f"https://example.org/{typed('x')[3:]}", "detail": typed("Page 3")}
            assert share(leo, address, **link).status_code == 302
            name = f"{typed('Plan')}.pdf"
            assert share_file(leo, address, name=name, title=typed("Plan")).status_code == 200

    def _meet(self, pair: Mentorship) -> None:
        school = self.school
        met, missed, moving = booked(school, pair, pair.mentee, 2, times=3, agenda=typed("The archive"))
        other = plan(17, agenda=typed("Later"))
        scheduling.change(school.session, moving, other, with_rest=False, by=pair.mentor, at=THEN + A_DAY)
        school.session.commit()
        for person in (pair.mentee, pair.mentor):
            said(school, met, person, topics=typed("The house"), actions=typed("I read"))
        said(school, missed, pair.mentor, was_there=False, topics=typed("He was ill"))
        scheduling.cancel(school.session, moving, with_rest=False, by=pair.mentee, at=THEN + 16 * A_DAY)
        school.session.commit()

    def _rest(self, pair: Mentorship) -> None:
        session, school = self.school.session, self.school
        at = THEN + 30 * A_DAY
        living.pause(session, held(school, pair), until=at + 5 * A_DAY, by=school.leo, at=at)
        living.resume(session, held(school, pair), by=school.leo, at=at + 2 * A_DAY)
        session.commit()

    def _fade(self, pair: Mentorship) -> None:
        """For too long they do not meet; then they do."""
        self._night(THEN + 100 * A_DAY)
        school = self.school
        [again] = booked(school, pair, pair.mentee, 101)
        said(school, again, pair.mentor, topics=typed("Where we stand"))
        school.session.commit()
        self._night(THEN + 102 * A_DAY)

    def _night(self, at: datetime) -> None:
        self.school.session.commit()
        with clock.moved_to(at):
            stalling.sweep(at=at)

    def what_came_of_asks(self) -> None:
        school, session = self.school, self.school.session
        designed(school, must_agree=MustAgree.MENTOR, takes_requests=True)
        one, two, three, four, *_rest = self._others
        yes = requested(school, one, school.maya, case=typed("Please"))
        answering.ask_back(session, held(school, yes), typed("What have you tried?"), by=school.maya, at=THEN)
        answering.answer(session, held(school, yes), typed("Everything"), by=one, at=THEN)
        said_yes(school, yes, school.maya)
        # It ends before it has begun.
        ending.end(session, held(school, yes), by=one, at=THEN + A_DAY, reason="no_more_time", note=typed("Sorry"))
        no = requested(school, two, school.maya, case=typed("Me too"))
        note = typed("Too much")
        answering.decline(session, held(school, no), by=school.maya, at=THEN, reason="no_time", note=note)
        answering.expire(session, held(school, proposed(school, three, school.maya)), at=THEN + 9 * A_DAY)
        back = requested(school, four, school.maya, case=typed("Perhaps"))
        answering.withdraw(session, held(school, back), by=four, at=THEN)
        session.commit()

    def how_others_ended(self) -> None:
        school, session = self.school, self.school.session
        *_first, mentor, mentee = self._others
        school.offers(Offering(mentor, 1))
        pair = school.paired(mentee, school.maya)
        living.begin(session, held(school, pair), by=mentee, at=THEN)
        follows = substituting.rematch(session, held(school, pair), mentor, by=school.ines, at=THEN + A_DAY)
        living.begin(session, held(school, follows), by=mentee, at=THEN + 2 * A_DAY)
        note = typed("It does not help")
        ending.end(session, held(school, follows), by=mentee, at=THEN + 3 * A_DAY, reason="no_more_time", note=note)
        session.commit()

    @property
    def _others(self) -> list[Enrolment]:
        return [enrolled(self.school.session, self.school.campus, key) for key in OTHERS]

    def a_circle(self) -> None:
        """In another course, which is one of peers."""
        course = self.school.cast.course("Circles", platform=self.school.course.platform)
        cast = {name: self._also_in(course, getattr(self.school, name)) for name in ("ines", "maya", "leo", "zoe")}
        peers = School(self.school.session, self.school.cast, course, **cast)
        circle, late = a_circle(peers), self._also_in(course, self._others[0])
        one, _two, three = (person.enrolment for person in circle.people)
        session = peers.session
        living.begin(session, held(peers, circle), by=one, at=THEN + A_DAY)
        changing.take_out(session, held(peers, circle), three, by=peers.ines, at=THEN + 2 * A_DAY)
        join(session, peers.cohort, [late], at=THEN)
        changing.put_in(session, held(peers, circle), late, by=peers.ines, at=THEN + 3 * A_DAY)
        living.pause(session, held(peers, circle), until=THEN + 9 * A_DAY, by=one, at=THEN + 4 * A_DAY)
        living.resume(session, held(peers, circle), by=one, at=THEN + 5 * A_DAY)
        living.complete(session, held(peers, circle), by=one, at=THEN + 6 * A_DAY)
        free = hold(session, peers.cohort, [one, three])
        [second] = form(session, peers.cohort, [list(free.values())], by=peers.ines, at=THEN + 7 * A_DAY)
        living.begin(session, held(peers, second), by=one, at=THEN + 8 * A_DAY)
        note = typed("We are too few")
        ending.end(session, held(peers, second), by=peers.ines, at=THEN + 9 * A_DAY, reason="other", note=note)
        session.commit()

    def _also_in(self, course: Course, somebody: Enrolment) -> Enrolment:
        also = Enrolment(
            course_id=course.id,
            person_id=somebody.person_id,
            role=somebody.role,
            number=course.next_number,
            is_active=True,
            created=THEN,
        )
        course.next_number += 1
        self.school.session.add(also)
        self.school.session.commit()
        return also

    def quizzes(self) -> None:
        school, session = self.school, self.school.session
        quiz = a_quiz_of_all_kinds(session, school.course, Kind.SINGLE, Kind.SHORT_TEXT, Kind.ESSAY)
        good = self._take(quiz, school.leo, seed=b"1" * 16)
        poor = self._take(quiz, school.zoe, seed=b"2" * 16)
        for attempt, fraction in ((good, 1.0), (poor, 0.0)):
            held_now = attempt_to_change(session, Attempt.id == attempt.id)
            assert held_now is not None
            place = of_kind(held_now, Kind.ESSAY).place
            given = Given(fraction=fraction, comment=typed("Well argued"))
            giving.give(session, held_now, place, given, by=school.ines, seen=0, at=THEN + 2 * A_DAY)
            session.commit()

    def _take(self, quiz: Quiz, who: Enrolment, *, seed: bytes) -> Attempt:
        session = self.school.session
        attempt = starting.start(session, quiz, who, seed=seed, at=THEN)
        is_good = who is self.school.leo
        answers = {
            of_kind(attempt, Kind.SINGLE).place: {CHOSEN: ["a" if is_good else "b"]},
            of_kind(attempt, Kind.SHORT_TEXT).place: {TEXT: ["fire alarm" if is_good else typed("no idea")]},
            of_kind(attempt, Kind.ESSAY).place: {TEXT: [typed("Once upon a time")]},
        }
        closing.hand_in(session, attempt, answers, at=THEN + timedelta(minutes=10))
        session.commit()
        return attempt

    def reviews(self) -> None:
        school = self.school
        reviews = Reviews(school, school.session)
        campaign, [target] = reviews.review_of(school.zoe)
        reviews.name(target, [enrolled(school.session, school.campus, key) for key in PEERS])
        reviews.collect(campaign)
        for assignment in target.assignments:
            reviews.answer(assignment, all_of(reviews.content, 4, keep=typed("Her questions")))
        reviews.close(campaign)
        assert many.release(school.session, campaign, by=school.ines, at=LATER) is None
        school.session.commit()
        for kind in (CampaignKind.SURVEY, CampaignKind.PROGRAM):
            self._ask_everybody(reviews, kind)

    def _ask_everybody(self, reviews: Reviews, kind: CampaignKind) -> None:
        campaign = reviews.campaign(kind, title=f"{kind.value} round")
        reviews.collect(campaign)
        for target in campaign.targets:
            for assignment in target.assignments[:6]:
                reviews.answer(assignment, all_of(assignment.group.content, 3, keep=typed("The rooms")))
        reviews.close(campaign)
        many.release(self.school.session, campaign, by=self.school.ines, at=LATER)
        self.school.session.commit()
