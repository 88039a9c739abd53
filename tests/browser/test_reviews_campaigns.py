"""A campaign from its draft to its close by its pages, and the page on which raters are named; what axe finds there."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lti_tool import clock
from lti_tool.db import db, transaction
from reviews.answering import writing
from reviews.answering.said import Said
from reviews.campaigns.models import Assignment, Campaign
from reviews.campaigns.phases import AssignmentState
from tests.browser.aside import Inside
from tests.browser.touring import Begin

pytestmark = pytest.mark.browser


def answered_once() -> None:
    """The first who is asked answers."""
    with transaction() as session:
        wanted = select(Assignment).where(Assignment.state == AssignmentState.INVITED).order_by(Assignment.id)
        assignment = session.scalars(wanted).all()[0]
        said = Said(ratings=dict.fromkeys(assignment.group.content.statements, 4))
        writing.hand_in(session, assignment, said, at=clock.now())


@pytest.mark.judges
@pytest.mark.sqlite
def test_a_campaign_from_its_draft_to_its_close(begin: Begin, inside: Inside, is_framed: bool):
    refused = ["Blocked autofocusing"] * is_framed
    for person in ("leo", "maya"):
        begin(person, "mentoring")
    tour = begin("ines", "mentoring")
    tool = tour.desk.tool
    tour.follow("Reviews", "no campaign yet", "^Reviews$")
    tour.follow("New campaign", "new campaign", "^New campaign$")
    tour.open_all("new campaign, all of it open", "^New campaign$")
    tool.get_by_label("Title", exact=True).fill(" ")
    tour.expects("status of 422", *refused)
    tour.press("Make the draft", "refused", "^New campaign$", ".error-summary")
    tool.get_by_label("Title", exact=True).fill("Spring round")
    tour.press("Make the draft", "the draft", "^Spring round$", ".flash.is-success")
    campaign = tour.path
    tour.go(f"{campaign}/people", "who is reviewed", "^Who is reviewed$")
    tour.go(f"{campaign}/groups", "rater groups", "^Rater groups$")
    tour.go(campaign, "the draft again", "^Spring round$")
    tour.press("Have raters named", "naming", "^Spring round$", ".flash.is-success")

    leo = begin("leo", "mentoring")
    leo.follow("Reviews", "what Leo names", "^Reviews$")
    leo.follow(re.compile("^Name raters"), "naming raters", "^Who reviews you$")
    leo.open_all("naming raters, all of it open", "^Who reviews you$")
    leo.desk.tool.get_by_label("Somebody of this course").first.fill("ma")
    leo.press(re.compile("^Find ?: Peers"), "found", "^Who reviews you$", "#group-peer .people")
    leo.press(re.compile("^Name ?: Maya"), "one named", "^Who reviews you$", ".flash.is-success")

    tour.go(campaign, "while raters are named", "^Spring round$")
    tour.press("End naming raters", "approving", "^Spring round$", ".flash.is-success")
    tour.go(f"{campaign}/named", "who was named", "^Who was named$")
    tool.get_by_label(re.compile("^Maya .*Peers")).check()
    tour.press("Approve those who are ticked", "approved", "^Who was named$", ".flash.is-success")
    tour.go(campaign, "all approved", "^Spring round$")
    tour.press("Ask for answers", "collecting", "^Spring round$", ".flash.is-success")
    inside.do(answered_once)
    tour.open_all("collecting, all of it open", "^Spring round$")
    [target, *_others] = tour.links("/people/")
    tour.go(target, "one who is reviewed", "^Raters of ")
    tour.go(f"{campaign}/settings", "settings while it runs", "^Settings of Spring round$")
    tour.go(campaign, "collecting again", "^Spring round$")
    tour.press("Close it", "closed", "^Spring round$", ".flash.is-success")
    tour.follow("All campaigns", "the list", "^Reviews$")

    assert tour.found == {}
    assert leo.found == {}
    phases = inside.do(
        lambda: [each.phase.value for each in db.session.scalars(select(Campaign).order_by(Campaign.id))]
    )
    assert phases == ["closed"]
