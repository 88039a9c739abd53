"""Reminders: a night's sweep over a large tool, what two workers make of ten thousand nudges, and who fades.

Each part is done by processes of its own, so that what they held is theirs alone. A quarter of the mentorships has a
meeting booked, a quarter has met lately, a quarter should have met again, and a quarter has become quiet. While the
sweep writes, somebody else writes something small again and again, and says how long it had to wait.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

import mentoring
import quizzes
import reviews
import xapi
from bench import processes, speed
from bench.bench import Bench
from bench.figures import work
from bench.table import Check, Row
from lti_tool import cli, clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import Base, db, table, transaction
from lti_tool.models import Course, Deployment, Enrolment, Person, Platform, Role, Standing
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Letter, LetterState
from lti_tool.running.delivering import drain
from mentoring.mentorships.models import Membership, Mentorship, Origin, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.mentorships.timeline.models import Step, TimelineEntry
from mentoring.mentorships.timeline.reaching import due
from mentoring.participants.models import Participant
from mentoring.programs.choices import Channel
from mentoring.programs.models import Cohort
from mentoring.programs.starting import ensure
from mentoring.together.meetings.models import Meeting, MeetingEntry, MeetingState
from mentoring.together.nudges.fading import Wanted, first_few, page_of
from mentoring.together.nudges.models import Nudge
from mentoring.together.nudges.saying import NUDGES
from mentoring.together.nudges.sweeping import LANE, sweep
from tools.installing import ROOT

MENTORSHIPS, IN_A_COURSE = 20_000, 1_000
FEW, IN_A_FEW = 200, 100
NUDGES_TO_SEND = 10_000
LONGEST_SWEEP, MOST_MEMORY = 60.0, 300
"""Seconds, and MiB that the process doing it may hold."""
LONGEST_WAIT = 0.5
"""Seconds that somebody else who writes may wait for SQLite's writer meanwhile."""
MOST_OF_A_PAGE = 0.15
"""Seconds for the list of those that fade in a course of a thousand mentorships."""
SECRET = "only-for-the-bench-" + "x" * 40
BEGAN = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
NIGHT = datetime(2026, 10, 30, 2, 30, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=11, minutes=30)
"""Two o'clock in the afternoon, which is day everywhere in `ZONES`."""
A_DAY = timedelta(days=1)
ZONES = ("Europe/Vienna", "America/New_York", "Asia/Kolkata", "UTC")


@dataclass(frozen=True)
class Place:
    """A tool's database and folder, for the processes that work on it."""

    name: str
    url: str
    folder: Path

    def app(self) -> Flask:
        config = Config(root=self.folder, database_url=self.url, secret_key=SECRET, log_level="ERROR")
        return create_app(config, (mentoring, quizzes, reviews, xapi))

    def begin(self, what: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bench.silence", what, self.url, str(self.folder)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def rows(bench: Bench) -> Iterator[Row | Check]:
    for kind in ("SQLite", "PostgreSQL"):
        with ExitStack() as opened:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="mentoring-bench-")))
            url = f"sqlite:///{folder}/mentoring.sqlite" if kind == "SQLite" else bench.scratch_postgres(opened)
            if url:
                yield from measured(bench, Place(kind, url, folder))


def measured(bench: Bench, place: Place) -> Iterator[Row | Check]:
    number, each = (FEW, IN_A_FEW) if bench.size.is_quick else (MENTORSHIPS, IN_A_COURSE)
    bench.say(f"Reminders on {place.name}: {number:,} mentorships are written")
    app = place.app()
    with app.app_context():
        cli.prepare_database()
        for first in range(0, number, each):
            with transaction() as session:
                _fill(session, first, each)
        db.engine.dispose()
    bench.say(f"Reminders on {place.name}: a night's sweep, and the next")
    yield from _swept(place, number, is_quick=bench.size.is_quick)
    yield from _faded(app, place, each, is_quick=bench.size.is_quick)
    bench.say(f"Reminders on {place.name}: two workers send them")
    yield from _sent(app, place, is_quick=bench.size.is_quick)


def _swept(place: Place, number: int, *, is_quick: bool) -> Iterator[Row | Check]:
    index = speed.index()
    sweeping = place.begin("sweep")
    waits = _meanwhile(place, sweeping)
    first = _said(sweeping)
    again = _said(place.begin("sweep"))
    yield Row(
        what=f"Sweep {number:,} mentorships, {place.name}",
        rate=number / first["seconds"],
        p50=first["seconds"],
        cpu_ms=1000 * first["cpu"],
        work=work(1000 * first["cpu"], index),
        note=f"{first['planned']:,} nudges, {first['memory']:.0f} MiB; the same night again {again['seconds']:.1f} s",
    )
    yield Check(
        what=f"Reminders, {place.name}: half of them need a nudge, and a second sweep plans nothing more",
        has_passed=first["planned"] == number and again["planned"] == 0,
        found=f"{first['planned']:,} and {again['planned']:,}",
    )
    if not is_quick:
        yield Check(
            what=f"Reminders, {place.name}: {number:,} mentorships within {LONGEST_SWEEP:.0f} s and {MOST_MEMORY} MiB",
            has_passed=first["seconds"] <= LONGEST_SWEEP and first["memory"] <= MOST_MEMORY,
            found=f"{first['seconds']:.1f} s, {first['memory']:.0f} MiB",
        )
        yield Check(
            what=f"Reminders, {place.name}: meanwhile nobody who writes waits longer than {LONGEST_WAIT:g} s",
            has_passed=bool(waits) and max(waits) <= LONGEST_WAIT,
            found=f"{max(waits, default=0):.2f} s at most, {len(waits)} times written",
        )


def _meanwhile(place: Place, sweeping: subprocess.Popen[str]) -> list[float]:
    """How long somebody else's writing took, each time, while that process ran."""
    engine, waits = create_engine(place.url.replace("postgresql:", "postgresql+psycopg:")), []
    write = text("UPDATE platform SET name = name")
    while sweeping.poll() is None:
        began = time.perf_counter()
        with engine.begin() as connection:
            connection.execute(write)
        waits.append(time.perf_counter() - began)
        time.sleep(0.05)
    engine.dispose()
    return waits


def _faded(app: Flask, place: Place, number: int, *, is_quick: bool) -> Iterator[Row | Check]:
    """What a home page and the page of the list ask of the database, in one course."""
    with app.app_context(), app.test_request_context(), clock.moved_to(NIGHT):
        cohort = db.session.scalars(select(Cohort).order_by(Cohort.id).limit(1)).one()
        for what, wanted in (
            ("The ten worst for a home page", None),
            ("A page of those that fade", Wanted()),
            ("The same, looking for a name", Wanted(search="Person 1")),
        ):
            seconds, cpu = [], []
            for _turn in range(5):
                db.session.expunge_all()
                began, worked = time.perf_counter(), time.process_time()
                found, every = (
                    page_of(db.session, cohort, wanted, at=NIGHT) if wanted else first_few(db.session, cohort, at=NIGHT)
                )
                seconds.append(time.perf_counter() - began)
                cpu.append(time.process_time() - worked)
            best = sorted(seconds)[2]
            yield Row(
                what=f"{what} of {number:,} mentorships, {place.name}",
                p50=best,
                cpu_ms=1000 * sorted(cpu)[2],
                note=f"{len(found)} of {every:,}",
            )
            if not is_quick:
                yield Check(
                    what=f"{what} of {number:,}, {place.name}: within {1000 * MOST_OF_A_PAGE:.0f} ms",
                    has_passed=best <= MOST_OF_A_PAGE,
                    found=f"{1000 * best:.0f} ms",
                )
        db.engine.dispose()


def _sent(app: Flask, place: Place, *, is_quick: bool) -> Iterator[Row | Check]:
    with app.app_context():
        wanted = _keep(FEW // 2 if is_quick else NUDGES_TO_SEND)
        db.engine.dispose()
    index, began = speed.index(), time.perf_counter()
    workers = [place.begin("work") for _ in range(2)]
    said = [_said(worker) for worker in workers]
    seconds, cpu = time.perf_counter() - began, sum(each["cpu"] for each in said)
    with app.app_context():
        found = _counted()
        db.engine.dispose()
    # A few are done by whichever of them has started first.
    have_shared = is_quick or min(each["tried"] for each in said) > 0
    mails = len(list((place.folder / "var" / "mail").glob("*.eml")))
    carried = " and ".join(f"{each['tried']:,}" for each in said)
    yield Row(
        what=f"Send {wanted.nudges:,} nudges, two workers, {place.name}",
        rate=wanted.nudges / seconds,
        p50=seconds,
        cpu_ms=1000 * cpu / max(wanted.nudges, 1),
        work=work(1000 * cpu / max(wanted.nudges, 1), index),
        note=f"{wanted.people:,} people, {wanted.mailed:,} of them by mail; letters tried {carried}; starts included",
    )
    yield Check(
        what=f"Reminders, {place.name}: of {wanted.nudges:,} nudges each is told once, by one notice for each person",
        has_passed=found == (wanted.nudges, wanted.people, wanted.nudges, 0) and have_shared,
        found=f"{found[0]:,} told in {found[2]:,} lines of {found[1]:,} notices, {found[3]} letters left",
    )
    yield Check(
        what=f"Reminders, {place.name}: one mail for each who is mailed",
        has_passed=mails == wanted.mailed,
        found=f"{mails:,} of {wanted.mailed:,}",
    )


@dataclass(frozen=True)
class Expected:
    nudges: int
    people: int
    mailed: int


def _keep(most: int) -> Expected:
    """Only so many of the nudges that were planned, and what is to become of them."""
    with transaction() as session:
        last = session.scalars(select(Nudge.id).order_by(Nudge.id).offset(most - 1).limit(1)).one()
        session.execute(delete(Nudge).where(Nudge.id > last))
    told = select(func.count(Nudge.person_id.distinct()))
    mailed = told.join(Person, Person.id == Nudge.person_id).where(Person.email != "")
    return Expected(most, db.session.scalar(told) or 0, db.session.scalar(mailed) or 0)


def _counted() -> tuple[int, int, int, int]:
    """Nudges that were told, notices, their lines, and letters that are left."""
    told = db.session.scalar(select(func.count()).select_from(Nudge).where(Nudge.sent.is_not(None))) or 0
    notices = db.session.scalars(select(PersonalNotice.paragraphs).where(PersonalNotice.kind == NUDGES)).all()
    left = select(func.count()).select_from(Letter).where(Letter.state != LetterState.DELIVERED)
    lines = sum(len(each) - 1 for each in notices)
    return told, len(notices), lines, db.session.scalar(left.where(Letter.lane.startswith(LANE))) or 0


def _said(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _err = process.communicate(timeout=1200)
    assert process.returncode == 0, out
    told: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return told


def _fill(session: Session, first: int, number: int) -> None:
    """A course with so many pairs under way: half as many mentors, with two mentees each."""
    course = _course(session, first)
    with clock.moved_to(BEGAN):
        cohort = ensure(session, course, at=BEGAN)
    kind = cohort.version.kinds[0]
    people = number // 2 * 3
    participants = _participants(session, course, cohort, people, first)
    mentors, mentees = participants[: number // 2], participants[number // 2 :]
    pairs = _rows(
        session,
        Mentorship,
        [
            {
                "cohort_id": cohort.id,
                "kind_id": kind.id,
                "state": MentorshipState.ACTIVE,
                "origin": Origin.ASSIGNED,
                "started": BEGAN,
                "planned_end": BEGAN + 120 * A_DAY,
                "created": BEGAN,
            }
            for _ in range(number)
        ],
    )
    members = [
        {"mentorship_id": pair, "participant_id": who, "part": part, "since": BEGAN}
        for place, pair in enumerate(pairs)
        for who, part in ((mentors[place // 2], Part.MENTOR), (mentees[place], Part.MENTEE))
    ]
    session.execute(insert(table(Membership)), members)
    ends = BEGAN + 120 * A_DAY
    steps = [
        {"mentorship_id": pair, "step": step, "due": due(step, BEGAN, ends), "done": _done(due(step, BEGAN, ends))}
        for pair in pairs
        for step in Step
    ]
    session.execute(insert(table(TimelineEntry)), steps)
    _meet(session, pairs, mentees)


def _done(moment: datetime) -> datetime | None:
    return min(moment, BEGAN + 15 * A_DAY) if moment < NIGHT + 3 * A_DAY else None


def _course(session: Session, first: int) -> Course:
    deployment = session.scalars(select(Deployment).limit(1)).one_or_none()
    if deployment is None:
        told = dict.fromkeys(("auth_url", "token_url", "jwks_url"), "https://campus.example/lti")
        platform = Platform(name="Campus", issuer="https://campus.example", client_id="bench", created=BEGAN, **told)
        deployment = Deployment(platform=platform, deployment_id="1", standing=Standing.ACTIVE, created=BEGAN)
        session.add(deployment)
    course = Course(deployment=deployment, context_id=f"c{first}", title=f"Course {first}", label="C", created=BEGAN)
    session.add(course)
    session.flush()
    return course


def _participants(session: Session, course: Course, cohort: Cohort, number: int, first: int) -> list[int]:
    """Every fourth of them has an address, and they live in four time zones."""
    persons = _rows(
        session,
        Person,
        [
            {
                "platform_id": course.deployment.platform_id,
                "subject": f"{first}-{place}",
                "name": f"Person {first}-{place}",
                "email": f"p{first}-{place}@school.example" if place % 4 == 3 else "",
                "time_zone": ZONES[place // 2 % len(ZONES)],
                "created": BEGAN,
            }
            for place in range(number)
        ],
    )
    enrolments = _rows(
        session,
        Enrolment,
        [
            {
                "course_id": course.id,
                "person_id": person,
                "role": Role.LEARNER,
                "number": place,
                "created": BEGAN,
            }
            for place, person in enumerate(persons, start=1)
        ],
    )
    parts = [{"cohort_id": cohort.id, "enrolment_id": each, "created": BEGAN} for each in enrolments]
    return _rows(session, Participant, parts)


QUARTERS = (NIGHT - 4 * A_DAY, NIGHT - 5 * A_DAY, NIGHT - 16 * A_DAY, NIGHT - 40 * A_DAY)
"""When those of each quarter last met."""


def _meet(session: Session, pairs: list[int], mentees: list[int]) -> None:
    meetings, who = [], []
    for place, (pair, mentee) in enumerate(zip(pairs, mentees, strict=True)):
        last = QUARTERS[place % 4]
        moments = [(last - 14 * A_DAY * back, MeetingState.HELD) for back in range(3)]
        moments += [(NIGHT + 5 * A_DAY, MeetingState.PLANNED)] if place % 4 == 0 else []
        for starts, state in moments:
            who.append((mentee, starts))
            meetings.append(
                {
                    "mentorship_id": pair,
                    "state": state,
                    "starts": starts,
                    "minutes": 60,
                    "timezone": "UTC",
                    "channel": Channel.ANY,
                    "planned_by_id": mentee,
                    "created": starts - A_DAY,
                    "changed": starts,
                }
            )
    made = _rows(session, Meeting, meetings)
    session.execute(
        insert(table(MeetingEntry)),
        [
            {"meeting_id": meeting, "participant_id": by, "has_attended": True, "written": at, "changed": at}
            for meeting, (by, at) in zip(made, who, strict=True)
            if at < NIGHT
        ],
    )


def _rows(session: Session, model: type[Base], values: list[dict[str, Any]]) -> list[int]:
    """Put these rows there; their ids, in order."""
    made = session.scalars(insert(table(model)).returning(table(model).c.id, sort_by_parameter_order=True), values)
    return list(made)


def main(what: str, url: str, folder: str) -> None:
    """One of the processes that do the work; the last line it prints is what it found."""
    app = Place("", url, Path(folder)).app()
    began, worked = time.perf_counter(), time.process_time()
    found: dict[str, Any] = {}
    if what == "sweep":
        with app.app_context(), clock.moved_to(NIGHT):
            found["planned"] = sweep(at=NIGHT)
    else:
        with clock.moved_to(MORNING):
            found["tried"] = drain(app, rounds=100_000)
            # What the other one still holds is given back soon.
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and _is_left(app):
                time.sleep(0.2)
                found["tried"] += drain(app, rounds=100_000)
    found |= {"seconds": time.perf_counter() - began, "cpu": time.process_time() - worked}
    print(json.dumps({**found, "memory": processes.most_held()}))


def _is_left(app: Flask) -> bool:
    with app.app_context():
        due = select(Letter.id).where(Letter.state == LetterState.WAITING, Letter.due <= clock.now()).limit(1)
        return db.session.scalar(due) is not None


if __name__ == "__main__":
    main(*sys.argv[1:])
