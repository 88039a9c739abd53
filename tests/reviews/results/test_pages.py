"""The report of a result: who reads it, what it says, and what is done from it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from lti_tool.notifying.models import PersonalNotice
from mentoring.together.goals.models import Goal
from reviews.answering.models import Remark
from reviews.campaigns.rules import ReleasedBy
from reviews.results.models import Access, DevelopmentGoal, ReportSnapshot, ResultAccess
from tests.reviews.results.conftest import Results


def test_whom_it_is_about_reads_it_once_it_is_released(results: Results, visit):
    _campaign, target = results.round_of()
    leo, before = visit(results.reviews.school.leo), results.frozen(target)

    assert leo.get(results.address(before)).status_code == 404
    page = leo.get(results.address(results.released(target)))

    assert page.status_code == 200
    assert "Self 1 of 1, Peers 5 of 5" in page.text
    assert "For development" in page.text


def test_nobody_else_reads_it(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot, school = results.released(target), results.reviews.school
    _other, [other_target] = results.reviews.review_of(school.zoe)
    other_target.coach_id = school.maya.id
    results.reviews.session.commit()
    rater = results.reviews.peers[0]

    for person in (school.zoe, school.maya, rater):
        for then in ("", "/release", "/take-back", "/goal", "/comments/0"):
            client = visit(person)
            answer = client.post(results.address(snapshot, then)) if then else client.get(results.address(snapshot))
            assert answer.status_code == (403 if then == "/comments/0" else 404), (person.name, then)
    assert results.reviews.session.scalars(select(ResultAccess)).all() == []


def test_the_coach_reads_it_before_and_releases_it(results: Results, visit):
    campaign, target = results.round_of()
    target.coach_id = results.reviews.school.maya.id
    snapshot = results.frozen(target)
    maya = visit(results.reviews.school.maya)

    assert "Not released" in maya.get(results.address(snapshot)).text
    assert maya.post(results.address(snapshot, "/release")).status_code == 302
    everybody = maya.get(f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results")

    assert snapshot.released is not None
    assert "Leo Baum" in everybody.text
    assert visit(results.reviews.school.leo).get(results.address(snapshot)).status_code == 200


def test_every_look_is_written_down_and_can_be_read_by_whom_it_is_about(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot, school = results.released(target), results.reviews.school

    visit(school.ines).get(results.address(snapshot))
    page = visit(school.leo).get(results.address(snapshot)).text

    looked = results.reviews.session.scalars(select(ResultAccess).order_by(ResultAccess.id)).all()
    assert [(each.viewer.name, each.action) for each in looked] == [
        ("Ines Torres", Access.LOOKED),
        ("Leo Baum", Access.LOOKED),
    ]
    assert "Ines Torres looked at this page" in page


def test_it_says_what_stands_out_and_what_is_missing(results: Results, visit):
    _campaign, target = results.round_of((2, 2, 3, 2, 2))

    page = visit(results.reviews.school.leo).get(results.address(results.released(target))).text

    assert page.count('<svg class="radar"') == 0, "two axes make no radar"
    assert "Own view: 5.0, clearly more than the others with 2.2 (1.4 to 3.0)." in page
    assert "Asked for is 4.5; the others say 2.2." in page
    assert "Fit with Team lead" in page
    assert "No position was chosen" not in page


def test_where_no_position_says_what_is_asked_nothing_is_below_it(results: Results, visit):
    _campaign, target = results.round_of((4, 5, 4, 5, 5))
    target.profile = ""

    page = visit(results.reviews.school.leo).get(results.address(results.released(target))).text

    assert "No competency is clearly low." in page
    assert "No position was chosen that says which level is wanted." in page
    assert "what is asked" not in page


def test_a_group_that_is_too_small_is_named_and_not_shown(results: Results, visit):
    _campaign, target = results.round_of((4, 5))

    page = visit(results.reviews.school.leo).get(results.address(results.released(target))).text

    assert "What was answered by Peers is not shown: they are too few." in page
    assert "4.5 <span" not in page


@pytest.mark.parametrize(
    ("scores", "mine", "said"),
    [((), None, "Nobody has answered."), ((), 4, "1 of 6 people answered"), ((None,) * 5, None, "5 of 6 people")],
    ids=["nobody", "only self", "nothing observed"],
)
def test_there_is_something_to_read_when_there_is_nothing_to_show(results: Results, visit, scores, mine, said):
    _campaign, target = results.round_of(scores, mine=mine)

    page = visit(results.reviews.school.leo).get(results.address(results.released(target)))

    assert (page.status_code, said in page.text) == (200, True)


def test_a_shortfall_becomes_a_goal_with_one_click_and_the_mentor_reads_no_figure(results: Results, visit):
    school = results.reviews.school
    school.mentors(maya=2)
    mentorship = school.paired(school.leo, school.maya)
    _campaign, target = results.round_of()
    snapshot, leo = results.released(target), visit(school.leo)
    assert "Make this a goal" in leo.get(results.address(snapshot)).text

    sent = {"competency": "listening", "mentorship": mentorship.public_id}
    answer = leo.post(results.address(snapshot, "/goal"), data=sent)
    leo.post(results.address(snapshot, "/goal"), data=sent)

    [goal] = results.reviews.session.scalars(select(Goal))
    [kept] = results.reviews.session.scalars(select(DevelopmentGoal))
    assert answer.location.endswith(goal.public_id)
    assert (goal.statement, kept.competency, kept.goal_id) == ("Get better at: Listening", "listening", goal.id)
    assert "You have made it a goal" in leo.get(results.address(snapshot)).text
    for reader in (leo, visit(school.maya)):
        page = reader.get(answer.location)
        words = re.sub("<[^>]*>", " ", page.text)
        assert (page.status_code, "Get better at: Listening" in words) == (200, True)
        assert [figure for figure in ("3.4", "4.5", "5.0") if figure in words] == []


@pytest.mark.parametrize("who", ["coach", "mentor", "instructor"])
def test_whoever_may_releases_it_and_is_named_in_the_log_that_whom_it_is_about_reads(results: Results, visit, who: str):
    school = results.reviews.school
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    _campaign, target = results.round_of(released_by=ReleasedBy.STAFF if who == "instructor" else ReleasedBy.COACH)
    releaser = {"coach": school.zoe, "mentor": school.maya, "instructor": school.ines}[who]
    target.coach = None if who == "instructor" else releaser
    snapshot, leo = results.frozen(target), visit(school.leo)
    assert leo.get(results.address(snapshot)).status_code == 404
    assert leo.post(results.address(snapshot, "/release")).status_code == 404

    client = visit(releaser)
    assert client.get(results.address(snapshot)).status_code == 200
    client.post(results.address(snapshot, "/release"))

    assert (snapshot.released is not None, snapshot.released_by_id) == (True, releaser.id)
    assert f"{releaser.name} looked at this page" in leo.get(results.address(snapshot)).text


def test_without_a_mentorship_it_says_so(results: Results, visit):
    _campaign, target = results.round_of()

    page = visit(results.reviews.school.leo).get(results.address(results.released(target))).text

    assert "Make this a goal" not in page
    assert "You have none in which you set goals." in page


def test_a_name_is_taken_out_before_it_is_released_and_that_is_said(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot, ines = results.frozen(target), visit(results.reviews.school.ines)
    place = [each["text"] for each in snapshot.published["words"]].index("Thanks, says Ana")

    wrong = ines.post(results.address(snapshot, f"/comments/{place}"), data={"words": "Anna"})
    answer = ines.post(results.address(snapshot, f"/comments/{place}"), data={"words": "Ana\n"})
    page = ines.get(results.address(snapshot)).text

    assert (wrong.status_code, answer.status_code) == (422, 302)
    assert "Thanks, says […]" in page
    assert "says Ana<" not in page
    assert page.count("Shortened") == 1
    remark = results.reviews.session.scalars(select(Remark).where(Remark.text == "Thanks, says Ana")).one()
    assert remark.redacted == "Thanks, says […]"


def test_once_released_comments_stay_as_they_are(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot = results.released(target)

    visit(results.reviews.school.ines).post(results.address(snapshot, "/comments/0"), data={"words": "Thanks"})

    assert all(each["text"].startswith("Thanks") for each in snapshot.published["words"])


def test_taken_back_nobody_reads_it_and_whom_it_is_about_is_told_why(results: Results, visit):
    _campaign, target = results.round_of()
    snapshot, school = results.released(target), results.reviews.school
    ines, leo = visit(school.ines), visit(school.leo)

    assert ines.post(results.address(snapshot, "/take-back"), data={"why": " "}).status_code == 422
    ines.post(results.address(snapshot, "/take-back"), data={"why": "The wrong profile."})

    assert {each.get(results.address(snapshot)).status_code for each in (ines, leo)} == {404}
    told = results.reviews.session.scalars(select(PersonalNotice).where(PersonalNotice.key.like("result-back%"))).one()
    assert told.paragraphs == ["Ines Torres says why: The wrong profile."]


def test_all_are_put_together_and_released_from_one_page(results: Results, visit):
    campaign, _target = results.round_of()
    ines = visit(results.reviews.school.ines)
    here = f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}/results"

    assert "Not put together" in ines.get(here).text
    ines.post(f"{here}/put-together")
    assert "Not released" in ines.get(here).text
    ines.post(f"{here}/release")

    [snapshot] = results.reviews.session.scalars(select(ReportSnapshot))
    assert snapshot.released is not None
    assert visit(results.reviews.school.zoe).get(here).status_code == 404


def test_a_report_asks_the_database_the_same_number_of_times_whatever_it_holds(results: Results, visit, counting):
    _campaign, target = results.round_of((3,))
    snapshot, leo = results.released(target), visit(results.reviews.school.leo)
    leo.get(results.address(snapshot))
    with counting() as small:
        leo.get(results.address(snapshot))
    _campaign, target = results.round_of((3, 4, 5, 2, 3), title="Autumn round")
    other = results.released(target)
    leo.get(results.address(other))

    with counting() as large:
        leo.get(results.address(other))

    assert len(large) == len(small) <= 25
