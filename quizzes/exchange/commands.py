"""What operators type to bring questions from files, to take them away, and to look into a file first."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock
from lti_tool.db import db, transaction
from lti_tool.models import Course
from lti_tool.terminal import printable
from quizzes.bank import sorting
from quizzes.designing import revising
from quizzes.exchange import banks, giving, quiz_giving, taking
from quizzes.exchange.bringing import drafting
from quizzes.formats import registry
from quizzes.formats.base import About, Format, Written
from quizzes.formats.model import Question
from quizzes.formats.reports import Report, Reporter, Severity
from quizzes.models import Quiz
from quizzes.questions import Bank, Category, QuestionState

questions_group = AppGroup("questions", help="Bring questions from files, and take them away.")
FORMAT = click.option("--format", "wanted", type=click.Choice(registry.NAMES), help="Instead of looking.")
OF_QUIZZES = "qti21"
"""Of the formats that can say a quiz, the one that most systems read."""
BAR = 30
"""Signs of a bar that shows it."""
PATIENCE, SAID_EVERY = 2.0, 1.0
"""Seconds after which it is told how far it is, and then from one time to the next."""
LOOKED_UP = 20
"""Questions from one look at the clock to the next: no format takes longer than a few milliseconds for one."""


def init_app(app: Flask) -> None:
    app.cli.add_command(questions_group)


@questions_group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FORMAT
def check(file: Path, wanted: str | None) -> None:
    """Say what could be read of FILE, and what of it would not be kept. Nothing is written."""
    content, report, about = _content(file), Reporter(), About()
    found = registry.found_format(content, file.name, wanted or "", report)
    number = sum(1 for _question in registry.stream(found, content, report, about)) if found else 0
    banks.tell_of_quizzes(about, report)
    _say(report.done())
    if found:
        click.echo(f"{found.title}{f', {about.encoding}' if about.encoding else ''}: {_counted(number)} can be kept.")
    if report.has_errors:
        raise click.exceptions.Exit(1)


@questions_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bank", help="The public id of a bank; it stands in the address of its page.")
@click.option("--course", help="The public id of a course, to make a new bank in it.")
@click.option("--title", help="What the new bank is called; the name of the file otherwise.")
@click.option("--drafts", is_flag=True, help="Keep all of them as drafts.")
@click.option("--quizzes", is_flag=True, help="Also make a draft of each quiz in FILE.")
@click.option("--again", is_flag=True, help="Also those that the bank has already.")
@FORMAT
def bring(
    file: Path,
    bank: str | None,
    course: str | None,
    title: str | None,
    drafts: bool,
    quizzes: bool,
    again: bool,
    wanted: str | None,
) -> None:
    """Read FILE into a bank of a course: all of its questions or, where that fails, none."""
    content, report, about = _content(file), Reporter(), About()
    found = registry.found_format(content, file.name, wanted or "", report)
    if found is None:
        _say(report.done())
        raise click.exceptions.Exit(1)
    with transaction() as session:
        target = _bank(session, bank) if bank else _new_bank(session, course, title or file.stem)
        about.elsewhere = banks.known(session, target)
        taken = taking.take(
            session,
            target,
            _watched(registry.stream(found, content, report, about), about),
            category=_first_topic(session, target),
            at=clock.now(),
            report=report,
            state=QuestionState.DRAFT if drafts else QuestionState.READY,
            again=again,
            names=about.banks,
        )
        made = []
        if quizzes:
            made = drafting.make_all(session, target, about, taken, called=file.stem, by=None, at=clock.now())
        else:
            banks.tell_of_quizzes(about, report)
        if not taken.made and not bank:
            # Nobody needs a new bank with nothing in it.
            session.rollback()
        name = target.public_id if taken.made or bank else ""
    _say(report.done())
    click.echo(_sentence(found, taken, name))
    for each in made:
        click.echo(printable(_of_draft(each)))
    if not taken.made and report.has_errors:
        raise click.exceptions.Exit(1)


@questions_group.command("export")
@click.argument("source", metavar="ID")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--format", "wanted", type=click.Choice(registry.NAMES), help="Instead of FILE's ending.")
@click.option("--topic", help="Only the topic with this title, and those within it.")
@click.option("--quiz", "is_quiz", is_flag=True, help="ID is that of a quiz: its questions and, in QTI, the quiz.")
def take_away(source: str, file: Path, wanted: str | None, topic: str | None, is_quiz: bool) -> None:
    """Write the questions of a bank (ID: its public id) into FILE, and say what that format cannot say."""
    if is_quiz and topic:
        raise click.ClickException("A quiz goes out as a whole: leave --topic away.")
    format = wanted or (_for_quiz(file) if is_quiz else _by_ending(file))
    written = _of_quiz(source, format) if is_quiz else _of_bank(source, format, topic)
    _write(file, written.content)
    _say(written.report)
    click.echo(f"Written as {registry.FORMATS[format].title}.")
    if is_quiz and format not in registry.SAYING_MORE:
        click.echo(f"These are its questions alone: for the quiz itself, write it with --format {OF_QUIZZES}.")
    if written.ending and file.suffix != f".{written.ending}":
        click.echo(f"With its pictures and recordings it is a {written.ending}: call it {file.stem}.{written.ending}.")


def _content(file: Path) -> bytes:
    """As much of it as tells that it is too long, should it have no end."""
    try:
        with file.open("rb") as opened:
            return opened.read(registry.MOST_BYTES + 1)
    except OSError as wrong:
        raise click.ClickException(f"{printable(file.name)} cannot be read: {_why(wrong)}") from None


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as wrong:
        raise click.ClickException(f"{printable(file.name)} cannot be written: {_why(wrong)}") from None


def _why(wrong: OSError) -> str:
    return f"{(wrong.strerror or 'no reason is known').lower()}. Name another file."


def _of_bank(public_id: str, format: str, topic: str | None) -> Written:
    session = db.session
    source = _bank(session, public_id, may_be_shared=True)
    categories = giving.topic_ids(session, source, topic) if topic else None
    if topic and not categories:
        raise click.ClickException(f"The bank has no topic called {printable(topic)}.")
    return giving.give(session, source, format, categories=categories)


def _of_quiz(public_id: str, format: str) -> Written:
    """As it stands now, published or not."""
    session = db.session
    quiz = session.scalar(select(Quiz).where(Quiz.public_id == public_id))
    if quiz is None:
        raise click.ClickException(f"No quiz {printable(public_id)}; its id stands in the address of its page.")
    revision = revising.newest(session, quiz)
    if quiz_giving.is_empty(session, revision):
        raise click.ClickException("The quiz asks nothing yet, so there is nothing to write.")
    return quiz_giving.give(session, revision, format)


def _for_quiz(file: Path) -> str:
    """What can say a quiz, unless FILE's ending is that of another format alone."""
    ending = _ending_of(file)
    others = {each.ending for each in registry.FORMATS.values()} - {registry.FORMATS[OF_QUIZZES].ending}
    return _by_ending(file) if ending in others else OF_QUIZZES


def _ending_of(file: Path) -> str:
    return file.suffix.removeprefix(".").lower()


def _by_ending(file: Path) -> str:
    ending = _ending_of(file)
    found = next((each.name for each in registry.FORMATS.values() if each.ending == ending), None)
    if found is None:
        raise click.ClickException(
            f"No format is known by the ending of {printable(file.name)}: say which with --format."
        )
    return found


def _bank(session: Session, public_id: str, *, may_be_shared: bool = False) -> Bank:
    found = session.scalar(select(Bank).where(Bank.public_id == public_id))
    if found is None:
        raise click.ClickException(f"No bank {printable(public_id)}; its id stands in the address of its page.")
    if found.course_id is None and not may_be_shared:
        raise click.ClickException("This bank comes with the tool and all courses share it. Name a bank of a course.")
    return found


def _new_bank(session: Session, public_id: str | None, title: str) -> Bank:
    course = session.scalar(select(Course).where(Course.public_id == public_id)) if public_id else None
    if course is None:
        raise click.ClickException(
            "Say where to: --bank with the id of a bank, or --course with the id of a course for a new one; "
            "both stand in the addresses of their pages."
        )
    return sorting.new_bank(session, course, title=title[: sorting.LONGEST_TITLE], language="en", first_category=title)


def _first_topic(session: Session, bank: Bank) -> Category:
    first = select(Category).where(Category.bank_id == bank.id, Category.parent_id.is_(None))
    return session.scalars(first.order_by(Category.position, Category.id).limit(1)).one()


def _watched(questions: Iterable[Question], about: About) -> Iterator[Question]:
    """Says how far it is, once it takes long."""
    due = time.monotonic() + PATIENCE
    for number, question in enumerate(questions, start=1):
        if number % LOOKED_UP == 0 and (now := time.monotonic()) >= due:
            click.echo(_bar(number, about.expected), err=True)
            due = now + SAID_EVERY
        yield question


def _bar(number: int, expected: int) -> str:
    if expected < number:
        return f"{number:,} questions ..."
    done = BAR * number // expected
    return f"[{'#' * done}{'.' * (BAR - done)}] {number:,} of about {expected:,} questions"


def _say(report: Report) -> None:
    from quizzes.formats import wording  # which loads all formats

    for finding in report.findings:
        place = wording.where(finding)
        said = f"{wording.SEVERITIES[finding.severity]}: {wording.sentence(finding)}"
        click.echo(printable(f"{place}: {said}" if place else said), err=True)
    if report.untold:
        click.echo(f"{report.untold:,} more of these are not listed.", err=True)
    losses, errors = report.number(Severity.LOSS), report.number(Severity.ERROR)
    if losses or errors:
        click.echo(f"{errors:,} left out, {losses:,} not kept whole.", err=True)


def _sentence(format: Format, taken: taking.Taken, name: str) -> str:
    said = f"{format.title}: {_counted(len(taken.made))} taken"
    said += f", {taken.drafts:,} of them as drafts" if taken.drafts else ""
    said += f", {taken.known:,} known already" if taken.known else ""
    return f"{said}. The bank is {name}." if name else f"{said}."


def _of_draft(said: drafting.Staged) -> str:
    title = said["title"] or "without a name"
    if not said["quiz"]:
        return f"No draft of the quiz {title}: none of its questions is here."
    told = f"A draft of the quiz {title} is {said['quiz']}"
    told += f"; new tags for its rules: {', '.join(said['tags'])}" if said["tags"] else ""
    told += f"; {_counted(said['missing'])} that it names did not come" if said["missing"] else ""
    return f"{told}; the end of it is left out." if said["is_cut"] else f"{told}."


def _counted(number: int) -> str:
    return f"{number:,} question{'' if number == 1 else 's'}"
