"""What would become of a text with many questions, and making it so; the caller commits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Enrolment
from quizzes.bank import queries, sorting, writing
from quizzes.bank.many import making
from quizzes.bank.many.reading import Entry, read
from quizzes.bank.many.wording import odd_sentence, wrong_sentence
from quizzes.bank.tags import MOST_TAGS, words_in
from quizzes.bank.writing import Said
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat

MOST_QUESTIONS = 300
MOST_CHARACTERS = 250_000


class AlreadyKept(Exception):
    """The same form was sent before."""


@dataclass(frozen=True, kw_only=True)
class InTheWay:
    """Something that is wrong with a line."""

    line: int
    sentence: str
    typed: str
    """How the line begins."""
    is_of_drafts_too: bool


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A question that would be made."""

    line: int
    said: Said
    topic: str
    """Empty for the one that is chosen for all."""
    tags: Sequence[str]
    known_as: str = ""
    """The public id of a question of the bank with the same text."""
    same_as_line: int = 0
    """Where the same text stands above."""

    @property
    def is_known(self) -> bool:
        return bool(self.known_as or self.same_as_line)


@dataclass(frozen=True, kw_only=True)
class Plan:
    questions: Sequence[Planned] = field(default_factory=list)
    troubles: Sequence[InTheWay] = field(default_factory=list)
    new_topics: Sequence[str] = field(default_factory=list)

    def standing(self, state: QuestionState) -> list[InTheWay]:
        """What has to be put right before all of it can be kept in this state."""
        return [each for each in self.troubles if each.is_of_drafts_too or state is not QuestionState.DRAFT]

    def wanted(self, *, again: bool) -> list[Planned]:
        """Those to be made; what the bank has already only if it is wanted again."""
        return [each for each in self.questions if again or not each.is_known]


def plan(session: Session, bank: Bank, typed: str, *, difficulty: int, tags: Sequence[str] = ()) -> Plan:
    """Nothing is written; `difficulty` and `tags` are for questions whose text says nothing of them."""
    found, lines = read(typed), typed.splitlines()
    said = [(entry, _said_of(entry, difficulty)) for entry in found.entries]
    odd = ((each.line, odd_sentence(each.odd, each.about), each.is_of_drafts_too) for each in found.troubles)
    # What has no answers at all is told once.
    silent = {each.line for each in found.troubles}
    wrong = (each for entry, what in said if entry.line not in silent for each in _wrong(session, bank, entry, what))
    troubles = [
        InTheWay(line=line, sentence=sentence, typed=_beginning(lines[line - 1]), is_of_drafts_too=is_hard)
        for line, sentence, is_hard in sorted({*odd, *wrong})
    ]
    return Plan(questions=_planned(session, bank, said, tags), troubles=troubles, new_topics=_new_topics(bank, said))


def _said_of(entry: Entry, difficulty: int) -> Said:
    kind = making.kind_of(entry)
    points = entry.about.points
    return Said(
        kind=kind,
        text_format=TextFormat.MARKDOWN,
        body=making.body_of(entry, kind),
        difficulty=entry.about.difficulty or difficulty,
        maximum=1.0 if points is None else float(points),
    )


def _wrong(session: Session, bank: Bank, entry: Entry, said: Said) -> Iterator[tuple[int, str, bool]]:
    for problem in writing.problems_of(session, bank, said):
        sentence = wrong_sentence(problem.wrong, problem.about)
        yield making.line_of(entry, problem.place), sentence, problem.is_of_drafts_too


def _beginning(line: str) -> str:
    line = " ".join(line.split())
    return line if len(line) <= 60 else line[:60].rstrip() + "…"


def _planned(
    session: Session, bank: Bank, said: Sequence[tuple[Entry, Said]], tags: Sequence[str]
) -> Sequence[Planned]:
    known, above = _texts(session, bank) if said else {}, dict[str, int]()
    made = []
    for entry, what in said:
        text = folded(entry.words.text)
        own = words_in(entry.about.tags)
        made.append(
            Planned(
                line=entry.line,
                said=what,
                topic=entry.about.topic,
                tags=list(dict.fromkeys([*tags, *own]))[:MOST_TAGS],
                known_as=known.get(text, ""),
                same_as_line=above.get(text, 0),
            )
        )
        above.setdefault(text, entry.line)
    return made


def folded(text: str) -> str:
    """By which two texts are the same."""
    return " ".join(text.split()).casefold()


def _texts(session: Session, bank: Bank) -> dict[str, str]:
    """The public ids of the bank's questions by their texts; retired ones left out."""
    wanted = queries.with_newest().with_only_columns(Question.public_id, QuestionVersion.body["text"].as_string())
    standing = wanted.where(Question.bank_id == bank.id, Question.state != QuestionState.RETIRED)
    return {folded(text or ""): public_id for public_id, text in session.execute(standing.order_by(Question.id.desc()))}


def _new_topics(bank: Bank, said: Sequence[tuple[Entry, Said]]) -> list[str]:
    there = {each.title.casefold() for each in bank.categories}
    titles = {entry.about.topic.casefold(): entry.about.topic for entry, _said in reversed(said) if entry.about.topic}
    return [title for name, title in reversed(titles.items()) if name not in there]


def keep(
    session: Session,
    bank: Bank,
    chosen: Sequence[Planned],
    *,
    category: Category,
    state: QuestionState,
    token: str,
    by: Enrolment,
    at: datetime,
) -> int:
    """How many were made; all of them or, where one cannot be kept, none.

    `token` names the form and what stands in it. Raises AlreadyKept, NotComplete and TooMany (of topics).
    """
    name = hashlib.sha256(token.encode()).hexdigest()[:24]
    session.refresh(bank, with_for_update=True)
    if session.scalar(select(Question.id).where(Question.bank_id == bank.id, Question.name == f"{name}-1")):
        raise AlreadyKept
    topics = _topics(session, bank, chosen, category)
    for number, each in enumerate(chosen, start=1):
        topic = topics[each.topic.casefold()]
        made = writing.create(session, each.said, category=topic, state=state, by=by, at=at, name=f"{name}-{number}")
        sorting.tag(session, made, each.tags)
    return len(chosen)


def _topics(session: Session, bank: Bank, chosen: Sequence[Planned], usual: Category) -> Mapping[str, Category]:
    """The topics that are named, by their titles in small letters; new ones are made."""
    found = {each.title.casefold(): each for each in reversed(bank.categories)}
    for each in chosen:
        if each.topic and each.topic.casefold() not in found:
            found[each.topic.casefold()] = sorting.add_category(session, bank, each.topic)
    return {**found, "": usual}
