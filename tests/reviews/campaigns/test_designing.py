"""Campaigns are drafted, changed and listed, on their pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from mentoring.programs.choices import ForWhom
from reviews.campaigns import making
from reviews.campaigns.models import Campaign
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import CampaignKind, Milestone, Moment, Purpose, ReleasedBy, Thresholds
from reviews.instruments import versions
from reviews.instruments.content import InstrumentKind
from tests.cast import THEN
from tests.mentoring.conftest import Counting, counting, visit
from tests.reviews.conftest import LATER, Reviews

__all__ = ["counting", "visit"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: THEN)


@pytest.fixture
def ines(reviews: Reviews, visit) -> FlaskClient:
    return visit(reviews.school.ines)


@pytest.fixture
def here(reviews: Reviews) -> str:
    return f"/courses/{reviews.school.course.public_id}/reviews"


def only(reviews: Reviews) -> Campaign:
    reviews.session.expire_all()
    return reviews.session.scalars(select(Campaign)).one()


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def defaults(client: FlaskClient, address: str) -> dict[str, str]:
    """What the form would send as it is shown."""
    page = client.get(address).text
    form = page[page.index("<form") :]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and "checked" not in tag:
            continue
        if "name" in said:
            sent[said["name"]] = unescape(said.get("value", "on"))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'selected[^>]*value="([^"]*)"', body) or re.search(r'value="([^"]*)"', body)
        sent[name] = unescape(chosen[1]) if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S):
        sent[name] = unescape(body).strip()
    return sent


def test_a_review_of_the_class_takes_one_button(reviews: Reviews, ines: FlaskClient, here: str):
    sent = defaults(ines, f"{here}/campaigns/new")

    answer = ines.post(f"{here}/campaigns/new?kind=review", data=sent, follow_redirects=True)

    made = only(reviews)
    assert (made.kind, made.phase, made.version.instrument.ready_made) == (
        CampaignKind.REVIEW,
        Phase.DRAFT,
        "mentoring_competencies",
    )
    assert sorted(each.enrolment.name for each in made.targets if each.enrolment) == [
        "Leo Baum",
        "Maya Okafor",
        "Zoe Lind",
    ]
    assert (made.purpose, made.released_by, made.limits) == (Purpose.DEVELOPMENT, ReleasedBy.STAFF, Thresholds())
    assert made.closes == datetime(2026, 12, 14, 18, 0, tzinfo=UTC)
    assert "The campaign is a draft about 3 people." in answer.text
    assert "3 people are reviewed. Have them name who knows their work." in answer.text


@pytest.mark.parametrize(
    ("kind", "others"), [("review", "Program evaluation"), ("program", "Mentoring competencies"), ("survey", "Ours")]
)
def test_only_instruments_made_for_its_kind_are_offered(
    reviews: Reviews, ines: FlaskClient, here: str, kind: str, others: str
):
    assert reviews.instrument.name == "Ours"
    reviews.session.commit()

    page = ines.get(f"{here}/campaigns/new?kind={kind}").text
    [offered] = re.findall(r'<select[^>]*name="instrument"[^>]*>(.*?)</select>', page, re.S)

    assert others not in offered
    assert ("Seen done: the first weeks" in offered) == (kind == "review")


def test_everything_typed_is_kept_where_something_is_wrong(reviews: Reviews, ines: FlaskClient, here: str):
    sent = defaults(ines, f"{here}/campaigns/new")
    sent |= {"title": "  ", "purpose_words": "To learn", "closes": "2026-11-20T09:00", "means": "2"}

    answer = ines.post(f"{here}/campaigns/new", data=sent)

    assert answer.status_code == 422
    assert "Give it a title, such as Spring review." in answer.text
    assert "It closes while raters are still named. Choose a later day." in answer.text
    assert "Raters behind a mean: give a whole number from 3 to 100." in answer.text
    assert {
        name: value for name, value in kept(answer.text).items() if name in ("purpose_words", "closes", "means")
    } == {
        "purpose_words": "To learn",
        "closes": "2026-11-20T09:00",
        "means": "2",
    }
    assert reviews.session.scalars(select(Campaign)).all() == []


def kept(page: str) -> dict[str, str]:
    inputs = {
        said["name"]: unescape(said.get("value", ""))
        for tag in re.findall(r"<input[^>]*>", page)
        if "name" in (said := dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)))
    }
    words = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S))
    return inputs | {name: unescape(said).strip() for name, said in words.items()}


def test_where_somebody_gets_a_wrong_threshold_the_fold_stands_open(ines: FlaskClient, here: str):
    sent = defaults(ines, f"{here}/campaigns/new")

    fine = ines.get(f"{here}/campaigns/new").text
    wrong = ines.post(f"{here}/campaigns/new", data=sent | {"spread": "8", "means": "9"}).text

    assert "<details>" in fine
    assert "<details open>" in wrong
    assert "How answers spread says more than a mean. Ask for as many raters, or more." in wrong


def test_a_checklist_is_ticked_by_those_who_look_after_somebody(reviews: Reviews, ines: FlaskClient, here: str):
    sent = defaults(ines, f"{here}/campaigns/new")

    ines.post(f"{here}/campaigns/new", data=sent | {"instrument": "ready:observation_checklist"})

    assert [each.key for each in only(reviews).groups] == ["manager", "mentor"]


def test_pairs_evaluate_each_other_by_what_each_is_asked(reviews: Reviews, ines: FlaskClient, here: str):
    kind, school = InstrumentKind.PAIR, reviews.school
    other = versions.make(reviews.session, school.course, kind, "Ours", reviews.content, by=None, at=THEN).public_id
    cohort = reviews.school.cohort
    reviews.session.commit()
    sent = defaults(ines, f"{here}/campaigns/new?kind=pair")
    sent |= {"mentors_instrument": f"own:{other}", "moment": "days", "days": "45", "open_days": "10"}

    answer = ines.post(f"{here}/campaigns/new?kind=pair", data=sent | {"closes": "", "cohort": cohort.public_id})

    made = only(reviews)
    assert answer.status_code == 302
    assert (made.moment, made.days, made.open_days, made.closes) == (Moment.DAYS, 45, 10, None)
    assert made.released_by is ReleasedBy.AT_CLOSE
    assert [(each.key, each.version.instrument.name) for each in made.groups] == [
        ("mentor", "Ours"),
        ("mentee", made.version.instrument.name),
    ]


def test_a_pair_evaluation_by_days_says_how_many_and_of_which_run(reviews: Reviews, ines: FlaskClient, here: str):
    _ = reviews.school.cohort
    reviews.session.commit()
    sent = defaults(ines, f"{here}/campaigns/new?kind=pair") | {"moment": "days", "cohort": ""}

    answer = ines.post(f"{here}/campaigns/new?kind=pair", data=sent)

    assert answer.status_code == 422
    assert "Say after how many days." in answer.text
    assert "Choose the run whose mentorships open it." in answer.text


def test_a_review_by_a_milestone_says_so_in_words_and_begins_with_nobody(
    reviews: Reviews, ines: FlaskClient, here: str
):
    cohort = reviews.school.cohort
    reviews.session.commit()
    sent = defaults(ines, f"{here}/campaigns/new") | {"moment": "milestone", "cohort": cohort.public_id}

    page = ines.post(
        f"{here}/campaigns/new", data=sent | {"milestone": "goal", "reviewed": "both"}, follow_redirects=True
    ).text

    made = only(reviews)
    assert (made.moment, made.milestone, made.reviewed, made.targets) == (
        Moment.MILESTONE,
        Milestone.GOAL,
        ForWhom.BOTH,
        [],
    )
    assert "By a milestone of each mentorship: The first goal is reached" in page
    assert "Start it: from then on each mentorship opens it when it gets there." in page
    assert "Have raters named" not in page
    shown = kept(ines.get(f"{here}/campaigns/{made.public_id}/settings").text)
    assert "milestone" in shown


@pytest.mark.parametrize("kind", ["program", "survey"])
def test_a_program_evaluation_or_survey_opens_by_days_of_a_mentorship(
    reviews: Reviews, ines: FlaskClient, here: str, kind: str
):
    cohort = reviews.school.cohort
    reviews.session.commit()
    sent = defaults(ines, f"{here}/campaigns/new?kind={kind}") | {"moment": "days", "cohort": cohort.public_id}

    wrong = ines.post(f"{here}/campaigns/new?kind={kind}", data=sent)
    right = ines.post(f"{here}/campaigns/new?kind={kind}", data=sent | {"days": "30"}, follow_redirects=True)

    assert (wrong.status_code, "Say after how many days." in wrong.text) == (422, True)
    assert "30 days after each mentorship began" in right.text
    assert "Whoever is asked by their mentorship can answer until you close it." in wrong.text


def test_a_draft_changes_and_keeps_its_people_and_groups(reviews: Reviews, ines: FlaskClient, here: str):
    campaign, [target] = reviews.review_of(reviews.school.leo, title="Spring round")
    page = f"{here}/campaigns/{campaign.public_id}/settings"
    sent = defaults(ines, page)

    answer = ines.post(page, data=sent | {"title": "Autumn round", "means": "4", "purpose": "decision"})

    assert answer.status_code == 302
    made = only(reviews)
    assert (made.title, made.limits.means, made.purpose, made.closes) == ("Autumn round", 4, Purpose.DECISION, LATER)
    assert [each.id for each in made.targets] == [target.id]
    assert [each.key for each in made.groups] == ["self", "manager", "mentor", "peer", "report", "mentee", "external"]


def test_once_somebody_has_answered_thresholds_only_rise(reviews: Reviews, ines: FlaskClient, here: str):
    campaign, [target] = reviews.review_of(reviews.school.leo, thresholds=Thresholds(means=5))
    [assignment] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)
    page = f"{here}/campaigns/{campaign.public_id}/settings"
    sent = {"title": "Spring round", "released_by": "coach", "comments": "5", "spread": "8", "retention_months": "12"}

    assert ines.post(page, data=sent | {"means": "4"}).status_code == 302
    reviews.answer(assignment, 4)
    looser, stricter = (ines.post(page, data=sent | {"means": means}) for means in ("3", "6"))

    assert looser.status_code == 422
    assert "Somebody has answered already, and was told these numbers." in looser.text
    assert stricter.status_code == 302
    made = only(reviews)
    assert (made.limits.means, made.released_by, made.retention_months) == (6, ReleasedBy.COACH, 12)


def test_what_runs_offers_only_what_may_still_change(reviews: Reviews, ines: FlaskClient, here: str):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    reviews.collect(campaign)
    page = f"{here}/campaigns/{campaign.public_id}/settings"

    shown = defaults(ines, page)
    ines.post(page, data=shown | {"purpose": "decision", "closes": "2030-01-01T00:00"})

    assert sorted(shown.keys() - {"csrf_token"}) == [
        *("comments", "means", "released_by", "retention_months", "spread", "title")
    ]
    assert (only(reviews).purpose, only(reviews).closes) == (Purpose.DEVELOPMENT, LATER)


def test_a_draft_can_be_thrown_away_and_nothing_else(reviews: Reviews, ines: FlaskClient, here: str):
    draft, _targets = reviews.review_of(reviews.school.leo)
    running, _targets = reviews.review_of(reviews.school.zoe, title="Runs")
    reviews.collect(running)

    gone = ines.post(f"{here}/campaigns/{draft.public_id}/removal", follow_redirects=True).text
    stays = ines.post(f"{here}/campaigns/{running.public_id}/removal", follow_redirects=True).text

    assert "The draft is gone." in gone
    assert "People were asked already, so the campaign stays." in stays
    assert only(reviews).title == "Runs"


def test_the_list_says_by_phase_what_comes_next(reviews: Reviews, ines: FlaskClient, here: str):
    empty = ines.get(f"{here}/").text
    reviews.campaign(title="Nobody yet")
    running, [target] = reviews.review_of(reviews.school.leo, title="Runs")
    reviews.name(target, reviews.join("Ana", "Ben"))
    reviews.collect(running)
    reviews.answer(reviews.assignment(target, reviews.peers[0]), 4)

    page = text_of(ines.get(f"{here}/").text)

    assert "There is no campaign yet." in empty
    assert page.index("Answers come in Runs 1 of 3 answers are in. It closes on Dec 7, 2026") < page.index(
        "Drafts Nobody yet Choose who is reviewed."
    )


def test_a_round_is_linked_to_the_one_before_it_by_the_form(reviews: Reviews, ines: FlaskClient, here: str):
    """Rounds of the same kind are offered; what is chosen can be changed while it is a draft."""
    first = reviews.campaign(title="Spring round")
    survey = reviews.campaign(CampaignKind.SURVEY, title="How it goes")
    page = ines.get(f"{here}/campaigns/new").text
    assert f'value="{first.public_id}"' in page
    assert f'value="{survey.public_id}"' not in page

    sent = defaults(ines, f"{here}/campaigns/new")
    ines.post(f"{here}/campaigns/new", data={**sent, "title": "Autumn round", "follows": first.public_id})

    reviews.session.expire_all()
    second = reviews.session.scalars(select(Campaign).where(Campaign.title == "Autumn round")).one()
    assert second.follows is first
    settings = f"{here}/campaigns/{second.public_id}/settings"
    assert f'value="{second.public_id}"' not in ines.get(settings).text
    assert defaults(ines, settings)["follows"] == first.public_id
    ines.post(settings, data={**defaults(ines, settings), "follows": ""})
    reviews.session.expire_all()
    assert second.follows is None


def test_a_round_that_is_not_there_to_be_followed_is_refused(reviews: Reviews, ines: FlaskClient, here: str):
    reviews.campaign(title="Spring round")
    sent = defaults(ines, f"{here}/campaigns/new")

    answer = ines.post(f"{here}/campaigns/new", data={**sent, "title": "Autumn round", "follows": "elsewhere"})

    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text
    assert [each.title for each in reviews.session.scalars(select(Campaign))] == ["Spring round"]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    reviews: Reviews, ines: FlaskClient, here: str, counting: Counting
):
    _campaign, [target] = reviews.review_of(reviews.school.leo)
    reviews.name(target, reviews.join("Ana"))
    ines.get(f"{here}/")
    with counting() as one:
        ines.get(f"{here}/")
    for person in (reviews.school.zoe, reviews.school.maya):
        reviews.review_of(person)
    with counting() as three:
        ines.get(f"{here}/")

    assert len(three) == len(one)


def test_learners_find_no_campaigns_and_none_of_another_course_is_found(
    reviews: Reviews, ines: FlaskClient, visit, here: str, cast
):
    campaign, _targets = reviews.review_of(reviews.school.leo, title="Secret round")
    away = cast.course("Elsewhere")
    teacher = visit(cast.enrol(away, "Tess", reviews.school.ines.role))
    page = f"/campaigns/{campaign.public_id}"

    assert "Secret round" not in visit(reviews.school.leo).get(f"{here}/").text
    assert [visit(reviews.school.leo).get(f"{here}{each}").status_code for each in (page, "/campaigns/new")] == [
        403,
        403,
    ]
    assert teacher.get(f"/courses/{away.public_id}/reviews{page}").status_code == 404
    assert ines.get(f"{here}{page}").status_code == 200


def test_a_version_that_is_asked_with_stays_when_the_instrument_changes(reviews: Reviews):
    """An instrument's version changed while a campaign runs: the campaign goes on with what it began with."""
    campaign, _targets = reviews.review_of(reviews.school.leo)
    reviews.collect(campaign)
    asked = campaign.version
    changed = replace(reviews.content, introduction="Other words")

    newest = versions.change(reviews.session, reviews.instrument, changed, by=reviews.school.ines, at=THEN)
    reviews.session.commit()

    assert (newest.n, only(reviews).version_id, asked.said.introduction) == (2, asked.id, "")
    asked.content = changed.as_json()
    with pytest.raises(TypeError):
        reviews.session.commit()
    reviews.session.rollback()


def test_a_group_that_is_left_out_asks_nobody(reviews: Reviews):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    rules = [rule for rule in making.rules_of(campaign) if rule.key != "self"]

    making.change_groups(reviews.session, campaign, rules)
    reviews.session.commit()

    assert [each.key for each in campaign.groups][:2] == ["manager", "mentor"]
    assert target.assignments == []


def test_what_holds_only_for_some_ways_of_opening_stands_under_the_words_that_say_so(
    reviews: Reviews, ines: FlaskClient, here: str
):
    assert reviews.school.cohort
    page = ines.get(f"{here}/campaigns/new?kind=review").text

    assert re.findall(r'data-when="moment: ([a-z ]+)">\s*<legend>(.*?)</legend>', page) == [
        ("date", "If it opens on a day"),
        ("days interval", "If it opens some days after a mentorship began, or every so many days"),
        ("milestone", "If it opens by a milestone"),
        ("days interval mid end milestone", "If it opens by mentorships"),
        ("days interval baseline mid end milestone", "If it opens by a mentorship, or by somebody joining"),
    ]
