"""What is kept of people in reviews, for how long, and what goes when somebody asks for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment
from lti_tool.running import delivering
from reviews import retaining
from reviews.answering import writing
from reviews.answering.models import Remark, Response
from reviews.campaigns import making, running
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.rules import MENTOR, REPORT, CampaignKind, ReleasedBy, Thresholds
from reviews.instruments import versions
from reviews.instruments.ready_made import ready_made
from reviews.results import freezing, many, reading
from reviews.results.models import Access, ReportSnapshot
from tests.cast import THEN
from tests.mentoring.conftest import visit
from tests.reviews.conftest import LATER, Reviews, all_of

__all__ = ["visit"]

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli")


def answered(reviews: Reviews, **design: Any) -> tuple[Campaign, Target]:
    """Leo, Maya, who mentors him, and five peers have said what they think, and it is closed."""
    school = reviews.school
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    campaign, [target] = reviews.review_of(school.leo, **design)
    reviews.name(target, reviews.join(*PEERS))
    reviews.collect(campaign)
    for n, rater in enumerate((school.leo, school.maya, *reviews.peers)):
        words = f"Words {n}"
        reviews.answer(reviews.assignment(target, rater), all_of(reviews.content, 3, keep=words))
    reviews.close(campaign)
    return campaign, target


@pytest.fixture
def released(reviews: Reviews) -> tuple[Campaign, Target]:
    campaign, target = answered(reviews)
    many.release(reviews.session, campaign, by=reviews.school.ines, at=LATER)
    reviews.session.commit()
    return campaign, target


def results_given_to_leo(reviews: Reviews) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = personal_data.export(reviews.session, reviews.school.leo.person)["reviews"]["results"]
    return given


def erase(reviews: Reviews, who: Enrolment) -> list[str]:
    said = personal_data.erase(reviews.session, who.person, at=LATER)
    reviews.session.commit()
    reviews.session.expire_all()
    return said


def words_of(session: Session) -> list[str]:
    return sorted(session.scalars(select(Remark.text)))


def test_whoever_is_reviewed_is_given_what_was_published_and_no_more(reviews: Reviews, released):
    given = personal_data.export(reviews.session, reviews.school.leo.person)["reviews"]

    [result] = given["results"]
    assert result["campaign"] == "Spring round"
    assert "statements" in result["published"]
    assert "ledger" not in json.dumps(given)
    assert not any(name in json.dumps(given) for name in (*PEERS, "Okafor", "Maya"))


def test_of_a_result_that_waits_for_its_coach_it_is_said_that_there_is_one_and_nothing_of_it(reviews: Reviews):
    school = reviews.school
    campaign, target = answered(reviews, released_by=ReleasedBy.COACH)
    target.coach_id = school.maya.id
    snapshot = freezing.freeze(reviews.session, target, by=school.maya, at=LATER)
    reading.note(reviews.session, snapshot, school.maya, Access.PDF, at=LATER)
    reviews.session.commit()

    before = results_given_to_leo(reviews)
    freezing.release(reviews.session, target, by=school.maya, at=LATER)
    reviews.session.commit()
    after = results_given_to_leo(reviews)

    told = {
        "campaign": "Spring round",
        "purpose": campaign.purpose.value,
        "put_together": LATER.isoformat(),
        "looked_at": [{"at": LATER.isoformat(), "how": "pdf"}],
    }
    releases = "the coach or mentor named for them, or an instructor of the course"
    assert before == [{**told, "released": None, "is_released_by": releases}]
    assert after == [{**told, "released": LATER.isoformat(), "published": snapshot.published}]


def test_answers_that_nobody_has_put_together_yet_are_a_result_to_come(reviews: Reviews):
    campaign, _target = answered(reviews)

    assert results_given_to_leo(reviews) == [
        {
            "campaign": "Spring round",
            "purpose": campaign.purpose.value,
            "put_together": None,
            "released": None,
            "is_released_by": "an instructor of the course",
        }
    ]


def test_as_long_as_nobody_is_asked_about_them_there_is_no_result_to_come(reviews: Reviews):
    reviews.review_of(reviews.school.leo)

    assert results_given_to_leo(reviews) == []


def test_a_result_that_was_taken_back_is_not_given_out(reviews: Reviews, released):
    _campaign, target = released
    snapshot = freezing.snapshot_of(reviews.session, target)
    assert snapshot is not None
    snapshot.revoked = LATER
    reviews.session.commit()

    [result] = results_given_to_leo(reviews)

    assert (result["released"], "published" in result) == (None, False)


def test_a_rater_is_given_what_can_be_told_to_be_theirs(reviews: Reviews, released):
    maya = personal_data.export(reviews.session, reviews.school.maya.person)["reviews"]
    ana = personal_data.export(reviews.session, reviews.peers[0].person)["reviews"]

    [mentor] = maya["asked"]
    assert mentor["as"] == "mentor"
    assert mentor["ratings"] == [{"asks": 3, "sums_up": 3, "keeps": 3}]
    assert mentor["comments"] == [{"about": "keep", "text": "Words 1"}]
    [peer] = ana["asked"]
    assert (peer["as"], peer["ratings"], peer["comments"]) == ("peer", [], [])


def test_of_a_group_whose_raters_were_all_erased_the_answers_count_on(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    peers, reports = reviews.join(*PEERS), reviews.join("Fay")
    reviews.name(target, peers)
    reviews.name(target, reports, REPORT)
    reviews.collect(campaign)
    for rater in (*peers, *reports):
        reviews.answer(reviews.assignment(target, rater), 3)
    reviews.close(campaign)
    erase(reviews, reports[0])

    snapshot = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)

    [cell] = [each for each in snapshot.published["competencies"] if each["what"] == "trust"]
    assert (tuple(cell["groups"]), cell["n"]) == (("peer", "report"), 6)


def test_what_a_mentor_has_said_reads_on_once_they_are_erased(reviews: Reviews, visit):
    school = reviews.school
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    ours, other = reviews.instrument.newest, ready_made()["mentor_evaluation"]
    asked_of_mentees = versions.take_over(reviews.session, school.course, other, at=THEN).newest
    design = {"version": asked_of_mentees, "own_versions": {MENTOR: ours}}
    campaign = reviews.campaign(CampaignKind.PAIR, **design)
    reviews.collect(campaign)
    about_leo = next(each for each in campaign.targets if each.enrolment_id == school.leo.id)
    reviews.answer(reviews.assignment(about_leo, school.maya), 4)
    reviews.close(campaign)
    [*_both] = freezing.release(reviews.session, about_leo, by=school.ines, at=LATER)
    reviews.session.commit()
    snapshot = freezing.snapshot_of(reviews.session, about_leo)
    address = f"/courses/{school.course.public_id}/reviews/results/{snapshot.public_id}"
    before = visit(school.leo).get(address)

    erase(reviews, school.maya)
    after = visit(school.leo).get(address)

    assert ("Keeps promises." in before.text, before.status_code) == (True, 200)
    assert ("Keeps promises." in after.text, after.status_code) == (True, 200)


def test_once_all_who_answered_were_erased_thresholds_still_only_rise(reviews: Reviews):
    strict = Thresholds(means=4, comments=6, spread=9)
    campaign, [target] = reviews.review_of(reviews.school.leo, thresholds=strict)
    [ana] = reviews.join("Ana")
    reviews.name(target, [ana])
    reviews.collect(campaign)
    reviews.answer(reviews.assignment(target, ana), 3)
    erase(reviews, ana)
    still: dict[str, Any] = {"title": "Spring round", "released_by": campaign.released_by, "retention_months": 12}

    with pytest.raises(making.TooLoose):
        making.adjust(reviews.session, campaign, thresholds=Thresholds(), **still)


def test_an_anonymous_rater_goes_and_the_answers_stay(reviews: Reviews, released):
    _campaign, target = released
    before = reviews.session.scalars(select(ReportSnapshot.published)).all()

    erase(reviews, reviews.peers[0])

    assert reviews.session.scalars(select(Assignment).where(Assignment.rater_id == reviews.peers[0].id)).all() == []
    assert len(reviews.session.scalars(select(Response)).all()) == 7
    assert "Words 2" in words_of(reviews.session)
    assert reviews.session.scalars(select(ReportSnapshot.published)).all() == before
    assert freezing.snapshot_of(reviews.session, target) is not None


def test_an_attributed_rater_goes_with_what_they_said(reviews: Reviews, released):
    erase(reviews, reviews.school.maya)

    left = reviews.session.scalars(select(Response)).all()
    assert sorted(each.group.key for each in left) == ["peer"] * 5 + ["self"]
    assert "Words 1" not in words_of(reviews.session)


def test_a_draft_goes_with_whoever_wrote_it(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)
    writing.keep(reviews.session, assignment, all_of(reviews.content, 2), at=THEN)
    reviews.session.commit()

    erase(reviews, reviews.peers[0])

    assert [each.rater_name for each in target.assignments] == ["Leo Baum"]


def test_whoever_is_reviewed_is_erased_with_all_that_was_said_about_them(reviews: Reviews, released):
    said = erase(reviews, reviews.school.leo)

    assert reviews.session.scalars(select(Response)).all() == []
    assert words_of(reviews.session) == []
    assert reviews.session.scalars(select(ReportSnapshot)).all() == []
    assert any(sentence.startswith("Erased: 1 results about them") for sentence in said)


def test_when_its_time_is_over_only_what_was_published_is_left(
    app: Flask, reviews: Reviews, released, monkeypatch: pytest.MonkeyPatch
):
    campaign, target = released
    ends = running.retention_ends(campaign)
    assert ends.date() == LATER.replace(year=LATER.year + 2).date()

    monkeypatch.setattr(clock, "now", lambda: ends + timedelta(minutes=1))
    delivering.deliver_due(app)
    reviews.session.expire_all()

    assert campaign.reduced is not None
    assert reviews.session.scalars(select(Response)).all() == []
    assert words_of(reviews.session) == []
    assert freezing.snapshot_of(reviews.session, target) is not None


def test_what_was_not_put_together_yet_is_before_answers_go(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    reviews.name(target, reviews.join(*PEERS))
    reviews.collect(campaign)
    for rater in reviews.peers:
        reviews.answer(reviews.assignment(target, rater), 4)
    reviews.close(campaign)

    retaining.reduce(reviews.session, campaign, at=LATER + timedelta(days=800))
    reviews.session.commit()

    snapshot = freezing.snapshot_of(reviews.session, target)
    assert snapshot is not None
    assert [cell["mean"] for cell in snapshot.published["competencies"]] == [4.0, 4.0]
