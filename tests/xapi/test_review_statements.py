"""What is told of reviews: how far raters have come, what was published; never who said what of whom."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from lti_tool.events import Where, Who
from reviews.events import (
    TOLD_OF_CAMPAIGN,
    TOLD_OF_COURSE,
    CampaignClosed,
    CampaignOpened,
    CompetencyResult,
    ReviewProgressed,
    ReviewRead,
    ReviewReleased,
)
from xapi.translations import translate
from xapi.validation import emitter_errors, errors

BASE = "https://mentoring.example.org"
AT = datetime(2026, 11, 23, 10, 0, 0, 123000, tzinfo=UTC)
LEO = Who(platform="platform", issuer="https://moodle.example.org", subject="5")
ANA = Who(platform="platform", issuer="https://moodle.example.org", subject="9")
ABOUT: dict[str, Any] = {
    "at": AT,
    "where": Where(course="course7", title="Starting at work 101"),
    "campaign": "spring",
    "kind": "review",
    "title": "Spring round",
}
RESULTS = (
    CompetencyResult(key="listening", name="Listening", mean=3.5, lowest=1, highest=5, groups=2),
    CompetencyResult(key="trust", name="Trust", mean=5.0, lowest=1, highest=5, groups=1),
)


def test_a_rater_is_told_of_without_whom_they_answered_about():
    [told] = translate(ReviewProgressed(who=ANA, done=1, of=4, told_of=TOLD_OF_CAMPAIGN, **ABOUT), BASE)

    assert errors(told) == emitter_errors(told) == []
    assert told["actor"]["account"]["name"] == "9"
    assert told["verb"]["display"] == {"en": "progressed"}
    assert told["object"]["id"] == f"{BASE}/xapi/activities/review/spring"
    assert list(told["result"]["extensions"].values()) == [25]
    assert '"5"' not in json.dumps(told)


def test_a_rater_of_a_pair_is_told_of_by_all_reviewing_in_the_course():
    [told] = translate(ReviewProgressed(who=ANA, done=1, of=2, told_of=TOLD_OF_COURSE, **ABOUT), BASE)

    assert errors(told) == emitter_errors(told) == []
    assert told["object"]["id"] == f"{BASE}/xapi/activities/reviewing/course7"
    assert "spring" not in json.dumps(told).lower()


def test_a_rater_who_would_be_joined_with_somebody_is_not_told_of():
    assert translate(ReviewProgressed(who=ANA, done=1, of=1, told_of="", **ABOUT), BASE) == []


def test_what_was_published_is_told_of_whom_it_is_about_and_by_no_rater():
    told = translate(ReviewReleased(who=LEO, language="en", competencies=RESULTS, **ABOUT), BASE)

    assert [errors(each) + emitter_errors(each) for each in told] == [[], []]
    assert [each["object"]["account"]["name"] for each in told] == ["5", "5"]
    assert {each["actor"]["account"]["name"] for each in told} == {"mentoring"}
    assert [each["result"]["score"] for each in told] == [
        {"scaled": 0.625, "raw": 3.5, "min": 1, "max": 5},
        {"scaled": 1.0, "raw": 5.0, "min": 1, "max": 5},
    ]
    assert [each["context"]["contextActivities"]["parent"][0]["definition"]["name"] for each in told] == [
        {"en": "Listening"},
        {"en": "Trust"},
    ]
    assert told[0]["timestamp"] < told[1]["timestamp"]


def test_what_is_nobodys_experience_is_not_told():
    opened, closed = CampaignOpened(by=ANA, **ABOUT), CampaignClosed(by=None, **ABOUT)

    assert [translate(each, BASE) for each in (opened, closed, ReviewRead(who=LEO, **ABOUT))] == [[], [], []]
