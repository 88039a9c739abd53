"""The pages of a campaign after a rater was erased, and after it was reduced to what was published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lti_tool import personal_data
from lti_tool.models import Enrolment
from reviews import retaining
from reviews.campaigns.models import Campaign
from reviews.results import cohort
from reviews.results.models import ReportSnapshot
from tests.reviews.conftest import LATER
from tests.reviews.results.conftest import Results

MANY_DAYS = timedelta(days=800)


@pytest.fixture
def released(results: Results) -> tuple[Campaign, ReportSnapshot]:
    """What Leo and five peers have said of Leo, released, with the figures of everybody."""
    campaign, target = results.round_of()
    snapshot = results.released(target)
    cohort.freeze(results.reviews.session, campaign, by=results.reviews.school.ines, at=LATER)
    results.reviews.session.commit()
    return campaign, snapshot


def pages(results: Results, campaign: Campaign, snapshot: ReportSnapshot) -> dict[str, str]:
    """The address of every page that tells of the campaign."""
    course = f"/courses/{campaign.course.public_id}"
    here = f"{course}/reviews/campaigns/{campaign.public_id}"
    [target] = campaign.targets
    return {
        "home": f"{course}/",
        "reviews": f"{course}/reviews/",
        "campaign": here,
        "raters": f"{here}/people/{target.public_id}",
        "results": f"{here}/results",
        "everybody": f"{here}/results/everybody",
        "report": results.address(snapshot),
        "excel": results.address(snapshot, "/result.xlsx"),
    }


def shown(results: Results, visit, released, who: Enrolment) -> dict[str, str]:
    campaign, snapshot = released
    client, found = visit(who), {}
    for name, page in pages(results, campaign, snapshot).items():
        answer = client.get(page)
        assert answer.status_code == 200, (name, answer.status_code)
        found[name] = "" if name == "excel" else answer.text
    return found


def erase(results: Results, who: Enrolment) -> None:
    personal_data.erase(results.reviews.session, who.person, at=LATER)
    results.reviews.session.commit()
    results.reviews.session.expire_all()


def test_of_an_erased_rater_no_page_says_anything_and_the_report_stays(results: Results, visit, released):
    ines = results.reviews.school.ines
    before = shown(results, visit, released, ines)
    assert "Ana" in before["raters"]

    erase(results, results.reviews.peers[0])
    after = shown(results, visit, released, ines)

    assert [name for name, page in after.items() if name != "report" and "Ana" in page] == []
    assert "Peers 5 of 5" in after["report"]
    assert "4 of 4" in after["campaign"]


def test_somebody_erased_who_had_looked_is_nobody_on_the_page(results: Results, visit, released):
    _campaign, snapshot = released
    other = results.reviews.school.join("Second Teacher", results.reviews.school.ines.role)
    visit(other).get(results.address(snapshot))
    assert "Second Teacher looked at this page" in visit(results.reviews.school.leo).get(results.address(snapshot)).text

    erase(results, other)

    page = visit(results.reviews.school.leo).get(results.address(snapshot)).text
    assert "Somebody who was erased looked at this page" in page
    assert "Second Teacher" not in page


def test_reduced_to_what_was_published_every_page_shows_the_same(results: Results, visit, released):
    campaign, snapshot = released
    ines, leo = results.reviews.school.ines, results.reviews.school.leo
    before = shown(results, visit, released, ines)
    mine = visit(leo).get(results.address(snapshot)).text

    retaining.reduce(results.reviews.session, campaign, at=LATER + MANY_DAYS)
    results.reviews.session.commit()
    after = shown(results, visit, released, ines)

    for name in ("report", "everybody"):
        start = '<section aria-labelledby="competencies">'
        assert (
            after[name][after[name].index(start) :].partition("Who has looked")[0]
            == (before[name][before[name].index(start) :].partition("Who has looked")[0])
        )
    assert "Peers 5 of 5" in visit(leo).get(results.address(snapshot)).text
    assert "Thanks, says Ana" in mine
    assert "Put the results together" not in after["results"]


def test_what_is_taken_back_after_that_is_gone_and_the_page_says_so(results: Results, visit, released):
    campaign, snapshot = released
    retaining.reduce(results.reviews.session, campaign, at=LATER + MANY_DAYS)
    results.reviews.session.commit()
    ines = visit(results.reviews.school.ines)

    ines.post(results.address(snapshot, "/take-back"), data={"why": "A mistake"})
    page = ines.post(
        f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results/put-together",
        follow_redirects=True,
    )

    assert page.status_code == 200
    assert "no result can be put together any more" in page.text
