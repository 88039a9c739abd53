"""Questions of a bank as a file says them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session, selectinload

from quizzes import rich
from quizzes.bank import queries, writing
from quizzes.bank.queries import Listed
from quizzes.exchange.pictures import of_bank, renamed
from quizzes.exchange.topics import paths_of
from quizzes.formats import registry
from quizzes.formats.base import Written
from quizzes.formats.model import Bank as Told
from quizzes.formats.model import Place
from quizzes.formats.model import Question as ToldQuestion
from quizzes.formats.usage import Statistic
from quizzes.questions import Bank, Question, QuestionState

UNTITLED = frozenset({"aiken", "csv", "excel"})
"""Formats in which a question needs no title."""
LONGEST_TITLE = 80


def give(
    session: Session,
    bank: Bank,
    format: str,
    *,
    categories: Collection[int] | None = None,
    statistics: Sequence[Statistic] = (),
) -> Written:
    """A file of this format with what the bank says now, retired questions left out; or only some of its topics.

    Of the statistics those go along whose questions do.
    """
    told = told_of(session, bank, categories=categories)
    if statistics:
        there = {each.identifier for each in told.questions}
        told = replace(told, statistics=tuple(each for each in statistics if each.item in there))
    return written(told, format)


def written(told: Told, format: str) -> Written:
    """Where the format has titles, questions without one are called by how they begin."""
    if format not in UNTITLED:
        told = replace(
            told, questions=tuple(replace(each, title=each.title or _title(each)) for each in told.questions)
        )
    return registry.write(told, format)


def told_of(session: Session, bank: Bank, *, categories: Collection[int] | None = None) -> Told:
    wanted = queries.with_newest().where(Question.bank_id == bank.id, Question.state != QuestionState.RETIRED)
    if categories is not None:
        wanted = wanted.where(Question.category_id.in_(categories))
    found = session.execute(wanted.options(selectinload(Question.tags)).order_by(Question.id))
    listed = [Listed(question=question, version=version) for question, version in found]
    return Told(
        title=bank.title,
        language=bank.language,
        license=bank.license,
        questions=tuple(questions_told(session, bank, listed)),
    )


def questions_told(session: Session, bank: Bank, listed: Iterable[Listed]) -> Iterator[ToldQuestion]:
    """These questions of the bank, in these versions."""
    paths = paths_of(session, bank)
    for each in listed:
        said = writing.Said.of(each.version)
        media = of_bank(session, bank, writing.media_of(said))
        names = {public_id: medium.key for public_id, medium in media.items()}
        told = ToldQuestion(
            kind=said.kind,
            body=renamed(said.body, names) if names else said.body,
            text_format=said.text_format,
            title=each.question.title,
            identifier=each.question.name,
            category=paths[each.question.category_id],
            tags=tuple(tag.word for tag in each.question.tags),
            maximum=said.maximum,
            difficulty=said.difficulty,
            media=tuple(media.values()),
        )
        yield replace(told, place=Place(0, told.title or _title(told)))


def _title(question: ToldQuestion) -> str:
    """How the question begins."""
    text = " ".join(rich.plain(str(question.body["text"]), question.text_format).split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def topic_ids(session: Session, bank: Bank, title: str) -> list[int]:
    """The ids of the topics with this title, and of those within them."""
    branches = queries.tree(session, bank)
    meant = [each.category.public_id for each in branches if each.category.title.casefold() == title.casefold()]
    return [number for public_id in meant for number in queries.with_topics_in_it(branches, public_id)]
