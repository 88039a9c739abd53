"""What is said of a program: its result, quotes of those who agreed, and a card on the home page of those who teach."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from mentoring.programs.models import Cohort
from mentoring.programs.starting import plan
from reviews.answering.said import Said
from reviews.campaigns.rules import CampaignKind
from reviews.instruments.content import OpenQuestion
from reviews.results import freezing
from tests.mentoring.asking import designed
from tests.mentoring.reading import words
from tests.reviews.conftest import CONTENT, LATER, Reviews

ASKED = replace(CONTENT, questions=(OpenQuestion(key="helped", text="What helped?", may_be_quoted=True),))


def surveyed(reviews: Reviews, agree: int, **others: Any):
    """Seven of a course are asked, and answer; so many of them may be quoted."""
    reviews.content = ASKED
    if not reviews.peers:
        reviews.join("Ana", "Ben", "Cem", "Dana")
    campaign = reviews.campaign(CampaignKind.SURVEY, **{"title": "How it goes", **others})
    reviews.collect(campaign)
    [target] = campaign.targets
    for n, assignment in enumerate(target.assignments):
        quotable = frozenset({"helped"} if n < agree else ())
        said = Said(ratings=dict.fromkeys(ASKED.statements, 4), comments={"helped": f"No. {n}"}, quotable=quotable)
        reviews.answer(assignment, said)
    reviews.close(campaign)
    snapshot = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    reviews.session.commit()
    return snapshot


@pytest.mark.parametrize(("agree", "quoted"), [(5, {f"No. {n}" for n in range(5)}), (4, set())])
def test_only_those_who_agreed_are_quoted_and_only_if_they_are_enough(reviews: Reviews, agree: int, quoted: set[str]):
    snapshot = surveyed(reviews, agree)

    assert {each["text"] for each in snapshot.published["words"]} == quoted


def test_instructors_read_it_and_have_it_on_their_home_page(reviews: Reviews, visit):
    course = f"/courses/{reviews.school.course.public_id}"
    ines, leo = visit(reviews.school.ines), visit(reviews.school.leo)
    assert "What people say of the program" not in ines.get(f"{course}/").text
    snapshot = surveyed(reviews, 5)
    here = f"{course}/reviews/results/{snapshot.public_id}"

    home, page = ines.get(f"{course}/").text, ines.get(here).text

    assert "What people say of the program" in home
    assert here in home
    assert "Listening 4.0" in home
    assert "only those are quoted who said that they may be" in page
    assert "What people say of the program" not in leo.get(f"{course}/").text
    assert leo.get(here).status_code == 404


@pytest.fixture
def measured(reviews: Reviews) -> Cohort:
    """A run whose success is measured by something."""
    designed(reviews.school, kpis=["Mentees who would recommend it (survey)"])
    cohort = reviews.school.cohort
    cohort.title = "Spring"
    reviews.session.commit()
    return cohort


def test_what_people_say_stands_beside_what_success_is_measured_by(reviews: Reviews, visit, measured: Cohort):
    ines = visit(reviews.school.ines)
    program = f"/courses/{reviews.school.course.public_id}/mentoring/program"
    run = f"{program}/runs/{measured.public_id}"
    assert "What people say of it" not in ines.get(run).text
    surveyed(reviews, 5, cohort=measured)

    pages = [ines.get(run).text, ines.get(f"{program}/results").text]

    for page in pages:
        assert page.index("Mentees who would recommend it (survey)") < page.index("What helped?") < page.index("No. 4")
        assert "No. 5" not in page
        assert "7 of 7" in page
    assert [visit(reviews.school.leo).get(f"{program}/results").status_code] == [403]


def test_the_figures_beside_the_measures_are_those_of_the_evaluation(reviews: Reviews, visit, measured: Cohort):
    """Seven answer 5, 5, 4, 4, 3, 3 and 1 on one statement, and 2 on the others: 3.57 and 2, by sums of one's own."""
    reviews.content = ASKED
    reviews.join("Ana", "Ben", "Cem", "Dana")
    campaign = reviews.campaign(CampaignKind.SURVEY, title="How it goes", cohort=measured)
    reviews.collect(campaign)
    [target] = campaign.targets
    for assignment, score in zip(target.assignments, (5, 5, 4, 4, 3, 3, 1), strict=True):
        reviews.answer(assignment, Said(ratings={"asks": score, "sums_up": 2, "keeps": score}))
    reviews.close(campaign)
    freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    reviews.session.commit()

    page = words(
        visit(reviews.school.ines).get(f"/courses/{reviews.school.course.public_id}/mentoring/program/results")
    )

    assert "Mentees who would recommend it (survey)" in page
    assert "Listening 2.8" in page
    assert "Trust 3.6" in page
    assert "7 of 7" in page


def test_nobody_is_quoted_who_did_not_agree_and_few_are_not_quoted_at_all(reviews: Reviews, visit, measured: Cohort):
    surveyed(reviews, 4, cohort=measured)

    page = visit(reviews.school.ines).get(f"/courses/{reviews.school.course.public_id}/mentoring/program/results").text

    assert "Listening" in page
    assert "What helped?" not in page
    assert "No. 1" not in page


def test_runs_stand_side_by_side(reviews: Reviews, visit, measured: Cohort):
    surveyed(reviews, 5, cohort=measured)
    other = plan(reviews.session, measured.version, starts=LATER, at=LATER)
    other.title = "Autumn"
    reviews.session.commit()
    surveyed(reviews, 5, cohort=other, title="Once more")

    page = visit(reviews.school.ines).get(f"/courses/{reviews.school.course.public_id}/mentoring/program/results").text

    table = page[page.index("<table") : page.index("</table>")]
    heads = re.findall(r'<th role="columnheader" scope="col">(.*?)</th>', table)
    assert heads == ["What was asked", "Autumn · Once more", "Spring · How it goes"]
    assert table.count("4.0") == 4


def test_too_few_answers_show_no_figure(reviews: Reviews, visit, measured: Cohort):
    reviews.content = ASKED
    campaign = reviews.campaign(CampaignKind.SURVEY, title="How it goes", cohort=measured)
    reviews.collect(campaign)
    [target] = campaign.targets
    for assignment in target.assignments[:2]:
        reviews.answer(assignment, 5)
    reviews.close(campaign)
    freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    reviews.session.commit()

    page = visit(reviews.school.ines).get(f"/courses/{reviews.school.course.public_id}/mentoring/program/results").text

    assert "There is nothing to show: too few have answered to protect them." in page
    assert "5.0" not in page


def test_the_results_page_asks_as_often_for_two_evaluations_of_a_run_as_for_one(
    reviews: Reviews, visit, measured: Cohort, counting
):
    ines, page = visit(reviews.school.ines), f"/courses/{reviews.school.course.public_id}/mentoring/program/results"

    def asked() -> int:
        ines.get(page)
        reviews.session.expire_all()
        with counting() as statements:
            ines.get(page)
        return len([each for each in statements if "report_snapshot" in each or "mentor_kind" in each])

    surveyed(reviews, 5, cohort=measured)
    one = asked()
    surveyed(reviews, 5, cohort=measured, title="Once more")

    assert asked() == one
