"""What goes wrong or comes out odd in a review has an outcome that its pages state: here those that span several pages.

Others stand with their page: a link used twice or by another in `answering/test_outside.py`; comments of 10,000
characters, answers after closing and scales without a middle in `answering/test_pages.py`; oneself and one rater in two
groups in `campaigns/test_naming.py` and `campaigns/test_running_pages.py`; groups under their minimum there as well.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from lti_tool import clock
from lti_tool.events import PersonLeftCourse, PersonReturned
from lti_tool.outbox import announce
from reviews.answering.said import Said
from reviews.instruments.content import Level, Scale
from tests.cast import THEN
from tests.mentoring.conftest import visit
from tests.mentoring.reading import words
from tests.reviews.answering.conftest import RATED, Raters, collecting, raters
from tests.reviews.conftest import CONTENT, Reviews
from tests.reviews.results.conftest import Results, results

__all__ = ["collecting", "raters", "results", "visit"]


@pytest.fixture(autouse=True)
def _now():
    with clock.moved_to(THEN):
        yield


def progress_of(raters: Raters) -> str:
    ines, campaign, target = raters.reviews.school.ines, raters.campaign, raters.target
    course = raters.reviews.school.course.public_id
    page = f"/courses/{course}/reviews/campaigns/{campaign.public_id}/people/{target.public_id}"
    return words(raters.visit(ines).get(page))


def leaves(raters: Raters, who) -> None:
    who.is_active = False
    left = PersonLeftCourse(at=THEN, who=who.who, where=raters.reviews.school.course.where, role="learner")
    announce(raters.reviews.session, left)
    raters.reviews.session.commit()
    raters.reviews.session.expire_all()


def comes_back(raters: Raters, who) -> None:
    who.is_active = True
    back = PersonReturned(at=THEN, who=who.who, where=raters.reviews.school.course.where, role="learner")
    announce(raters.reviews.session, back)
    raters.reviews.session.commit()
    raters.reviews.session.expire_all()


def test_a_rater_who_leaves_is_let_in_no_more_and_whoever_runs_it_reads_that_they_have_not_answered(raters: Raters):
    ana = raters.reviews.peers[0]
    page = raters.ana
    page.save({"r.asks": "2"})

    leaves(raters, ana)

    shut = page.client.get(page.url)
    assert shut.status_code == 403
    assert "no longer" in words(shut)
    assert "Ana Not answered" in progress_of(raters)
    comes_back(raters, ana)
    assert "Ana Not begun" in progress_of(raters)
    opened = raters.page(ana)
    assert 'name="r.asks" value="2" checked' not in opened.get()
    assert opened.hand_in(RATED).status_code == 302


def test_what_somebody_answered_before_they_left_counts(raters: Raters):
    reviews, ana = raters.reviews, raters.reviews.peers[0]
    assert raters.ana.hand_in(RATED).status_code == 302

    leaves(raters, ana)

    assert "Ana Has answered" in progress_of(raters)
    for other in reviews.peers[1:3]:
        reviews.answer(reviews.assignment(raters.target, other), 4)
    reviews.close(raters.campaign)
    snapshot = Results(reviews).released(raters.target)
    assert {each["n"] for each in snapshot.published["statements"] if each["what"] == "asks"} == {3}


def test_a_group_under_its_minimum_is_told_to_whoever_runs_it_and_not_shown_to_whoever_it_is_about(
    results: Results, visit
):
    campaign, target = results.round_of((3, 4))
    snapshot = results.released(target)
    school = results.reviews.school

    page = words(visit(school.ines).get(f"/courses/{school.course.public_id}/reviews/campaigns/{campaign.public_id}"))
    said = words(visit(school.leo).get(results.address(snapshot)))

    assert "Too few answered" in page
    assert "Peers, 2 instead of 3" in page
    assert "Peers 2 of 5" in said
    assert "What was answered by Peers is not shown: they are too few." in said
    assert "3.5" not in said


def test_where_nobody_has_observed_a_statement_it_is_not_shown_and_the_others_are(results: Results, visit):
    reviews = results.reviews
    campaign, [target] = reviews.review_of(reviews.school.leo)
    for assignment in reviews.name(target, reviews.join("Ana", "Ben", "Cem", "Dana")):
        if assignment is target.assignments[1]:
            reviews.collect(campaign)
        said = Said(ratings={"asks": 4, "sums_up": 3, "keeps": None})
        reviews.answer(assignment, said)
    reviews.close(campaign)

    answer = visit(reviews.school.leo).get(results.address(results.released(target)))

    assert answer.status_code == 200
    page = words(answer)
    assert "Trust" in page
    assert "Listening" in page
    assert "3.5" in page


def test_where_nobody_has_observed_anything_there_is_a_page_and_no_figure(results: Results, visit):
    reviews = results.reviews
    campaign, [target] = reviews.review_of(reviews.school.leo)
    named = reviews.name(target, reviews.join("Ana", "Ben", "Cem", "Dana"))
    reviews.collect(campaign)
    for assignment in named:
        reviews.answer(assignment, Said(ratings=dict.fromkeys(CONTENT.statements)))
    reviews.close(campaign)

    answer = visit(reviews.school.leo).get(results.address(results.released(target)))

    assert answer.status_code == 200
    assert "Peers 4 of 4" in words(answer)
    assert results.frozen(target).published["statements"] == []


def test_a_scale_without_a_middle_has_a_result_like_any(reviews: Reviews, visit):
    levels = tuple(Level(score=score, label=f"Level {score}") for score in (1, 2, 4, 5))
    reviews.content = replace(CONTENT, scale=Scale(levels=levels))
    campaign, [target] = reviews.review_of(reviews.school.leo)
    named = reviews.name(target, reviews.join("Ana", "Ben", "Cem", "Dana"))
    reviews.collect(campaign)
    for assignment, score in zip(named, (1, 2, 4, 5), strict=True):
        reviews.answer(assignment, score)
    reviews.close(campaign)
    results = Results(reviews)

    client: FlaskClient = visit(reviews.school.leo)
    answer = client.get(results.address(results.released(target)))

    assert answer.status_code == 200
    assert "3.0" in words(answer)
