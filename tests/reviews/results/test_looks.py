"""A whole report in Chromium: axe and our own measures find nothing, wide, narrow and on paper."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Route, sync_playwright

from reviews.answering.said import Said
from reviews.campaigns.rules import PEER, REPORT
from reviews.instruments.ready_made import ready_made
from reviews.results import freezing
from reviews.results.models import ReportSnapshot
from tests.browser.aside import aside
from tests.browser.conftest import ARGUMENTS, CHROMIUMS
from tests.browser.inspecting import faults_of
from tests.browser.people import NARROW, WIDE
from tests.reviews.conftest import LATER, Reviews
from tests.reviews.results.conftest import Results

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]
STATIC = Path(__file__).parents[3] / "lti_tool" / "static"
SHOTS = os.environ.get("SHOTS", "")


def whole(reviews: Reviews) -> ReportSnapshot:
    """Leo as a mentor, said by himself, Maya, nine peers and two reports; not released yet."""
    school, ready, chance = reviews.school, ready_made()["mentoring_competencies"], random.Random(3)
    reviews.content = ready.content
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    campaign, [target] = reviews.review_of(school.leo)
    target.profile = "mentor"
    people = reviews.join(*(f"Peer {n}" for n in range(9)), "First Report", "Second Report")
    reviews.name(target, people[:9], PEER)
    reviews.name(target, people[9:], REPORT)
    reviews.collect(campaign)
    for assignment in list(target.assignments):
        usual = 5 if assignment.group.key == "self" else 3
        ratings = {
            key: min(5, max(1, usual + chance.choice((-1, 0, 0, 1)) + (key[0] == "t")))
            for key in ready.content.statements
        }
        words = {"keep": f"Listens. {assignment.rater_name}", "trust": "Keeps what was told in confidence."}
        reviews.answer(assignment, Said(ratings=ratings, comments=words))
    reviews.close(campaign)
    snapshot = freezing.freeze(reviews.session, target, by=school.ines, at=LATER)
    reviews.session.commit()
    return snapshot


@pytest.fixture
def pages(results: Results, visit, app) -> dict[str, bytes]:
    """What Ines is shown before it is released, and Leo after it, with all that it loads."""
    snapshot, school = whole(results.reviews), results.reviews.school
    ines, leo = visit(school.ines), visit(school.leo)
    listed = f"/courses/{school.course.public_id}/reviews/campaigns/{snapshot.target.campaign.public_id}/results"
    shown = {"/instructor": ines.get(results.address(snapshot)).data, "/list": ines.get(listed).data}
    ines.post(results.address(snapshot, "/release"))
    shown["/subject"] = leo.get(results.address(snapshot)).data
    for name in ("mentoring.css", "vendor/modern-normalize-3.0.1/modern-normalize.css"):
        shown[f"/static/{name}"] = (STATIC / name).read_bytes()
    return shown


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_nothing_is_wrong_with_its_pages(pages: dict[str, bytes], size):
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed (on Debian: apt-get install chromium)")

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://localhost").partition("?")[0]
        kind = "text/css" if path.endswith(".css") else "text/html"
        route.fulfill(body=pages.get(path, b""), content_type=kind)

    def look() -> dict[str, list[str]]:
        found = {}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            page.route("**/*", answer)
            for name in ("/instructor", "/list", "/subject"):
                page.goto(f"http://localhost{name}")
                found[name] = faults_of(page.main_frame)
                if SHOTS:
                    page.screenshot(path=Path(SHOTS) / f"{name[1:]}-{size[0]}.png", full_page=True)
            page.emulate_media(media="print")
            found["paper"] = [
                each
                for each in (".page-header nav", ".actions", ".one-button")
                if page.locator(each).first.is_visible()
            ]
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"paper-{size[0]}.png", full_page=True)
            browser.close()
        return found

    assert aside(look) == {"/instructor": [], "/list": [], "/subject": [], "paper": []}
