"""A whole campaign as the database holds it: every result put together, and one of them served as a page.

Ten thousand subjects of one course, each rated by ten others of it on forty statements in eight competencies, with
three comments: four million ratings. It runs in a process of its own, for the most that it ever holds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench import processes
from bench import reviews as unstored
from bench.bench import Bench
from bench.figures import percentile
from bench.table import Check, Row
from lti_tool import cli, clock
from lti_tool.app import create_app
from lti_tool.arrivals.sessions import BrowserSession, Visit, hashed
from lti_tool.config import Config
from lti_tool.db import transaction
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing
from reviews.answering.models import Remark, Response
from reviews.campaigns import making
from reviews.campaigns.making import Design
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import CampaignKind
from reviews.instruments import versions
from reviews.instruments.content import Competency, Content, InstrumentKind, Level, OpenQuestion, Scale, Statement
from reviews.results import many
from reviews.results.models import ReportSnapshot

AT_ONCE = 500
AT = datetime(2026, 12, 1, tzinfo=UTC)
GROUPS = ("self", "mentor", "peer", "peer", "peer", "peer", "report", "report", "report", "external")
MOST_SECONDS, MOST_MEMORY, PAGE_SECONDS = 60, 1024, 0.150
LOOKS = 40
SECRET = "a-visit-of-the-bench"


@dataclass
class Measured:
    subjects: int
    seconds: float = 0.0
    cpu: float = 0.0
    mebibytes: float = 0.0
    put_together: int = 0
    pages: list[float] = field(default_factory=list)
    page_cpu: list[float] = field(default_factory=list)


def rows(bench: Bench) -> Iterator[Row | Check]:
    subjects = 200 if bench.size.is_quick else unstored.SUBJECTS
    with ExitStack() as opened:
        urls = {"SQLite": ""}
        if server := bench.scratch_postgres(opened):
            urls["PostgreSQL"] = server
        for name, url in urls.items():
            bench.say(f"Reviews on {name}: {subjects:,} subjects are written, put together and looked at")
            yield from _rows(name, _in_a_process(subjects, url), is_held_to_it=not bench.size.is_quick)


def _in_a_process(subjects: int, url: str) -> Measured:
    command = [sys.executable, "-m", "bench.stored_reviews", str(subjects), url]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1800)
    return Measured(**json.loads(done.stdout))


def _rows(name: str, found: Measured, *, is_held_to_it: bool) -> Iterator[Row | Check]:
    whole, page = (
        f"Results of {found.subjects:,} subjects through the database, {name}",
        f"Page of a result, served, {name}",
    )
    yield Row(
        what=whole,
        rate=found.subjects / found.seconds,
        p50=found.seconds,
        cpu_ms=1000 * found.cpu / found.subjects,
        note="answers read, gate, gaps, agreement, written; CPU of one subject",
    )
    yield Row(
        what=page,
        rate=1 / median(found.pages),
        p50=median(found.pages),
        p95=percentile(found.pages, 95),
        cpu_ms=1000 * median(found.page_cpu),
        note="the whole request, by test client",
    )
    yield Check(what=f"{whole}: all", has_passed=found.put_together == found.subjects, found=f"{found.put_together:,}")
    if is_held_to_it:
        yield Check(
            what=f"{whole}: within {MOST_SECONDS} s",
            has_passed=found.seconds <= MOST_SECONDS,
            found=f"{found.seconds:.1f} s",
        )
        yield Check(
            what=f"{whole}: within {MOST_MEMORY} MiB",
            has_passed=found.mebibytes <= MOST_MEMORY,
            found=f"{found.mebibytes:.0f} MiB",
        )
        yield Check(
            what=f"{page}: within {1000 * PAGE_SECONDS:g} ms",
            has_passed=median(found.pages) <= PAGE_SECONDS,
            found=f"{1000 * median(found.pages):.0f} ms",
        )


def measured(subjects: int, url: str) -> Measured:
    found = Measured(subjects)
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as folder:
        app = _app(Path(folder), url or f"sqlite:///{folder}/reviews.sqlite")
        with app.app_context():
            with transaction() as session:
                campaign, ines = _fill(session, subjects)
            _put_together(found, campaign, ines)
        _look(found, app)
    found.mebibytes = processes.most_held()
    return found


def _app(folder: Path, url: str) -> Flask:
    config = Config(root=folder, database_url=url, secret_key="only-for-the-bench-" + "x" * 40, log_level="ERROR")
    app = create_app(config, (mentoring, quizzes, reviews, xapi))
    with app.app_context():
        cli.prepare_database()
    return app


def _put_together(found: Measured, campaign: int, by: int) -> None:
    """As the job does it: in parts, each a transaction of its own."""
    task = _Task({"campaign": campaign, "by": by, "coach": None, "releases": False, "pools": False})
    began, worked = time.perf_counter(), time.process_time()
    many.work(task)  # type: ignore[arg-type]
    found.seconds, found.cpu = time.perf_counter() - began, time.process_time() - worked
    with transaction() as session:
        found.put_together = many.numbers(session, select(Target.id)).put_together


@dataclass
class _Task:
    body: dict[str, Any]

    def report(self, done: int, total: int) -> None:
        """Nobody looks."""


def _look(found: Measured, app: Flask) -> None:
    """The whole request: who visits, may they, the page, and the note that they have looked."""
    client, addresses = app.test_client(), _addresses(app)
    client.set_cookie("mentoring", SECRET)
    for address in addresses[:3]:
        _get(client, address)
    for address in addresses[3:]:
        began, worked = time.perf_counter(), time.process_time()
        _get(client, address)
        found.pages.append(time.perf_counter() - began)
        found.page_cpu.append(time.process_time() - worked)


def _get(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    assert '<svg class="radar"' in answer.text


def _addresses(app: Flask) -> list[str]:
    with app.app_context(), transaction() as session:
        course = session.scalars(select(Course.public_id)).one()
        wanted = select(ReportSnapshot.public_id).order_by(ReportSnapshot.id).limit(LOOKS + 3)
        return [f"/courses/{course}/reviews/results/{each}" for each in session.scalars(wanted)]


# The campaign


def _fill(session: Session, subjects: int) -> tuple[int, int]:
    """The row numbers of the campaign and of whoever teaches."""
    course = _course(session)
    ines = _people(session, course, subjects)
    campaign = _campaign(session, course, session.get_one(Enrolment, ines))
    ratings = unstored.made_ratings(subjects).tolist()
    for first in range(0, subjects, AT_ONCE):
        _answer(session, campaign, range(first, min(first + AT_ONCE, subjects)), subjects, ratings)
    return campaign.id, ines


def _course(session: Session) -> Course:
    there = "https://lms.example"
    platform = Platform(
        name="The bench's", issuer=there, client_id="bench", auth_url=there, token_url=there, jwks_url=there, created=AT
    )
    deployment = Deployment(platform=platform, deployment_id="1", standing=Standing.ACTIVE, created=AT)
    session.add_all([platform, deployment])
    session.flush()
    course = Course(
        deployment_id=deployment.id, context_id="1", title="Big", label="Big", line_item_scopes=[], created=AT
    )
    session.add(course)
    session.flush()
    return course


def _people(session: Session, course: Course, subjects: int) -> int:
    """Those who are reviewed have the row numbers from 1 on; the last one teaches, and visits."""
    teacher = subjects + 1
    numbers = range(1, teacher + 1)
    platform = course.platform.id
    persons = [
        {"id": n, "platform_id": platform, "subject": f"s{n}", "name": f"Person No. {n}", "created": AT}
        for n in numbers
    ]
    session.execute(insert(Person), persons)
    enrolments = [
        {
            "id": n,
            "course_id": course.id,
            "person_id": n,
            "number": n,
            "role": Role.INSTRUCTOR if n == teacher else Role.LEARNER,
            "created": AT,
        }
        for n in numbers
    ]
    session.execute(insert(Enrolment), enrolments)
    row = BrowserSession(key=hashed(SECRET), person_id=teacher, data={}, expires=clock.now().replace(year=2100))
    session.add(row)
    session.flush()
    session.add(Visit(session_id=row.id, enrolment_id=teacher))
    return teacher


def _campaign(session: Session, course: Course, ines: Enrolment) -> Campaign:
    kind, content = InstrumentKind.REVIEW, _content()
    instrument = versions.make(session, course, kind, "Forty statements", content, by=None, at=AT)
    design = Design(kind=CampaignKind.REVIEW, title="Everybody", version=instrument.newest, closes=AT)
    campaign = making.make(session, course, design, by=ines, at=AT)
    session.flush()
    campaign.phase, campaign.closed = Phase.CLOSED, AT
    return campaign


def _content() -> Content:
    size = unstored.STATEMENTS // unstored.COMPETENCIES
    return Content(
        scale=Scale(levels=tuple(Level(score=score, label=f"Level {score}") for score in unstored.LEVELS)),
        competencies=tuple(
            Competency(
                key=f"c{n}",
                name=f"Competency no. {n} of eight",
                statements=tuple(
                    Statement(key=str(n * size + m), text=f"Does what statement no. {n * size + m} says.")
                    for m in range(size)
                ),
            )
            for n in range(unstored.COMPETENCIES)
        ),
        questions=(OpenQuestion(key="keep", text="What should go on?"),),
    )


def _answer(session: Session, campaign: Campaign, numbers: range, subjects: int, ratings: list[Any]) -> None:
    groups = {group.key: group.id for group in campaign.groups}
    targets = [
        {"id": n + 1, "campaign_id": campaign.id, "key": f"person:{n + 1}", "enrolment_id": n + 1, "closed": AT}
        for n in numbers
    ]
    session.execute(insert(Target), targets)
    assignments, responses, remarks = [], [], []
    for n in numbers:
        for place, key in enumerate(GROUPS):
            about = {"target_id": n + 1, "group_id": groups[key]}
            rater = (n + place * 37) % subjects + 1
            assignments.append({**about, "rater_id": rater, "state": AssignmentState.SUBMITTED})
            said = {str(m): int(score) for m, score in enumerate(ratings[n][place]) if score == score}
            responses.append({**about, "ratings": said, "importance": {}})
            if place in (2, 6, 9):
                remarks.append({**about, "about": "keep", "text": "Listens, and asks before deciding."})
    for table, found in ((Assignment, assignments), (Response, responses), (Remark, remarks)):
        session.execute(insert(table), found)


if __name__ == "__main__":
    print(json.dumps(asdict(measured(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""))))
