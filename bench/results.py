"""Results of reviews as people take them along: a report's page, its PDF, two hundred of them, a hundred thousand rows.

The rows are made and never stored: what the database takes to bring one snapshot is measured elsewhere.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path

from flask import render_template

import mentoring
import quizzes
import reviews
import xapi
from bench.bench import Bench
from bench.micro import timed
from bench.table import Check, Row
from lti_tool import clock
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.models import Course
from lti_tool.tables import excel
from reviews.campaigns.models import Campaign, RaterGroup, Target
from reviews.campaigns.rules import GROUPS, CampaignKind, Purpose
from reviews.disclosure import Policy, Response, publish
from reviews.instruments.models import InstrumentVersion
from reviews.instruments.ready_made import ready_made
from reviews.results import gathering, paper, tables, wording
from reviews.results.concluding import conclude
from reviews.results.models import ReportSnapshot
from reviews.results.published import Answered, Report
from reviews.results.report import Result

PAGE_SECONDS, PDF_SECONDS, PDFS, PDFS_SECONDS = 0.150, 2.0, 200, 240
ROWS, ROWS_SECONDS = 100_000, 10
RATERS = {"self": 1, "mentor": 1, "manager": 1, "peer": 8, "report": 2, "mentee": 3}


def rows(bench: Bench) -> Iterator[Row | Check]:
    bench.say("Results of reviews")
    with _inside():
        result = _result()
        tries = max(bench.size.tries // 40, 3)
        page = timed("Report of a result, laid out as HTML", lambda: _html(result), tries, note="five competencies")
        yield page
        yield from _within(bench, page, PAGE_SECONDS)
        yield from _workbook(bench, result)
        if paper.is_installed():
            yield from _papers(bench, result)


def _papers(bench: Bench, result: Result) -> Iterator[Row | Check]:
    paper.written(result, "Result")
    one = timed(
        "Report of a result as PDF/UA", lambda: paper.written(result, "Result"), max(bench.size.tries // 400, 2)
    )
    yield one
    yield from _within(bench, one, PDF_SECONDS)
    if not bench.size.is_quick:
        began = time.perf_counter()
        for _ in range(PDFS):
            paper.written(result, "Result")
        took = time.perf_counter() - began
        yield Check(what=f"{PDFS} PDFs: within 4 minutes", has_passed=took <= PDFS_SECONDS, found=f"{took:.0f} s")


def _workbook(bench: Bench, result: Result) -> Iterator[Row | Check]:
    lines = list(tables.rows(result))
    number = ROWS // 100 if bench.size.is_quick else ROWS
    began = time.perf_counter()
    excel.write(io.BytesIO(), "Results", ["x"] * 8, islice(cycle(lines), number))
    took = time.perf_counter() - began
    yield Row(what=f"Excel file of results, {number:,} rows", rate=number / took, p50=took)
    if not bench.size.is_quick:
        yield Check(what="Excel: within 10 s", has_passed=took <= ROWS_SECONDS, found=f"{took:.1f} s")


def _within(bench: Bench, row: Row, most: float) -> Iterator[Check]:
    if not bench.size.is_quick and row.p50 is not None:
        yield Check(what=f"{row.what}: within {most:g} s", has_passed=row.p50 <= most, found=f"{row.p50:.3f} s")


@contextmanager
def _inside() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="mentoring-bench-") as name:
        config = Config(
            root=Path(name),
            database_url=f"sqlite:///{name}/bench.sqlite",
            public_url="http://localhost:8000",
            secret_key="only-for-the-bench-" + "x" * 40,
        )
        app = create_app(config, (mentoring, quizzes, reviews, xapi))
        with app.test_request_context():
            yield


def _html(result: Result) -> str:
    fresh = Result(result.snapshot)
    return render_template(
        "review_results/paper.html", result=fresh, title="Result", picture=None, wording=wording, can_act=False
    )


def _result() -> Result:
    content = ready_made()["mentoring_competencies"].content
    campaign = Campaign(
        kind=CampaignKind.REVIEW, title="Spring round", purpose=Purpose.DEVELOPMENT, purpose_words="", course=Course()
    )
    campaign.version = InstrumentVersion(n=1, content=content.as_json(), created=clock.now())
    campaign.groups = [
        RaterGroup(
            place=n, key=each.key, label="", anonymity=each.anonymity, weight=each.weight, comments=each.comments
        )
        for n, each in enumerate(GROUPS[CampaignKind.REVIEW])
        if each.key in RATERS
    ]
    asked = gathering.asked(content, campaign.groups)
    responses = [
        Response(f"{key}{n}", key, {each: 1 + (n * 7 + place) % 5 for place, each in enumerate(content.statements)})
        for key, number in RATERS.items()
        for n in range(number)
    ]
    shown = publish(asked, responses, Policy())
    report = Report(
        shown=shown,
        conclusions=conclude(asked, content, shown, content.profile("mentor")),
        answered=tuple(Answered(key, number, number) for key, number in RATERS.items()),
    )
    target = Target(campaign=campaign, key="bench", profile="mentor")
    return Result(ReportSnapshot(target=target, published=report.as_json(), created=clock.now()))
