"""The results of a campaign as PDFs in one archive, made by a job: it can be left, and fetched for a day."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from lti_tool import clock, jobs, uploads
from lti_tool.db import db, let_go, transaction
from lti_tool.jobs import Job, JobFailed, JobState, Task
from lti_tool.models import Enrolment, Person
from lti_tool.pages import read_by
from reviews.campaigns.models import Campaign, Target
from reviews.results import paper, reading
from reviews.results.models import Access, ReportSnapshot
from reviews.results.report import Result, title_of

JOB = "review-pdfs"
KEPT = timedelta(days=1)
"""How long it can be fetched: it is full of what was said about people."""
MIMETYPE = "application/zip"
_NOT_IN_NAMES = re.compile(r"[\s\x00-\x1f<>:\"/\\|?*]+")


def init_app(app: Flask) -> None:
    jobs.register(app, JOB, _make)
    uploads.register_keeper(app, _kept)


def ask(session: Session, campaign: Campaign, snapshots: Sequence[ReportSnapshot], *, by: Enrolment) -> Job:
    """Have it made, in the language of whoever asks; the caller commits."""
    body = {"snapshots": [each.id for each in snapshots], "by": by.id}
    return jobs.ask(session, JOB, body, key=_key(campaign, by), course=campaign.course, by=by)


def newest(session: Session, campaign: Campaign, me: Enrolment) -> Job | None:
    """What I asked for last, as long as it can be fetched."""
    return jobs.newest(session, _key(campaign, me), since=KEPT)


def file_of(job: Job | None) -> str:
    return str(job.result.get("file", "")) if job is not None and job.state is JobState.DONE else ""


def forget(session: Session, person: Person) -> int:
    """Every archive that may tell of a person goes, whoever asked for it; how many."""
    courses = select(Enrolment.course_id).where(Enrolment.person_id == person.id)
    found = session.scalars(select(Job).where(Job.kind == JOB, Job.course_id.in_(courses))).all()
    names = [name for each in found if (name := file_of(each))]
    uploads.remove_once_committed(session, names)
    for each in found:
        each.result = {}
    return len(names)


def _key(campaign: Campaign, by: Enrolment) -> str:
    return f"{JOB}:{campaign.public_id}:{by.id}"


def _kept(session: Session, names: Collection[str]) -> Collection[str]:
    wanted = select(Job).where(Job.kind == JOB, Job.state == JobState.DONE, Job.ended > clock.now() - KEPT)
    return [name for each in session.scalars(wanted) if (name := file_of(each)) in names]


def _make(task: Task) -> dict[str, Any]:
    by = db.session.get(Enrolment, task.body["by"])
    if by is None or not paper.is_installed():
        raise JobFailed("PDFs cannot be made here, or nobody waits for them")
    total = len(task.body["snapshots"])
    with uploads.begun() as file, read_by(by):
        with zipfile.ZipFile(file, "w") as archive:
            for done, snapshot in enumerate(task.body["snapshots"], start=1):
                _put(archive, snapshot, by, done)
                let_go()
                task.report(done, total)
        file.seek(0)
        with uploads.kept(FileStorage(file, filename="results.zip")) as name:
            return {"file": name, "results": total}


def _put(archive: zipfile.ZipFile, snapshot_id: int, by: Enrolment, number: int) -> None:
    """One result, noted as taken along; what was taken back meanwhile is left out."""
    with transaction() as session:
        snapshot = session.scalar(_wanted(snapshot_id, by))
        if snapshot is None or snapshot.target is None or not reading.may_release(snapshot.target, by):
            return
        reading.note(session, snapshot, by, Access.PDF, at=clock.now())
        result = Result(snapshot)
        title = title_of(result)
    archive.writestr(f"{number:03} {_NOT_IN_NAMES.sub(' ', title)[:80]}.pdf", paper.written(result, title))


def _wanted(snapshot_id: int, by: Enrolment) -> Any:
    return (
        select(ReportSnapshot)
        .join(ReportSnapshot.target)
        .join(Target.campaign)
        .where(ReportSnapshot.id == snapshot_id, ReportSnapshot.revoked.is_(None), Campaign.course_id == by.course_id)
    )
