"""Results of many people are put together and released by a job: none of them half, each told once, and it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool import clock
from lti_tool.jobs import Job, JobState, Task
from lti_tool.notifying.models import PersonalNotice
from lti_tool.running import working
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import ReleasedBy
from reviews.results import cohort, freezing, many
from reviews.results.models import ReportSnapshot
from tests.cast import THEN
from tests.mentoring.asking import deliver, happened
from tests.reviews.conftest import Reviews


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch):
    """Three are many here, and each is put together by itself."""
    monkeypatch.setattr(many, "FEW", 2)
    monkeypatch.setattr(many, "TOLD_AT_ONCE", 2)
    monkeypatch.setattr(many, "AT_ONCE", 1)
    monkeypatch.setattr(clock, "now", lambda: THEN)


@pytest.fixture
def closed(reviews: Reviews) -> Campaign:
    """Leo, Zoe and Maya were reviewed."""
    return closed_round(reviews)


def closed_round(reviews: Reviews, **others: Any) -> Campaign:
    school = reviews.school
    campaign, targets = reviews.review_of(school.leo, school.zoe, school.maya, **others)
    reviews.collect(campaign)
    for target in targets:
        assert target.enrolment is not None
        reviews.answer(reviews.assignment(target, target.enrolment), 4)
    reviews.close(campaign, at=THEN)
    return campaign


def snapshots(reviews: Reviews) -> Sequence[ReportSnapshot]:
    reviews.session.rollback()
    return reviews.session.scalars(select(ReportSnapshot).order_by(ReportSnapshot.id)).all()


def told(reviews: Reviews) -> int:
    """How many were told in person; each is announced as well."""
    wanted = select(func.count()).select_from(PersonalNotice).where(PersonalNotice.kind == "review-results")
    notices = reviews.session.scalar(wanted) or 0
    assert happened(reviews.session).count("ReviewReleased") == notices
    return notices


def results_page(campaign: Campaign) -> str:
    return f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results"


def test_a_release_of_many_is_asked_for_once_and_done_by_a_job(app: Flask, reviews: Reviews, closed: Campaign, visit):
    ines, page = visit(reviews.school.ines), results_page(closed)

    for _twice in range(2):
        assert ines.post(f"{page}/release").status_code == 302
    [job] = reviews.session.scalars(select(Job)).all()
    waiting = ines.get(page).text
    assert (snapshots(reviews), "Results are about to be released." in waiting) == ([], True)
    assert "Release all" not in waiting

    working.drain(app)

    assert [each.released for each in snapshots(reviews)] == [THEN] * 3
    assert {each.released_by.name for each in snapshots(reviews) if each.released_by} == {"Ines Torres"}
    reviews.session.refresh(job)
    assert (job.state, closed.phase, told(reviews)) == (JobState.DONE, Phase.RELEASED, 3)


def test_the_button_of_the_campaign_says_that_it_takes_a_moment(app: Flask, reviews: Reviews, closed: Campaign, visit):
    ines = visit(reviews.school.ines)
    page = f"/courses/{closed.course.public_id}/reviews/campaigns/{closed.public_id}"

    said = ines.post(f"{page}/phase", data={"act": "release"}, follow_redirects=True).text
    assert "The results are being released, which takes a moment." in said
    assert 'hx-trigger="every 2s"' in said

    working.drain(app)
    assert "Results are released." in ines.get(page).text


class Dies(Exception):
    """The process is gone."""


def dying_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Whoever runs the job is killed when it reports for the nth time."""
    left = iter(range(steps))

    def report(self: Task, done: int, total: int | None = None) -> None:
        if next(left, None) is None:
            raise Dies

    monkeypatch.setattr(working.RunningJob, "report", report)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_killed_midway_nothing_is_half_released_and_it_goes_on(
    app: Flask, reviews: Reviews, closed: Campaign, monkeypatch: pytest.MonkeyPatch, steps: int
):
    many.release(reviews.session, closed, by=reviews.school.ines, at=THEN)
    reviews.session.commit()
    [job] = reviews.session.scalars(select(Job)).all()
    with monkeypatch.context() as killed:
        dying_after(killed, steps)
        with app.app_context():
            task = working._claim(lambda: False)
            assert task is not None
            with pytest.raises(Dies):
                many.work(task)

    shown = [each.released is not None for each in snapshots(reviews)]
    assert set(shown) in ({False}, {True})
    assert (len(shown), told(reviews)) == (min(steps + 1, 3), 0 if steps < 3 else 2)
    job.held_until = THEN
    reviews.session.commit()
    working.drain(app)

    assert [each.released is not None for each in snapshots(reviews)] == [True] * 3
    assert (told(reviews), closed.phase) == (3, Phase.RELEASED)


def test_many_are_put_together_and_nobody_reads_of_themselves(app: Flask, reviews: Reviews, closed: Campaign, visit):
    ines, page = visit(reviews.school.ines), results_page(closed)

    ines.post(f"{page}/put-together")
    assert "Results are about to be put together." in ines.get(page).text
    working.drain(app)

    assert [each.released for each in snapshots(reviews)] == [None] * 3
    assert (told(reviews), closed.phase) == (0, Phase.CLOSED)
    assert "Not released" in ines.get(page).text


def test_a_coach_releases_their_own_people_and_no_others(app: Flask, reviews: Reviews, closed: Campaign, visit):
    coach = reviews.school.join("Coach")
    for target in closed.targets[:2]:
        target.coach = coach
    reviews.session.commit()

    visit(coach).post(f"{results_page(closed)}/release")
    working.drain(app)

    about = [each.target.enrolment.name for each in snapshots(reviews) if each.released and each.target]
    assert sorted(about) == sorted(each.enrolment.name for each in closed.targets[:2] if each.enrolment)
    assert (told(reviews), closed.phase) == (2, Phase.CLOSED)


def test_once_single_answers_are_gone_it_says_so(app: Flask, reviews: Reviews, closed: Campaign, visit):
    closed.reduced = THEN
    reviews.session.commit()

    page = visit(reviews.school.ines).post(f"{results_page(closed)}/put-together", follow_redirects=True).text

    assert "no result can be put together any more" in page
    assert reviews.session.scalars(select(Job)).all() == []


def test_a_job_that_cannot_be_done_says_that_it_is_not_finished(app: Flask, reviews: Reviews, closed: Campaign, visit):
    ines, page = visit(reviews.school.ines), results_page(closed)
    ines.post(f"{page}/release")
    closed.reduced = THEN
    reviews.session.commit()

    working.drain(app)

    assert "Not finished" in ines.get(page).text
    assert snapshots(reviews) == []


def test_what_nobody_has_to_release_is_released_by_a_job_as_well(app: Flask, reviews: Reviews):
    campaign = closed_round(reviews, released_by=ReleasedBy.AT_CLOSE)

    deliver(app, reviews.session, at=THEN)
    assert snapshots(reviews) == []
    working.drain(app)

    assert [each.released for each in snapshots(reviews)] == [THEN] * 3
    assert campaign.phase is Phase.RELEASED


def test_figures_of_everybody_come_with_the_results_of_each(app: Flask, reviews: Reviews, closed: Campaign, visit):
    ines, page = visit(reviews.school.ines), f"{results_page(closed)}/everybody"

    ines.post(page)
    assert "Results are about to be put together." in ines.get(page).text
    working.drain(app)

    assert cohort.cohort_of(reviews.session, closed) is not None
    assert "3 people were reviewed." in ines.get(page).text


def test_one_that_was_taken_back_is_put_together_and_told_anew(app: Flask, reviews: Reviews, closed: Campaign):
    many.release(reviews.session, closed, by=reviews.school.ines, at=THEN)
    reviews.session.commit()
    working.drain(app)
    first = snapshots(reviews)[0]
    freezing.take_back(reviews.session, first, "A name", by=reviews.school.ines, at=THEN)
    reviews.session.commit()

    many.release(reviews.session, closed, by=reviews.school.ines, at=THEN)
    reviews.session.commit()
    working.drain(app)

    about = reviews.session.scalars(
        select(ReportSnapshot.n).join(Target).where(Target.id == first.target_id).order_by(ReportSnapshot.n)
    ).all()
    assert about == [1, 2]
    assert [each.told for each in snapshots(reviews)] == [THEN] * 4
