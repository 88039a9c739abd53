"""A result is put together once, with all that its report needs, and again only as far as that is safe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from reviews.answering.models import Remark, Response
from reviews.campaigns.models import NotPossible, Target
from reviews.campaigns.rules import CampaignKind
from reviews.results import freezing
from reviews.results.models import ReportSnapshot
from reviews.results.published import Answered, Report
from reviews.summing_up.change import Direction
from tests.cast import THEN
from tests.reviews.conftest import LATER, Reviews, all_of

PEERS = ("Ana", "Ben", "Cem", "Dana", "Eli")


def round_of(reviews: Reviews, scores, *, mine: int | None = 5, later: int = 0, **others):
    """Leo is reviewed by himself and by peers, and it is closed."""
    campaign, [target] = reviews.review_of(reviews.school.leo, **others)
    peers = reviews.peers or reviews.join(*PEERS)
    reviews.name(target, peers)
    reviews.collect(campaign)
    if mine is not None:
        reviews.answer(reviews.assignment(target, reviews.school.leo), mine)
    for peer, score in zip(peers, scores, strict=False):
        reviews.answer(reviews.assignment(target, peer), all_of(reviews.content, score, keep=f"Says {peer.name}"))
    reviews.close(campaign)
    return campaign, target


def report_of(reviews: Reviews, target, *, at=LATER) -> Report:
    snapshot = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=at)
    reviews.session.commit()
    return Report.of_json(snapshot.published)


def test_it_says_who_was_asked_and_how_many_have_answered(reviews: Reviews):
    _campaign, target = round_of(reviews, (3, 3, 4), mine=None)

    assert report_of(reviews, target).answered == (Answered("self", 1, 0), Answered("peer", 5, 3))


def test_taken_back_it_is_put_together_anew_held_against_what_was_seen(reviews: Reviews):
    _campaign, target = round_of(reviews, (3, 3, 4, 4, 2))
    first = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    first.revoked = LATER
    reviews.session.commit()
    gone = select(Response).where(Response.assignment_id.is_(None)).limit(1)
    reviews.session.delete(reviews.session.scalars(gone).one())
    reviews.session.commit()

    second = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER + timedelta(days=1))

    assert (first.n, second.n) == (1, 2)
    assert Report.of_json(second.published).shown.statements == Report.of_json(first.published).shown.statements


def test_what_was_reduced_is_not_put_together_any_more(reviews: Reviews):
    campaign, target = round_of(reviews, (3, 3, 4))
    campaign.reduced = LATER
    reviews.session.commit()

    with pytest.raises(NotPossible):
        freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)


def test_a_shortened_comment_is_marked(reviews: Reviews):
    _campaign, target = round_of(reviews, (3, 3, 4, 4, 2))
    remark = reviews.session.scalars(select(Remark).where(Remark.text == "Says Ana")).one()
    remark.redacted = "Says […]"
    reviews.session.commit()

    report = report_of(reviews, target)

    assert [each.text for n, each in enumerate(report.shown.words) if n in report.shortened] == ["Says […]"]


def test_a_trend_needs_a_round_before_that_was_released(reviews: Reviews):
    first, before = round_of(reviews, (2, 2, 2, 3, 2))
    freezing.release(reviews.session, before, by=reviews.school.ines, at=LATER)
    reviews.session.commit()
    _second, after = round_of(reviews, (4, 4, 5, 4, 4), title="Autumn round", follows=first)

    report = report_of(reviews, after)

    assert [(each.competency, each.direction) for each in report.conclusions.trends] == [
        ("listening", Direction.UP),
        ("trust", Direction.UP),
    ]


def test_without_a_release_there_is_nothing_to_compare_with(reviews: Reviews):
    first, before = round_of(reviews, (2, 2, 2, 3, 2))
    report_of(reviews, before)
    _second, after = round_of(reviews, (4, 4, 5, 4, 4), title="Autumn round", follows=first)

    assert not report_of(reviews, after).conclusions.has_before


def test_whoever_was_only_proposed_was_not_asked(reviews: Reviews):
    reviews.school.mentors(maya=2)
    campaign = reviews.campaign(CampaignKind.SURVEY)
    reviews.collect(campaign, at=THEN)
    [target] = campaign.targets
    reviews.close(campaign)

    assert [each.answered for each in report_of(reviews, target).answered] == [0]


def test_what_figures_of_everybody_used_meanwhile_is_not_free_again(reviews: Reviews):
    _campaign, target = round_of(reviews, (3, 3, 4, 4, 2))
    first = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)
    reviews.session.commit()
    pooled = {**first.ledger, "blocks": [], "pooled": first.ledger["blocks"]}
    elsewhere = update(ReportSnapshot).values(ledger=pooled, revoked=LATER)
    reviews.session.execute(elsewhere.execution_options(synchronize_session=False))

    second = freezing.freeze(reviews.session, target, by=reviews.school.ines, at=LATER)

    assert (second.n, second.ledger["blocks"], second.ledger["pooled"]) == (2, [], pooled["pooled"])


def test_many_are_put_together_in_as_few_questions_to_the_database_as_one(reviews: Reviews, counting):
    def asked(*people) -> int:
        campaign, targets = reviews.review_of(*people)
        reviews.collect(campaign)
        for target, person in zip(targets, people, strict=True):
            reviews.answer(reviews.assignment(target, person), all_of(reviews.content, 3, keep="On."))
        reviews.close(campaign)
        found = reviews.session.scalars(select(Target).where(Target.campaign_id == campaign.id)).all()
        with counting() as statements:
            freezing.freeze_all(reviews.session, found, by=reviews.school.ines, at=LATER)
        reviews.session.commit()
        return len([each for each in statements if each.startswith("SELECT")])

    asked(reviews.school.leo)

    assert asked(reviews.school.leo, *reviews.join("Ana", "Ben", "Cem")) == asked(reviews.school.zoe)


def test_each_of_many_is_put_together_as_if_it_were_alone(reviews: Reviews):
    """Answers, comments and counts of one never come into the result of another."""
    campaign, targets = reviews.review_of(reviews.school.leo, reviews.school.zoe)
    peers = reviews.join(*PEERS)
    for target in targets:
        reviews.name(target, peers)
    reviews.collect(campaign)
    for target, score in zip(targets, (2, 4), strict=True):
        for peer in peers[: score + 1]:
            said = all_of(reviews.content, score, keep=f"{score} for {target.enrolment.name}")
            reviews.answer(reviews.assignment(target, peer), said)
    reviews.close(campaign)

    found = [
        Report.of_json(each.published)
        for each in freezing.freeze_all(reviews.session, targets, by=reviews.school.ines, at=LATER)
    ]

    assert [{(cell.n, cell.mean) for cell in each.shown.statements} for each in found] == [{(3, 2.0)}, {(5, 4.0)}]
    assert [each.answered for each in found] == [
        (Answered("self", 1, 0), Answered("peer", 5, 3)),
        (Answered("self", 1, 0), Answered("peer", 5, 5)),
    ]
    assert [{words.text for words in each.shown.words} for each in found] == [set(), {"4 for Zoe Lind"}]
