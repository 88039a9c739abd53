"""Banks by what files know them by: which are there already, and what those of a file become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.formats.base import About
from quizzes.formats.model import Path
from quizzes.formats.reports import Odd, Reporter
from quizzes.questions import Bank, Category

LONGEST_NAME = 64


def known(session: Session, bank: Bank) -> Mapping[str, str]:
    """The banks and topics of the course, and those that all courses share, by what files know them by.

    A topic that came in a file is called there what the file called its bank.
    """
    of_course = (Bank.course_id == bank.course_id) | Bank.course_id.is_(None)
    topics = session.execute(
        select(Category.name, Category.title, Bank.title).join(Bank, Bank.id == Category.bank_id).where(of_course)
    )
    found = {name: f"{of_bank} / {title}" for name, title, of_bank in topics}
    return {**found, **dict(session.execute(select(Bank.name, Bank.title).where(of_course)).all())}


def place_of(session: Session, bank: Bank, identifier: str) -> tuple[Bank, int | None] | None:
    """The bank that a file means by this, and the topic in it; this one goes before others, a bank before topics."""
    here = (Bank.course_id == bank.course_id) | Bank.course_id.is_(None)
    nearest = (Bank.id != bank.id, Bank.course_id.is_(None), Bank.id)
    whole = session.scalars(select(Bank).where(here, Bank.name == identifier).order_by(*nearest)).first()
    if whole is not None:
        return whole, None
    topics = select(Bank, Category.id).join(Category, Category.bank_id == Bank.id)
    topic = session.execute(topics.where(here, Category.name == identifier).order_by(*nearest)).first()
    return (topic[0], topic[1]) if topic else None


def tell_of_quizzes(about: About, report: Reporter) -> None:
    """Only the questions of a file are taken: what its quizzes are like is not."""
    for each in about.quizzes:
        report.note(Odd.QUIZ_NOT_MADE, each.place, what=each.title)


def told(about: About) -> list[dict[str, Any]]:
    """The banks of a file and those that it draws from, as rows that can be kept."""
    wanted = {each.identifier: each for each in about.references}
    here = [{"identifier": name, "path": list(path), "known": ""} for name, path in about.banks.items()]
    others = [
        {
            "identifier": each.identifier,
            "title": each.title,
            "path": [],
            "known": about.elsewhere.get(each.identifier, ""),
        }
        for each in wanted.values()
        if each.identifier not in about.banks
    ]
    return [{"title": "", "quiz": _quiz(wanted, str(each["identifier"])), **each} for each in (*here, *others)]


def _quiz(wanted: Mapping[str, Any], identifier: str) -> str:
    found = wanted.get(identifier)
    return found.quiz if found else ""


def drawn_from(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that quizzes of the file draw from; what is missing first."""
    return sorted((each for each in rows if each["quiz"]), key=lambda each: bool(each["path"] or each["known"]))


def paths(rows: list[dict[str, Any]]) -> dict[str, Path]:
    """The topics that these have become, by what the file knows them by."""
    return {str(each["identifier"]): tuple(each["path"]) for each in rows if each["path"]}
