"""A mentor ticks what was seen done, with day and note, comes back and ticks more, and hands it in at last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.recording import Wish, record
from lti_tool.models import Enrolment
from reviews.answering.models import Remark, Response
from reviews.campaigns import arranging, making
from reviews.campaigns.making import Design
from reviews.campaigns.rules import MANAGER, MENTOR, Anonymity, CampaignKind
from reviews.instruments import versions
from reviews.instruments.ready_made import ready_made
from tests.cast import THEN
from tests.reviews.answering.conftest import Page
from tests.reviews.conftest import LATER, Reviews, rules

ACCESS, RULES = "arriving.access", "arriving.rules"


@pytest.fixture
def maya(reviews: Reviews, visit: Callable[[Enrolment], FlaskClient]) -> Page:
    """Maya mentors Leo, and is asked what she has seen him do."""
    school = reviews.school
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    instrument = versions.take_over(reviews.session, school.course, ready_made()["observation_checklist"], at=THEN)
    groups = [each for each in rules() if each.key == MENTOR]
    design = Design(kind=CampaignKind.REVIEW, title="Seen done", version=instrument.newest, closes=LATER, groups=groups)
    campaign = making.make(reviews.session, school.course, design, by=school.ines, at=THEN)
    [target] = arranging.add_people(reviews.session, campaign, [school.leo], at=THEN)
    reviews.session.commit()
    reviews.collect(campaign)
    return Page(reviews, visit(school.maya), reviews.assignment(target, school.maya))


def test_what_was_ticked_stays_ticked_with_its_day_and_note(maya: Page):
    assert "Seen done" not in maya.get().split('<form id="review"')[1]
    maya.save({f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2026-11-20", f"n.{ACCESS}": "All three."})

    with clock.moved_to(THEN + timedelta(minutes=20)):
        maya.save({f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2026-11-20", f"n.{ACCESS}": "All three.", f"t.{RULES}": "yes"})
        page = maya.get()

    seen = {key: (each.day, each.note) for key, each in maya.draft.seen.items()}
    assert seen == {ACCESS: ("2026-11-20", "All three."), RULES: ("2026-11-23", "")}
    assert maya.draft.ratings[RULES] == 1
    assert maya.draft.ratings["working.first"] == 0
    assert 'value="2026-11-20"' in page
    assert maya.state == "started"


def test_what_is_ticked_no_more_is_not_yet(maya: Page):
    maya.save({f"t.{ACCESS}": "yes", f"n.{ACCESS}": "All three."})

    maya.save({f"n.{ACCESS}": "All three."})

    assert maya.draft.ratings[ACCESS] == 0
    assert maya.draft.seen == {}


def test_nothing_was_seen_done_on_a_day_to_come(maya: Page):
    maya.save({f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2027-01-01"})

    assert maya.draft.seen[ACCESS].day == "2026-11-23"


def test_handed_in_it_is_hers_with_days_and_notes_where_comments_go(maya: Page):
    said = {f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2026-11-20", f"n.{ACCESS}": "All three.", "c.arriving": "Well done."}

    assert maya.hand_in(said).status_code == 302

    [row] = maya.reviews.session.scalars(select(Response))
    assert (row.ratings[ACCESS], row.ratings[RULES], row.assignment_id) == (1, 0, maya.assignment.id)
    [remark] = maya.reviews.session.scalars(select(Remark))
    assert remark.about == "arriving"
    assert remark.text == "Has all accounts and uses them. (2026-11-20) All three.\nWell done."
    assert maya.hand_in(said).status_code == 409


def test_a_manager_ticks_like_a_mentor(reviews: Reviews, visit: Callable[[Enrolment], FlaskClient]):
    """Tariq manages Leo; what he has seen done is his, and is shown as such."""
    school, tariq = reviews.school, reviews.school.join("Tariq Haddad")
    assert record(reviews.session, school.course, [Wish(school.leo, tariq)], by=school.ines, at=THEN) == []
    instrument = versions.take_over(reviews.session, school.course, ready_made()["observation_checklist"], at=THEN)
    groups = [each for each in rules() if each.key == MANAGER]
    design = Design(kind=CampaignKind.REVIEW, title="Seen done", version=instrument.newest, closes=LATER, groups=groups)
    campaign = making.make(reviews.session, school.course, design, by=school.ines, at=THEN)
    [target] = arranging.add_people(reviews.session, campaign, [school.leo], at=THEN)
    reviews.session.commit()
    reviews.collect(campaign)
    page = Page(reviews, visit(tariq), reviews.assignment(target, tariq))

    assert "Your answers are not anonymous" in page.get()
    assert page.hand_in({f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2026-11-20"}).status_code == 302

    [row] = reviews.session.scalars(select(Response))
    assert (row.group.key, row.ratings[ACCESS], row.ratings[RULES]) == (MANAGER, 1, 0)
    assert row.assignment_id == page.assignment.id


def test_a_note_that_names_somebody_is_warned_of(maya: Page):
    answer = maya.hand_in({f"t.{ACCESS}": "yes", f"n.{ACCESS}": "With Zoe."})

    assert answer.status_code == 422
    assert "“Zoe” is the name of somebody in the course." in answer.text


def test_where_nobody_is_to_be_known_neither_day_nor_note_is_asked(maya: Page):
    maya.assignment.group.anonymity = Anonymity.ANONYMOUS
    maya.reviews.session.commit()

    assert "Seen on" not in maya.get()
    maya.save({f"t.{ACCESS}": "yes", f"d.{ACCESS}": "2026-11-20"})

    assert maya.draft.seen == {}
    assert maya.draft.ratings[ACCESS] == 1
