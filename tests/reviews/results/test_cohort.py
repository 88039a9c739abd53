"""What everybody of a campaign has in common: pooled, put together once, and safe beside single results."""

from __future__ import annotations

import io

from python_calamine import CalamineWorkbook

from reviews.disclosure import Ledger
from reviews.results import cohort, freezing
from reviews.results.models import ReportSnapshot
from tests.reviews.conftest import LATER, Reviews, all_of
from tests.reviews.results.conftest import PEERS as NAMES


def two_reviewed(reviews: Reviews):
    """Leo by two peers and Zoe by two others: each alone too few, together four."""
    campaign, targets = reviews.review_of(reviews.school.leo, reviews.school.zoe)
    peers = reviews.join(*NAMES)
    for target, named in zip(targets, (peers[:2], peers[2:4]), strict=True):
        reviews.name(target, named)
    reviews.collect(campaign)
    for target, scores in zip(targets, ((2, 3), (4, 5)), strict=True):
        asked_peers = [each for each in target.assignments if each.group.key == "peer"]
        for assignment, score in zip(asked_peers, scores, strict=True):
            reviews.answer(assignment, all_of(reviews.content, score))
    reviews.close(campaign)
    return campaign, targets


def page_of(campaign) -> str:
    return f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results/everybody"


def test_too_few_for_each_are_enough_together_and_never_free_again(reviews: Reviews):
    campaign, targets = two_reviewed(reviews)

    whole = cohort.freeze(reviews.session, campaign, by=reviews.school.ines, at=LATER)
    reviews.session.commit()

    means = {(each["what"], *each["groups"]): (each["n"], each["mean"]) for each in whole.published["competencies"]}
    assert means == {("listening", "peer"): (4, 3.5), ("trust", "peer"): (4, 3.5)}
    for target in targets:
        snapshot = freezing.snapshot_of(reviews.session, target)
        assert snapshot.published["statements"] == []
        assert [each.n for each in Ledger.of_json(snapshot.ledger).pooled] == [4, 4, 4]
    assert cohort.freeze(reviews.session, campaign, by=None, at=LATER) is whole


def test_instructors_read_it_and_nobody_else(reviews: Reviews, visit):
    campaign, _targets = two_reviewed(reviews)
    ines, leo = visit(reviews.school.ines), visit(reviews.school.leo)

    assert "Put them together" in ines.get(page_of(campaign)).text
    assert ines.post(page_of(campaign)).status_code == 302
    page, file = ines.get(page_of(campaign)).text, ines.get(f"{page_of(campaign)}.xlsx")

    assert "2 people were reviewed." in page
    assert "3.5" in page
    assert "It takes ten people" in page
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert ["Competency", "Trust", "", "Peers", 3.5] in [row[:5] for row in rows]
    assert {leo.get(page_of(campaign)).status_code, leo.post(page_of(campaign)).status_code} == {403}
    assert leo.get(f"{page_of(campaign)}.xlsx").status_code == 403


def test_of_groups_that_are_known_or_were_not_asked_it_does_not_say_that_they_are_too_few(reviews: Reviews, visit):
    campaign, _targets = two_reviewed(reviews)
    ines = visit(reviews.school.ines)
    ines.post(page_of(campaign))
    whole = cohort.cohort_of(reviews.session, campaign)
    said = [*whole.published["answered"], {"group": "self", "asked": 2, "answered": 2}]
    whole.published = {**whole.published, "answered": said}
    reviews.session.commit()

    page = ines.get(page_of(campaign)).text

    assert "Self 2 of 2" in page
    assert "too few" not in page


def test_while_answers_come_in_there_is_none(reviews: Reviews, visit):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    reviews.name(target, reviews.join(*NAMES))
    reviews.collect(campaign)

    visit(reviews.school.ines).post(page_of(campaign))

    assert reviews.session.query(ReportSnapshot).all() == []
