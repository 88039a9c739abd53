"""A quiz that a file holds: put down beside its questions, made a draft of with them, taken back with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment
from quizzes.bank import sorting
from quizzes.bank.tags import LONGEST_WORD
from quizzes.designing import describing, revising
from quizzes.designing.forms import LONGEST_INSTRUCTIONS, LONGEST_TITLE
from quizzes.designing.plan import (
    MOST_SECTIONS,
    MOST_SLOTS,
    FixedPlan,
    Plan,
    RulePlan,
    SectionPlan,
    SlotPlan,
)
from quizzes.designing.settings import DEFAULT, Navigation, Settings
from quizzes.exchange import banks
from quizzes.exchange.bringing.instructions import as_markdown
from quizzes.exchange.bringing.models import ImportedQuestion, QuestionImport
from quizzes.exchange.bringing.shelving import Shelf
from quizzes.exchange.reviewed import review_of
from quizzes.exchange.taking import Taken
from quizzes.formats.base import About
from quizzes.formats.model import Draw, Fixed, Quiz, Reviewed
from quizzes.models import Quiz as OurQuiz
from quizzes.questions import Bank, Question, QuestionVersion

MOST = 20
"""Quizzes of one file."""
LONGEST = timedelta(days=7)
"""A time limit."""
ROWS = 500
Staged = dict[str, Any]


# While the file is looked at.


def staged(quizzes: Iterable[Quiz], numbers: Mapping[str, int], elsewhere: Collection[str] = ()) -> list[Staged]:
    """The quizzes of a file that ask something, as JSON: questions by their numbers in it, from what it calls them.

    `elsewhere` are the banks that are there already, by what the file calls them.
    """
    found = (_staged(each, numbers, elsewhere) for each in quizzes)
    return [each for each in found if each["sections"]][:MOST]


def _staged(quiz: Quiz, numbers: Mapping[str, int], elsewhere: Collection[str]) -> Staged:
    sections: list[Staged] = []
    missing = 0
    for section in quiz.sections:
        slots = [_slot(each, numbers, elsewhere) for each in section.slots]
        missing += slots.count(None)
        there = [each for each in slots if each is not None]
        if there:
            said = {"title": section.title, "instructions": section.instructions, "is_shuffled": section.is_shuffled}
            sections.append({**said, "slots": there})
    return {
        "title": quiz.title,
        "sections": sections,
        "seconds": quiz.seconds,
        "attempts": quiz.attempts,
        "is_shuffled": quiz.is_shuffled,
        "is_linear": quiz.is_linear,
        "pass_percent": quiz.pass_percent,
        "reviewed": asdict(quiz.reviewed) if quiz.reviewed else None,
        "asks": sum(slot.get("count", 1) for section in sections for slot in section["slots"]),
        "missing": missing,
        "is_wanted": False,
        "quiz": "",
    }


def _slot(slot: Fixed | Draw, numbers: Mapping[str, int], elsewhere: Collection[str]) -> Staged | None:
    """None for what names no question of the file, and no bank that is there."""
    if isinstance(slot, Fixed):
        return {"n": numbers[slot.question], "worth": slot.maximum} if slot.question in numbers else None
    if not slot.questions and slot.bank in elsewhere:
        return {"count": slot.count, "bank": slot.bank, "worth": slot.maximum}
    among = [numbers[each] for each in slot.questions if each in numbers]
    return {"count": min(slot.count, len(among)), "among": among, "worth": slot.maximum} if among else None


def choose(brought: QuestionImport, wanted: Collection[int]) -> None:
    """Of its quizzes, counted from 1, drafts are to be made of these; the caller commits."""
    brought.quizzes = [{**each, "is_wanted": number in wanted} for number, each in enumerate(brought.quizzes, start=1)]


def wants_any(brought: QuestionImport) -> bool:
    return any(each["is_wanted"] for each in brought.quizzes)


# When its questions are taken.


def make(session: Session, brought: QuestionImport, taken: Mapping[int, int], *, at: datetime) -> None:
    """Drafts of the wanted ones, before what was not taken is forgotten; `taken` are questions by their numbers."""
    if not wants_any(brought):
        return
    there = Answers(taken, *_known(session, brought))
    maker = Maker(session, brought.bank, brought.filename, there, brought.by, at)
    brought.quizzes = [maker.made(each) if each["is_wanted"] else each for each in brought.quizzes]


def _known(session: Session, brought: QuestionImport) -> tuple[dict[int, int], dict[int, int]]:
    """By the numbers of questions that were there already: those of the bank, and those further above in the file."""
    here = (ImportedQuestion.import_id == brought.id,)
    rows = select(ImportedQuestion.n, Question.id).join(Question, Question.public_id == ImportedQuestion.known_as)
    again = select(ImportedQuestion.n, ImportedQuestion.same_as).where(ImportedQuestion.same_as.is_not(None))
    copies = {n: same for n, same in session.execute(again.where(*here)) if same is not None}
    return dict(session.execute(rows.where(*here)).all()), copies


@dataclass(frozen=True)
class Answers:
    """Which question of the bank a number of the file stands for."""

    taken: Mapping[int, int]
    known: Mapping[int, int] = field(default_factory=dict)
    again: Mapping[int, int] = field(default_factory=dict)

    def of(self, number: int) -> int | None:
        found = self.taken.get(number) or self.known.get(number)
        if found is None and number in self.again:
            above = self.again[number]
            found = self.taken.get(above) or self.known.get(above)
        return found


@dataclass(frozen=True)
class Maker:
    """Makes drafts of quizzes whose questions are in this bank."""

    session: Session
    bank: Bank
    filename: str
    there: Answers
    by: Enrolment | None
    at: datetime

    def made(self, said: Staged) -> Staged:
        planner = _Planner(self.session, self.bank, said, self.there)
        plan = planner.plan()
        title = " ".join(said["title"].split())[:LONGEST_TITLE] or self.filename[:LONGEST_TITLE]
        told = {"missing": said["missing"] + planner.missing, "tags": planner.tags, "is_cut": planner.is_cut}
        course = self.session.get(Course, self.bank.course_id)
        if not plan.asks or course is None:
            return {**said, **told}
        settings = settings_of(said)
        quiz = revising.make(self.session, course, self.bank, title, plan, settings, by=self.by, at=self.at)
        return {**said, **told, "quiz": quiz.public_id, "seen": describing.short_of(plan.as_json())}


def settings_of(said: Staged) -> Settings:
    """What the file says of time, attempts and what is shown; the usual rules for all else."""
    limit = min(timedelta(seconds=min(said["seconds"], 10**9)), LONGEST) if said["seconds"] else None
    reviewed = Reviewed(**said["reviewed"]) if said["reviewed"] else None
    return replace(
        DEFAULT,
        limit=limit,
        attempts=said["attempts"] or DEFAULT.attempts,
        navigation=Navigation.SEQUENTIAL if said["is_linear"] else Navigation.FREE,
        pass_percent=DEFAULT.pass_percent if said["pass_percent"] is None else said["pass_percent"],
        review=review_of(reviewed) if reviewed else DEFAULT.review,
    )


@dataclass
class _Planner:
    """Makes a plan of what a file says, as far as its questions are there."""

    session: Session
    bank: Bank
    said: Staged
    there: Answers
    missing: int = 0
    tags: list[str] = field(default_factory=list)
    """Words that were put on questions, so that a rule finds them."""
    is_cut: bool = False
    """Whether it has more sections or slots than a quiz can have."""
    _shelf: Shelf | None = None

    def plan(self) -> Plan:
        sections = []
        left = MOST_SLOTS
        for each in self.said["sections"][:MOST_SECTIONS]:
            slots = list(self._slots(each["slots"][:left]))
            self.is_cut = self.is_cut or len(each["slots"]) > left
            left -= len(slots)
            if slots:
                text, is_marked = as_markdown(each["instructions"])
                sections.append(
                    SectionPlan(
                        slots=tuple(slots),
                        title=each["title"][:LONGEST_TITLE],
                        instructions=text[:LONGEST_INSTRUCTIONS],
                        is_markdown=is_marked,
                        is_shuffled=each["is_shuffled"],
                    )
                )
        self.is_cut = self.is_cut or len(self.said["sections"]) > MOST_SECTIONS
        return Plan(sections=tuple(sections) or (SectionPlan(),), is_shuffled=self.said["is_shuffled"])

    def _slots(self, slots: Iterable[Staged]) -> Iterator[SlotPlan]:
        for each in slots:
            found = self._slot(each)
            if found is not None:
                yield found

    def _slot(self, said: Staged) -> SlotPlan | None:
        if "bank" in said:
            return self._of_bank(said)
        return self._rule(said) if "among" in said else self._fixed(said)

    def _of_bank(self, said: Staged) -> RulePlan | None:
        """From a bank, or a topic, that was there before the file came."""
        place = banks.place_of(self.session, self.bank, said["bank"])
        inside = Shelf.of(self.session, place[0]).within(place[1]) if place else set()
        self.missing += said["count"] - min(said["count"], len(inside))
        if place is None or not inside:
            return None
        mark = said["worth"] or self._worth(inside)
        return RulePlan(bank=place[0].id, count=min(said["count"], len(inside)), category=place[1], mark=mark)

    def _fixed(self, said: Staged) -> FixedPlan | None:
        question = self.there.of(said["n"])
        if question is None:
            self.missing += 1
            return None
        return FixedPlan(question=question, mark=said["worth"] or self._worth([question]))

    def _rule(self, said: Staged) -> RulePlan | None:
        """By a topic or a tag that these have alone; otherwise they get a tag."""
        found = [self.there.of(each) for each in said["among"]]
        self.missing += found.count(None)
        shelf = self._shelved()
        wanted = frozenset(each for each in found if each is not None and each in shelf.topic)
        if not wanted:
            return None
        rule = shelf.rule(wanted) or self._tagged(wanted)
        return replace(rule, count=min(said["count"], len(wanted)), mark=said["worth"] or self._worth(wanted))

    def _shelved(self) -> Shelf:
        """As the bank stands now; anew after a tag was put on questions of it."""
        if self._shelf is None:
            self._shelf = Shelf.of(self.session, self.bank)
        return self._shelf

    def _tagged(self, wanted: Collection[int]) -> RulePlan:
        shelf = self._shelved()
        there = {word for words in shelf.words.values() for word in words}
        title = " ".join(self.said["title"].replace(",", " ").split()).casefold()[: LONGEST_WORD - 6] or "drawn"
        word = next(each for n in range(1, len(there) + 2) if (each := f"{title.strip()} {n}") not in there)
        for some in _portions(wanted):
            questions = self.session.scalars(select(Question).where(Question.id.in_(some)).order_by(Question.id))
            sorting.add_tags(self.session, questions.all(), [word])
        self.tags.append(word)
        self._shelf = None
        return RulePlan(bank=shelf.bank, count=1, tags_all=(word,))

    def _worth(self, questions: Collection[int]) -> float:
        """What most of them are worth by themselves; one mark for what is only read."""
        counted: Counter[float] = Counter()
        for some in _portions(questions):
            rows = select(QuestionVersion.maximum).where(QuestionVersion.question_id.in_(some))
            counted.update(each for each in self.session.scalars(rows) if each)
        return counted.most_common(1)[0][0] if counted else 1.0


def _portions(questions: Collection[int]) -> Iterator[Sequence[int]]:
    """As many as one statement names."""
    rows = sorted(questions)
    return (rows[first : first + ROWS] for first in range(0, len(rows), ROWS))


# When they are taken without being looked at.


def make_all(
    session: Session, bank: Bank, about: About, taken: Taken, *, called: str, by: Enrolment | None, at: datetime
) -> list[Staged]:
    """A draft of each quiz of a file whose questions have just come into the bank; `called` where it has no title."""
    numbers = _numbers(session, taken)
    answers = Answers({each: each for each in numbers.values()})
    maker = Maker(session, bank, called, answers, by, at)
    return [maker.made(each) for each in staged(about.quizzes, numbers, about.elsewhere)]


def _numbers(session: Session, taken: Taken) -> dict[str, int]:
    """The ids of questions by what the file calls them, also of those that were there already."""
    known: dict[str, int] = {}
    names = sorted(set(taken.known_as.values()))
    for first in range(0, len(names), ROWS):
        rows = select(Question.public_id, Question.id).where(Question.public_id.in_(names[first : first + ROWS]))
        known.update(session.execute(rows).all())
    found = {**{name: known[public_id] for name, public_id in taken.known_as.items()}, **taken.named}
    return {**{name: found[above] for name, above in taken.again.items() if above in found}, **found}


# When they are taken back.


def take_back(session: Session, brought: QuestionImport) -> None:
    """Drafts that nobody has changed or published go; all others stay, and their questions with them."""
    brought.quizzes = [_taken_back(session, each) for each in brought.quizzes]


def _taken_back(session: Session, said: Staged) -> Staged:
    quiz = session.scalar(select(OurQuiz).where(OurQuiz.public_id == said["quiz"])) if said["quiz"] else None
    if quiz is None or quiz.is_published:
        return said
    draft = revising.newest(session, quiz)
    if draft.n > 1 or describing.short_of(draft.plan) != said.get("seen"):
        return said
    revising.remove(session, quiz)
    return {**said, "quiz": ""}
