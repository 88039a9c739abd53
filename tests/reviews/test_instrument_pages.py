from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Enrolment
from reviews.instruments import editing, versions
from reviews.instruments.content import Comments, Required
from reviews.instruments.models import Instrument
from tests.cast import THEN
from tests.reviews.conftest import Reviews

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def ines(reviews: Reviews, client: FlaskClient) -> FlaskClient:
    return reviews.school.cast.visit(client, reviews.school.ines)


def at(reviews: Reviews, *rest: str) -> str:
    return "/".join((f"/courses/{reviews.school.course.public_id}/reviews/instruments", *rest))


def seen(page: str) -> str:
    found = re.search(r'name="seen" type="hidden" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def newest(reviews: Reviews) -> Instrument:
    reviews.session.expire_all()
    return reviews.session.scalars(select(Instrument).order_by(Instrument.id.desc())).first()  # type: ignore[return-value]


def test_a_ready_made_one_is_looked_at_and_taken_over_once(reviews: Reviews, ines: FlaskClient):
    assert "Mentoring competencies" in ines.get(at(reviews, "")).text
    assert "Asks questions before giving advice." in ines.get(at(reviews, "ready-made", "mentoring_competencies")).text

    first = ines.post(at(reviews, "ready-made", "mentoring_competencies"))
    second = ines.post(at(reviews, "ready-made", "mentoring_competencies"))

    assert first.headers["Location"] == second.headers["Location"]
    assert [each.name for each in reviews.session.scalars(select(Instrument))] == ["Mentoring competencies"]


def test_one_of_ones_own_is_begun_and_filled(reviews: Reviews, ines: FlaskClient):
    begun = ines.post(at(reviews, ""), data={"name": "Ours", "kind": "survey"})
    page = ines.get(begun.headers["Location"]).text
    row = {"statements-0-said": "Asks.", "statements-0-weight": "2", "statements-0-anchors": "1: Never\n5: Always"}
    blank = {"statements-1-said": "", "statements-1-weight": "1"}
    filled = {"name": "Listening", "weight": "1", "comments": "required", "seen": seen(page), **row, **blank}

    saved = ines.post(begun.headers["Location"], data=filled)

    content = newest(reviews).newest.said
    assert saved.status_code == 302
    [competency] = content.competencies
    assert (competency.key, competency.comments) == ("listening", Comments.REQUIRED)
    [statement] = competency.statements
    assert (statement.text, statement.weight, statement.anchors) == ("Asks.", 2.0, {1: "Never", 5: "Always"})
    assert "To be mended" not in ines.get(saved.headers["Location"]).text


def test_a_checklist_of_ones_own_begins_with_what_is_ticked_or_not(reviews: Reviews, ines: FlaskClient):
    ines.post(at(reviews, ""), data={"name": "Ours", "kind": "checklist"})

    scale = newest(reviews).newest.said.scale
    assert [(each.score, each.label) for each in scale.levels] == [(0, "Not yet"), (1, "Seen done")]
    assert not scale.allows_not_observed


def test_a_name_that_is_missing_is_asked_for(reviews: Reviews, ines: FlaskClient):
    answer = ines.post(at(reviews, ""), data={"name": " ", "kind": "survey"})

    assert answer.status_code == 422
    assert "Give the instrument a name." in answer.text


def test_anchors_that_are_none_are_told_and_kept_as_they_were_typed(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "competencies", "listening")
    reviews.session.commit()
    row = {"statements-0-said": "Asks.", "statements-0-weight": "1", "statements-0-anchors": "sometimes"}

    answer = ines.post(there, data={"name": "X", "weight": "1", "comments": "optional", "seen": "x", **row})

    assert answer.status_code == 422
    assert "Write each line as score and words" in answer.text
    assert ">sometimes</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")


def test_keys_stay_where_texts_change(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "competencies", "listening")
    reviews.session.commit()
    page = ines.get(there).text
    rows = {
        "statements-0-key": "sums_up",
        "statements-0-said": "Sums up what was said.",
        "statements-0-weight": "1",
        "statements-1-key": "",
        "statements-1-said": "Waits.",
        "statements-1-weight": "1",
    }

    ines.post(there, data={"name": "Hearing", "weight": "1", "comments": "optional", "seen": seen(page), **rows})

    competency = newest(reviews).newest.said.competency("listening")
    assert competency.name == "Hearing"
    assert [(each.key, each.text) for each in competency.statements] == [
        ("sums_up", "Sums up what was said."),
        ("listening_waits", "Waits."),
    ]


def test_what_people_are_asked_with_stays_and_changes_become_the_next_version(reviews: Reviews, ines: FlaskClient):
    instrument = reviews.instrument
    versions.freeze(instrument.newest, at=THEN)
    reviews.session.commit()
    there = at(reviews, instrument.public_id, "about")
    page = ines.get(there).text

    ines.post(there, data={"name": "Ours", "introduction": "Think of March.", "seen": seen(page)})

    first, second = newest(reviews).versions
    assert (first.n, first.said.introduction) == (1, "")
    assert (second.n, second.said.introduction) == (2, "Think of March.")


def test_two_who_write_at_once_do_not_write_over_each_other(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "about")
    reviews.session.commit()
    page = ines.get(there).text
    first = {"name": "Ours", "introduction": "First", "seen": seen(page)}
    ines.post(there, data=first)

    overtaken = ines.post(there, data={**first, "introduction": "Second"})

    assert overtaken.status_code == 409
    assert "Somebody else has changed the instrument" in overtaken.text
    assert "Second" in overtaken.text
    assert newest(reviews).newest.said.introduction == "First"
    again = ines.post(there, data={**first, "introduction": "Second", "seen": seen(overtaken.text)})
    assert again.status_code == 302
    assert newest(reviews).newest.said.introduction == "Second"


def test_a_scale_is_put_in_order(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "scale")
    reviews.session.commit()
    page = ines.get(there).text
    rows = {"levels-0-score": "2", "levels-0-label": "Much", "levels-1-score": "1", "levels-1-label": "Little"}

    ines.post(there, data={"seen": seen(page), "allows_not_observed": "y", **rows})

    assert [(each.score, each.label) for each in newest(reviews).newest.said.scale.levels] == [
        (1, "Little"),
        (2, "Much"),
    ]


def test_a_level_without_words_is_told(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "scale")
    reviews.session.commit()

    answer = ines.post(there, data={"seen": "x", "levels-0-score": "2", "levels-0-label": ""})

    assert answer.status_code == 422
    assert "A level has a score and says what it means." in answer.text


def test_a_profile_asks_for_levels_and_loses_what_is_removed(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id)
    reviews.session.commit()
    page = ines.get(f"{there}/profiles/new").text
    filled = {"position": "Mentor", "level-0": "3,5", "importance-0": "2", "level-1": "", "importance-1": "1"}

    ines.post(f"{there}/profiles/new", data={**filled, "seen": seen(page)})

    [profile] = newest(reviews).newest.said.profiles
    assert profile.levels == {"listening": Required(level=3.5, importance=2.0)}
    ines.post(f"{there}/remove", data={"key": "listening"})
    content = newest(reviews).newest.said
    assert [each.key for each in content.competencies] == ["trust"]
    assert content.profiles[0].levels == {}


def test_a_level_that_is_on_no_scale_is_refused(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "profiles", "new")
    reviews.session.commit()

    answer = ines.post(there, data={"position": "Mentor", "level-0": "9", "importance-0": "1", "importance-1": "1"})

    assert answer.status_code == 422
    assert "give a number from 1 to 5" in answer.text


def test_competencies_change_places(reviews: Reviews, ines: FlaskClient):
    there = at(reviews, reviews.instrument.public_id, "competencies", "trust", "move")
    reviews.session.commit()

    ines.post(there, data={"to": "earlier"})

    assert [each.key for each in newest(reviews).newest.said.competencies] == ["trust", "listening"]


def test_the_page_of_reviews_and_that_of_a_campaign_lead_to_them(reviews: Reviews, ines: FlaskClient):
    campaign = reviews.campaign()
    there = f"/courses/{reviews.school.course.public_id}/reviews"

    assert f'href="{there}/instruments/"' in ines.get(f"{there}/").text
    assert (
        f'href="{at(reviews, reviews.instrument.public_id)}"'
        in ines.get(f"{there}/campaigns/{campaign.public_id}").text
    )


def test_learners_have_no_instruments(reviews: Reviews, client: FlaskClient):
    leo = reviews.school.cast.visit(client, reviews.school.leo)

    assert leo.get(at(reviews, "")).status_code == 403


def test_those_of_another_course_are_not_there(reviews: Reviews, client: FlaskClient):
    other = reviews.school.cast.course("Elsewhere")
    stranger = reviews.school.cast.enrol(other, "Ivo", reviews.school.ines.role)
    there = f"/courses/{other.public_id}/reviews/instruments/{reviews.instrument.public_id}"
    reviews.session.commit()

    assert reviews.school.cast.visit(client, stranger).get(there).status_code == 404


def test_new_keys_say_what_they_are_of():
    assert editing.new_key("Building trust!", []) == "building_trust"
    assert editing.new_key("Building trust", ["building_trust"]) == "building_trust_2"
    assert editing.new_key("信頼", []) == "part"
