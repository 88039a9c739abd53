"""All results of a campaign as PDFs in one archive, made by a job."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool import clock, uploads
from lti_tool.jobs import Job
from lti_tool.running import working
from reviews.results import packing, paper
from reviews.results.models import Access, ResultAccess
from tests.reviews.conftest import LATER
from tests.reviews.results.conftest import Results

pytestmark = pytest.mark.skipif(not paper.is_installed(), reason=f"Pango is not installed (on Debian: {paper.HOW})")


@pytest.fixture
def asked(results: Results, visit):
    """Ines has asked for all results of a campaign: there is Leo's."""
    campaign, target = results.round_of()
    snapshot, ines = results.frozen(target), visit(results.reviews.school.ines)
    here = f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results"
    assert "Prepare all as PDF" in ines.get(here).text
    assert ines.post(f"{here}/pdfs").status_code == 302
    return snapshot, ines, here


def test_each_stands_in_the_archive_and_is_noted(app, results: Results, asked):
    snapshot, ines, here = asked
    assert "Is being prepared" in ines.get(here).text

    working.drain(app)
    page, answer = ines.get(here), ines.get(f"{here}/results.zip", buffered=True)

    assert "Fetch the archive" in page.text
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.namelist() == ["001 Leo Baum Spring round.pdf"]
    assert archive.read(archive.namelist()[0]).startswith(b"%PDF-")
    looked = results.reviews.session.scalars(select(ResultAccess)).all()
    assert [(each.snapshot_id, each.viewer.name, each.action) for each in looked] == [
        (snapshot.id, "Ines Torres", Access.PDF)
    ]


def test_only_whoever_asked_fetches_it_and_for_a_day(app, results: Results, asked, visit, monkeypatch):
    _snapshot, ines, here = asked
    working.drain(app)
    second = results.reviews.school.join("Second", results.reviews.school.ines.role)

    assert visit(second).get(f"{here}/results.zip").status_code == 404
    assert visit(results.reviews.school.leo).get(f"{here}/results.zip").status_code == 404
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, minutes=1))
    assert ines.get(f"{here}/results.zip").status_code in (401, 404)


def test_what_was_taken_back_meanwhile_is_left_out(app, results: Results, asked):
    snapshot, ines, here = asked
    snapshot.revoked = LATER
    results.reviews.session.commit()

    working.drain(app)

    assert zipfile.ZipFile(io.BytesIO(ines.get(f"{here}/results.zip", buffered=True).data)).namelist() == []


def test_when_somebody_of_it_is_erased_it_goes(app, results: Results, asked):
    _snapshot, ines, here = asked
    working.drain(app)
    job = results.reviews.session.scalars(select(Job).where(Job.kind == packing.JOB)).one()
    results.reviews.session.refresh(job)
    name = packing.file_of(job)
    assert uploads.path_of(name).exists()

    assert packing.forget(results.reviews.session, results.reviews.school.leo.person) == 1
    results.reviews.session.commit()

    assert not uploads.path_of(name).exists()
    assert ines.get(f"{here}/results.zip").status_code == 404
