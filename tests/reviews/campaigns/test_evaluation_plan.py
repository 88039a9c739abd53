"""What a program's evaluation plan names is drafted and started from the page of reviews, and opens for its people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from mentoring.programs.choices import MentoringType
from mentoring.programs.starting import current
from reviews.campaigns import planned
from reviews.campaigns.models import Campaign, Target
from reviews.campaigns.phases import Phase
from reviews.campaigns.rules import CampaignKind, Moment
from tests.cast import THEN
from tests.mentoring.asking import deliver, designed
from tests.mentoring.conftest import School, visit
from tests.mentoring.reading import panel, sent, words
from tests.reviews.conftest import Reviews

__all__ = ["visit"]

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with clock.moved_to(THEN):
        yield


@pytest.fixture
def ines(school: School, visit) -> FlaskClient:
    client: FlaskClient = visit(school.ines)
    return client


def page(school: School, then: str) -> str:
    return f"/courses/{school.course.public_id}{then}"


def campaigns(school: School) -> list[tuple[str, str, str]]:
    school.session.expire_all()
    found = school.session.scalars(select(Campaign).order_by(Campaign.id))
    return [(each.title, each.moment.value, each.phase.value) for each in found]


def a_program_of_students(school: School, ines: FlaskClient) -> None:
    """Chosen, saved and opened on its pages."""
    form = sent(ines.get(page(school, "/mentoring/program/templates/students")))
    ines.post(page(school, "/mentoring/program/templates/students"), data=form)
    school.mentors(maya=1)
    designed(school, needs_consent=False)


def test_from_the_design_of_a_program_to_the_learners_page(app: Flask, school: School, ines: FlaskClient, visit):
    a_program_of_students(school, ines)
    home = ines.get(page(school, "/"))
    assert "Baseline review When somebody joins, before they are matched. Not drafted yet." in str(
        panel(home, "evaluation-plan")
    )

    said = words(ines.post(page(school, "/reviews/plan/drafts"), follow_redirects=True))
    assert "5 drafts are made. Nobody is asked before you start them." in said
    assert campaigns(school) == [
        ("Baseline review", "baseline", "draft"),
        ("Mid evaluation", "mid", "draft"),
        ("End evaluation", "end", "draft"),
        ("Program evaluation", "end", "draft"),
        ("Review at the end, beside the baseline", "end", "draft"),
    ]
    said = words(ines.post(page(school, "/reviews/plan/start"), follow_redirects=True))
    assert "5 evaluations are started. They open by themselves for each when their time comes." in said
    assert "The program's evaluation plan" not in said
    assert panel(ines.get(page(school, "/")), "evaluation-plan") is None

    leo = visit(school.leo)
    leo.post(page(school, "/mentoring/mine"), data={"seeks": "y", "consents": "y"})

    said = words(leo.get(page(school, "/reviews/")))
    assert "Baseline review" in said
    [target] = school.session.scalars(select(Target))
    assert (target.enrolment, target.campaign.moment) == (school.leo, Moment.BASELINE)
    form = words(leo.get(page(school, f"/reviews/answers/{target.assignments[0].public_id}")))
    assert "Baseline review" in form
    deliver(app, school.session, at=THEN + A_DAY * 14)
    assert target.closed is not None


@pytest.mark.parametrize("how", ["put down", "let in"])
def test_whom_an_instructor_lets_in_has_a_baseline_too(school: School, ines: FlaskClient, how: str):
    a_program_of_students(school, ines)
    cohort = current(school.session, school.course)
    assert cohort is not None
    ines.post(page(school, "/reviews/plan/drafts"))
    ines.post(page(school, "/reviews/plan/start"))
    zoe = page(school, f"/mentoring/people/{school.zoe.public_id}")

    if how == "let in":
        from mentoring.participants.joining import join
        from mentoring.participants.models import ParticipantState

        state = ParticipantState.WAITING_LIST
        join(school.session, cohort, [school.zoe], at=THEN, state=state)
        school.session.commit()
        assert school.session.scalars(select(Target)).all() == []
        ines.post(f"{zoe}/let-in")
    else:
        ines.post(zoe, data={"seeks": "y"})

    assert [each.enrolment for each in school.session.scalars(select(Target))] == [school.zoe]


def test_what_is_pressed_twice_is_drafted_and_started_once(school: School, ines: FlaskClient):
    a_program_of_students(school, ines)

    for _twice in range(2):
        ines.post(page(school, "/reviews/plan/drafts"))
    for _twice in range(2):
        ines.post(page(school, "/reviews/plan/start"))

    assert [phase for _title, _moment, phase in campaigns(school)] == ["collecting"] * 5


def test_a_campaign_made_by_hand_is_the_planned_one(school: School, ines: FlaskClient, reviews: Reviews):
    a_program_of_students(school, ines)
    reviews.campaign(moment=Moment.BASELINE, closes=None, cohort=school.cohort, title="First look")

    ines.post(page(school, "/reviews/plan/drafts"))

    assert [title for title, _moment, _phase in campaigns(school)][:2] == ["First look", "Mid evaluation"]
    assert len(campaigns(school)) == 5


def test_the_review_at_the_end_asks_what_the_baseline_did_and_follows_it(school: School, ines: FlaskClient):
    a_program_of_students(school, ines)

    ines.post(page(school, "/reviews/plan/drafts"))

    first, *_others, last = school.session.scalars(select(Campaign).order_by(Campaign.id)).all()
    assert (last.follows, last.version) == (first, first.version)


@pytest.mark.parametrize(
    ("points", "mentoring_type", "wanted"),
    [
        ([], MentoringType.ONE_ON_ONE, []),
        (["mid"], MentoringType.ONE_ON_ONE, [("pair", "mid", None)]),
        (["interval"], MentoringType.ONE_ON_ONE, [("pair", "interval", 20)]),
        (["end"], MentoringType.ONE_ON_ONE, [("pair", "end", None), ("program", "end", None)]),
        (
            ["interval", "mid", "end"],
            MentoringType.PEER,
            [("program", "days", 20), ("program", "mid", None), ("program", "end", None)],
        ),
    ],
    ids=["none", "mid", "interval", "end", "peers"],
)
def test_each_point_of_the_plan_is_a_campaign(school: School, points, mentoring_type, wanted):
    designed(school, evaluations=points, evaluation_days=20, mentoring_type=mentoring_type)

    planned.draft(school.session, school.course, by=school.ines, at=THEN)

    found = school.session.scalars(select(Campaign).order_by(Campaign.id)).all()
    assert [(each.kind.value, each.moment.value, each.days) for each in found] == wanted
    assert all(each.phase is Phase.DRAFT and each.cohort == school.cohort for each in found)
    assert all((each.kind is CampaignKind.PAIR) == bool(each.groups[0].own_version) for each in found)


def test_nobody_but_instructors_drafts_or_starts_the_plan(school: School, ines: FlaskClient, visit):
    a_program_of_students(school, ines)
    maya = visit(school.maya)

    answers = [maya.post(page(school, f"/reviews/plan/{act}")).status_code for act in ("drafts", "start")]

    assert answers == [403, 403]
    assert campaigns(school) == []


def test_a_plan_that_cannot_begin_says_which_and_the_others_begin(school: School, ines: FlaskClient):
    a_program_of_students(school, ines)
    ines.post(page(school, "/reviews/plan/drafts"))
    baseline = school.session.scalars(select(Campaign).order_by(Campaign.id)).first()
    assert baseline is not None
    baseline.version.content = {**baseline.version.content, "competencies": []}
    school.session.commit()

    said = words(ines.post(page(school, "/reviews/plan/start"), follow_redirects=True))

    assert "3 evaluations are started." in said
    assert "Baseline review cannot begin as it is. Open it to see what stands in the way." in said
