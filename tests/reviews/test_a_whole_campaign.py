"""A review from its draft to a result that its subject reads, by its acts alone."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from lti_tool.outbox import Happening
from reviews.answering import writing
from reviews.answering.models import Remark, Response
from reviews.answering.said import NOTHING, Said
from reviews.answering.writing import Kept
from reviews.campaigns.models import NotPossible
from reviews.campaigns.phases import Phase
from reviews.results import freezing, many, published
from tests.cast import THEN
from tests.reviews.conftest import LATER, Reviews, all_of

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli")


@pytest.fixture
def answered(reviews: Reviews):
    """Leo is reviewed by himself, Maya, who mentors him, and five peers; all have answered."""
    school = reviews.school
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    campaign, [target] = reviews.review_of(school.leo)
    reviews.name(target, reviews.join(*PEERS))
    reviews.collect(campaign)
    reviews.answer(reviews.assignment(target, school.leo), 5)
    reviews.answer(reviews.assignment(target, school.maya), 4)
    for peer, score in zip(reviews.peers, (2, 3, 3, 4, 3), strict=True):
        said = all_of(reviews.content, score, keep=f"From {score}")
        reviews.answer(reviews.assignment(target, peer), said)
    return campaign, target


def test_a_mentor_is_asked_without_being_named_and_so_is_whoever_is_reviewed(reviews: Reviews):
    reviews.school.mentors(maya=2)
    reviews.school.paired(reviews.school.leo, reviews.school.maya)

    _campaign, [target] = reviews.review_of(reviews.school.leo)

    assert [(each.group.key, each.rater_name) for each in target.assignments] == [
        ("self", "Leo Baum"),
        ("mentor", "Maya Okafor"),
    ]


def test_results_stand_behind_the_gate(reviews: Reviews, answered):
    campaign, target = answered
    reviews.close(campaign)

    snapshot = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)

    shown = published.of(snapshot.published)
    means = {(cell.what, cell.groups): (cell.n, cell.mean) for cell in shown.competencies}
    assert means[("trust", ("self",))] == (1, 5.0)
    assert means[("trust", ("mentor",))] == (1, 4.0)
    assert means[("trust", ("peer",))] == (5, 3.0)
    assert sorted(words.text for words in shown.words) == ["From 2", "From 3", "From 3", "From 3", "From 4"]


def test_nothing_is_put_together_while_answers_come_in(reviews: Reviews, answered):
    _campaign, target = answered

    with pytest.raises(NotPossible):
        freezing.freeze(reviews.session, target, by=reviews.school.ines, at=THEN)


def test_a_result_is_put_together_once(reviews: Reviews, answered):
    campaign, target = answered
    reviews.close(campaign)

    first = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    again = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER + timedelta(days=1))

    assert again is first


def test_releasing_tells_of_means_and_of_nobody_who_gave_them(reviews: Reviews, answered):
    campaign, _target = answered
    reviews.close(campaign)

    assert many.release(reviews.session, campaign, by=reviews.school.ines, at=LATER) is None
    reviews.session.commit()

    assert campaign.phase is Phase.RELEASED
    [told] = reviews.session.scalars(select(Happening).where(Happening.name == "ReviewReleased"))
    said = json.loads(told.body)
    assert said["who"]["subject"] == "leo-baum"
    assert [(each["key"], each["mean"]) for each in said["competencies"]] == [("listening", 3.5), ("trust", 3.5)]
    assert not any(name in told.body for name in ("maya", "ana", "ben", "Okafor"))


def test_progress_says_how_far_and_not_about_whom(reviews: Reviews, answered):
    told = reviews.session.scalars(select(Happening).where(Happening.name == "ReviewProgressed")).all()

    said = [json.loads(each.body) for each in told]
    assert len(said) == 7
    assert {(each["done"], each["of"]) for each in said} == {(1, 1)}
    assert not any("leo-baum" in each.body for each in told if json.loads(each.body)["who"]["subject"] != "leo-baum")


def test_answers_of_anonymous_groups_lead_to_nobody(reviews: Reviews, answered):
    rows = reviews.session.scalars(select(Response)).all()

    by_group = {row.group.key: (row.assignment_id is None, row.day is None) for row in rows}
    assert by_group == {"self": (False, False), "mentor": (False, False), "peer": (True, True)}
    assert all(row.assignment_id is None for row in reviews.session.scalars(select(Remark)))


def test_each_that_is_handed_in_is_mixed_with_those_that_were_there(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    named = reviews.name(target, reviews.join(*PEERS))
    reviews.collect(campaign)

    seen: list[set[str]] = []
    for assignment in named:
        reviews.answer(assignment, 3)
        seen.append(set(reviews.session.scalars(select(Response.id))))

    assert [len(each) for each in seen] == [1, 2, 3, 4, 5]
    assert all(before.isdisjoint(after) for before, after in pairwise(seen))


def test_a_draft_never_counts(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment, *_others] = reviews.name(target, reviews.join(*PEERS))
    reviews.collect(campaign)

    assert writing.keep(reviews.session, assignment, all_of(reviews.content, 1, keep="So far"), at=THEN) is Kept.NEW
    reviews.session.commit()
    assert reviews.states(target)["Ana"] == "started"
    assert assignment.sealed_draft is not None
    assert "So far" not in assignment.sealed_draft
    assert writing.draft_of(assignment).comments == {"keep": "So far"}
    reviews.close(campaign)
    freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)

    assert reviews.session.scalars(select(Response)).all() == []
    assert reviews.states(target)["Ana"] == "expired"
    assert writing.draft_of(assignment) == NOTHING


def test_a_draft_that_arrives_late_changes_nothing(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)

    assert writing.keep(reviews.session, assignment, Said(ratings={"asks": 4}), seq=2, at=THEN) is Kept.NEW
    assert writing.keep(reviews.session, assignment, Said(ratings={"asks": 1}), seq=1, at=THEN) is Kept.OLDER

    assert writing.draft_of(assignment).ratings == {"asks": 4}


def test_after_closing_nothing_is_taken(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)

    with pytest.raises(writing.NotTaken):
        writing.hand_in(reviews.session, assignment, all_of(reviews.content, 3), at=LATER)
    reviews.session.rollback()
    reviews.close(campaign)
    with pytest.raises(writing.NotTaken):
        writing.keep(reviews.session, assignment, all_of(reviews.content, 3), at=LATER)


def test_what_has_to_be_answered_is_named_and_nothing_is_kept(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)

    with pytest.raises(writing.StillOpen) as refused:
        writing.hand_in(reviews.session, assignment, Said(ratings={"asks": 3}), at=THEN)

    assert refused.value.parts == ["sums_up", "keeps"]
    assert reviews.session.scalars(select(Response)).all() == []


def test_nothing_that_was_not_asked_is_kept(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)
    ratings = {**all_of(reviews.content, 3).ratings, "keeps": None, "unknown": 5}

    reviews.answer(assignment, Said(ratings=ratings, comments={"keep": "  ", "unknown": "x"}))

    [row] = reviews.session.scalars(select(Response))
    assert row.ratings == {"asks": 3, "sums_up": 3, "keeps": None}
    assert reviews.session.scalars(select(Remark)).all() == []
