"""A campaign is run on its pages: who is reviewed, who rates them, from phase to phase."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool import clock
from lti_tool.contacts.models import Outsider
from lti_tool.contacts.recording import Wish, record
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from reviews.campaigns import arranging, nominating, running
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.campaigns.phases import AssignmentState, Phase
from reviews.campaigns.rules import PEER, Anonymity, CampaignKind
from reviews.instruments.content import Profile, Required
from reviews.results import freezing
from tests.cast import THEN
from tests.mentoring.conftest import Counting, counting, visit
from tests.reviews.conftest import CONTENT, Reviews

__all__ = ["counting", "visit"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: THEN)


@pytest.fixture
def ines(reviews: Reviews, visit) -> FlaskClient:
    return visit(reviews.school.ines)


def address(campaign: Campaign, rest: str = "") -> str:
    return f"/courses/{campaign.course.public_id}/reviews/campaigns/{campaign.public_id}{rest}"


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def act(client: FlaskClient, campaign: Campaign, wanted: str) -> str:
    answer = client.post(address(campaign, "/phase"), data={"act": wanted}, follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer.text)


def phase_of(reviews: Reviews, campaign: Campaign) -> Phase:
    reviews.session.expire_all()
    return campaign.phase


def states(reviews: Reviews, target: Target) -> dict[str, str]:
    reviews.session.expire_all()
    return reviews.states(target)


def named_by_leo(reviews: Reviews, target: Target, *people: Enrolment) -> list[Assignment]:
    """As Leo, who is reviewed, names them."""
    group, leo = target.campaign.group(PEER), reviews.school.leo
    found = [nominating.propose(reviews.session, target, group, each, by=leo, at=THEN) for each in people]
    reviews.session.commit()
    return found


def test_a_campaign_goes_by_its_buttons_from_draft_to_archive(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    peers = reviews.join("Ana", "Ben", "Cem")

    said = act(ines, campaign, "nominate")
    assert "Those who are reviewed are asked to name their raters." in said
    assert "0 of 1 have completed their list of raters." in said
    named_by_leo(reviews, target, *peers)
    said = act(ines, campaign, "end_nominating")
    assert "3 raters were named and wait for your yes or no." in said
    ines.post(
        address(campaign, "/named"), data={"named": [each.public_id for each in target.assignments], "answer": "yes"}
    )
    assert "Every list is settled. Ask for answers." in text_of(ines.get(address(campaign)).text)
    assert "0 of 4 answers are in." in act(ines, campaign, "collect")
    for each in target.assignments:
        reviews.answer(each, 4)
    assert "4 of 4 answers are in." in text_of(ines.get(address(campaign)).text)
    assert "It is closed. Release the results" in act(ines, campaign, "close")
    assert "The results are released." in act(ines, campaign, "release")
    assert "It is archived." in act(ines, campaign, "archive")

    assert phase_of(reviews, campaign) is Phase.ARCHIVED


def path(client: FlaskClient, campaign: Campaign) -> dict[str, str]:
    page = client.get(address(campaign)).text
    steps = page.partition('<ol class="steps"')[2].partition("</ol>")[0]
    found = re.findall(r'step-label">(.*?)</span>.*?step-state">(.*?)\s*</span>', steps, re.DOTALL)
    return dict(found)


def test_phases_that_it_went_past_are_not_called_done(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "collect")
    for each in target.assignments:
        reviews.answer(each, 4)

    collecting = path(ines, campaign)
    act(ines, campaign, "close")
    act(ines, campaign, "archive")

    assert collecting == {
        "Draft": "Done",
        "Raters are named": "Skipped",
        "Raters are approved": "Skipped",
        "Answers come in": "Now",
        "Closed": "Later",
        "Released": "Later",
    }
    assert path(ines, campaign) == {**collecting, "Answers come in": "Done", "Closed": "Done", "Released": "Skipped"}


def test_phases_that_it_went_through_are_done(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "nominate")
    named_by_leo(reviews, target, *reviews.join("Ana", "Ben", "Cem"))
    act(ines, campaign, "end_nominating")
    approving = path(ines, campaign)
    ines.post(
        address(campaign, "/named"), data={"named": [each.public_id for each in target.assignments], "answer": "yes"}
    )
    act(ines, campaign, "collect")

    assert list(approving.values()) == ["Done", "Done", "Now", "Later", "Later", "Later"]
    assert list(path(ines, campaign).values()) == ["Done", "Done", "Done", "Now", "Later", "Later"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"closes": None}, "It has no day on which it closes."),
        ({"closes": THEN}, "The day on which it closes is over."),
    ],
)
def test_why_it_cannot_begin_is_said_with_what_to_do(reviews: Reviews, ines: FlaskClient, change, sentence):
    campaign, _targets = reviews.review_of(reviews.school.leo, **change)

    assert sentence in act(ines, campaign, "nominate")
    assert phase_of(reviews, campaign) is Phase.DRAFT


def test_nobody_is_asked_about_nobody(reviews: Reviews, ines: FlaskClient):
    campaign = reviews.campaign()

    assert "Nobody is reviewed yet. Choose who is." in act(ines, campaign, "collect")
    assert "Choose who is reviewed" in ines.get(address(campaign)).text


def test_what_somebody_else_has_done_meanwhile_is_told(reviews: Reviews, ines: FlaskClient):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "collect")

    said = act(ines, campaign, "nominate")

    assert "That cannot be done any more: the campaign has moved on meanwhile." in said
    assert phase_of(reviews, campaign) is Phase.COLLECTING


def test_a_running_one_closes_later_if_wished_but_not_in_the_past(reviews: Reviews, ines: FlaskClient):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "collect")
    page = address(campaign, "/closing")

    wrong = ines.post(page, data={"until": "2026-11-01T09:00"}, follow_redirects=True).text
    none = ines.post(page, data={"until": ""})
    right = ines.post(page, data={"until": "2027-01-15T09:00"}, follow_redirects=True).text

    assert "It closes at a moment that is still to come" in wrong
    assert (none.status_code, "Say when it closes." in none.text) == (422, True)
    assert "Saved: it closes at another time." in right
    reviews.session.expire_all()
    assert campaign.closes is not None
    assert campaign.closes.isoformat() == "2027-01-15T09:00:00+00:00"


def test_groups_that_closed_under_their_minimum_are_named(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    first, *_others = reviews.name(target, reviews.join("Ana", "Ben", "Cem", "Dana", "Eli"))
    act(ines, campaign, "collect")
    reviews.answer(first, 4)

    said = act(ines, campaign, "close")

    assert "Too few answered" in said
    assert "Leo Baum : Peers, 1 instead of 3" in said


def test_progress_tells_who_has_answered_and_never_what(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    first, _second = reviews.name(target, reviews.join("Ana", "Ben"))
    act(ines, campaign, "collect")
    reviews.answer(first, 2)

    page = text_of(ines.get(address(campaign, f"/people/{target.public_id}")).text)

    assert "Ana Has answered" in page
    assert "Ben Not begun" in page
    assert "Level 2" not in page
    assert str(THEN.year) not in page


def test_people_are_chosen_by_part_by_group_and_one_by_one(reviews: Reviews, ines: FlaskClient):
    school = reviews.school
    school.mentors(maya=2)
    campaign = reviews.campaign()
    team = CourseGroup(course_id=school.course.id, source=Source.SERVICE, reference="t", name="Team blue", created=THEN)
    reviews.session.add(team)
    reviews.session.flush()
    reviews.session.add(GroupMembership(group_id=team.id, enrolment_id=school.zoe.id))
    reviews.session.commit()
    page = address(campaign, "/people")

    mentors = ines.post(page, data={"whom": "mentors"}, follow_redirects=True).text
    listed = ines.get(f"{page}?group={team.public_id}").text
    nobody = ines.post(page, data={})
    one = ines.post(page, data={"people": school.zoe.public_id}, follow_redirects=True).text
    again = ines.post(page, data={"whom": "mentors"}, follow_redirects=True).text

    assert "1 person more is reviewed." in mentors
    assert ("Zoe Lind" in listed, "Leo Baum" in listed) == (True, False)
    assert (nobody.status_code, "Tick those who are to be reviewed, then add them." in nobody.text) == (422, True)
    assert "1 person more is reviewed." in one
    assert "All of them are reviewed already." in again
    reviews.session.expire_all()
    assert [each.enrolment.name for each in campaign.targets if each.enrolment] == ["Maya Okafor", "Zoe Lind"]


def test_somebody_is_taken_out_until_answers_come_in(reviews: Reviews, ines: FlaskClient):
    campaign, [leo, zoe] = reviews.review_of(reviews.school.leo, reviews.school.zoe)

    gone = ines.post(address(campaign, f"/people/{leo.public_id}/removal"), follow_redirects=True).text
    act(ines, campaign, "collect")
    stays = ines.post(address(campaign, f"/people/{zoe.public_id}/removal"), follow_redirects=True).text

    assert "They are not reviewed in this campaign." in gone
    assert "the campaign has moved on meanwhile" in stays
    reviews.session.expire_all()
    assert [each.id for each in campaign.targets] == [zoe.id]


def test_each_person_is_coached_by_their_mentor_or_whom_one_names(reviews: Reviews, ines: FlaskClient):
    school = reviews.school
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)
    campaign, [leo, zoe] = reviews.review_of(school.leo, school.zoe)

    ines.post(address(campaign, "/coaches"))
    ines.post(address(campaign, f"/people/{zoe.public_id}/settings"), data={"coach": school.ines.public_id})

    reviews.session.expire_all()
    assert [each.coach.name for each in (leo, zoe) if each.coach] == ["Maya Okafor", "Ines Torres"]


def test_once_somebody_has_answered_nobody_else_is_let_in_as_a_coach(reviews: Reviews, ines: FlaskClient):
    school = reviews.school
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    campaign, [leo] = reviews.review_of(school.leo)
    reviews.collect(campaign)
    reviews.answer(reviews.assignment(leo, school.leo), 3)
    settings = address(campaign, f"/people/{leo.public_id}/settings")

    ines.post(address(campaign, "/coaches"))
    refused = ines.post(settings, data={"coach": school.ines.public_id})
    reviews.session.expire_all()

    assert "was told who reads it" in text_of(refused.text)
    assert (refused.status_code, leo.coach) == (422, None)


def test_whose_own_time_is_over_gets_no_more_raters(reviews: Reviews, ines: FlaskClient):
    campaign, [leo] = reviews.review_of(reviews.school.leo)
    reviews.collect(campaign)
    running.close_target(reviews.session, leo, at=THEN)
    reviews.session.commit()

    sent = {"group": "peer", "person": "", "name": "Vera Stein", "mail": "vera@firm.example"}
    answer = ines.post(address(campaign, f"/people/{leo.public_id}/raters"), data=sent)

    assert answer.status_code == 422
    assert list(states(reviews, leo)) == ["Leo Baum"]


def test_the_position_stays_once_a_result_says_how_somebody_fits(reviews: Reviews, ines: FlaskClient):
    lead = Profile(key="lead", position="Team lead", levels={"trust": Required(level=4.0)})
    reviews.content = replace(CONTENT, profiles=(lead,))
    campaign, [leo] = reviews.review_of(reviews.school.leo)
    settings = address(campaign, f"/people/{leo.public_id}/settings")
    ines.post(settings, data={"profile": "lead"})
    reviews.collect(campaign)
    reviews.close(campaign)
    freezing.freeze(reviews.session, leo, by=reviews.school.ines, at=THEN)
    reviews.session.commit()

    refused = ines.post(settings, data={"profile": ""})
    reviews.session.expire_all()

    assert "Take it back before you change the position." in text_of(refused.text)
    assert (refused.status_code, leo.profile) == (422, "lead")


def test_many_who_were_named_get_a_yes_at_once_and_a_no_with_its_reason(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "nominate")
    ana, ben, cem = named_by_leo(reviews, target, *reviews.join("Ana", "Ben", "Cem"))
    page = address(campaign, "/named")

    nobody = ines.post(page, data={"answer": "yes"})
    unsaid = ines.post(page, data={"answer": "no", "named": cem.public_id})
    ines.post(page, data={"answer": "yes", "named": [ana.public_id, ben.public_id]})
    ines.post(page, data={"answer": "no", "named": cem.public_id, "reason": "Never worked with Leo"})

    assert "Tick those whom you say yes or no to." in nobody.text
    assert "Say why not: whoever named them reads it, and names somebody else." in unsaid.text
    assert f'value="{cem.public_id}" checked' in unsaid.text
    assert states(reviews, target) == {"Leo Baum": "invited", "Ana": "invited", "Ben": "invited", "Cem": "rejected"}
    assert cem.reason == "Never worked with Leo"


def test_a_no_can_become_a_yes_as_long_as_it_runs(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "nominate")
    [ana] = named_by_leo(reviews, target, *reviews.join("Ana"))
    ines.post(address(campaign, "/named"), data={"answer": "no", "named": ana.public_id, "reason": "No"})
    act(ines, campaign, "collect")
    button = address(campaign, f"/people/{target.public_id}/raters/{ana.public_id}/approval")

    ines.post(button)
    reviews.session.expire_all()
    assert (ana.state, ana.invited, ana.reason) == (AssignmentState.INVITED, THEN, "")

    act(ines, campaign, "close")
    assert "the campaign has moved on meanwhile" in ines.post(button, follow_redirects=True).text


def test_nobody_is_asked_for_answers_while_somebody_named_waits_for_a_yes_or_no(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    running.open_nominating(reviews.session, campaign, at=THEN)
    [ana] = named_by_leo(reviews, target, *reviews.join("Ana"))
    reviews.session.commit()

    said = act(ines, campaign, "collect")

    assert (campaign.phase, ana.state) == (Phase.NOMINATING, AssignmentState.PROPOSED)
    assert "Some who were named wait for your yes or no." in said
    nominating.answer(reviews.session, campaign, [ana.public_id], reason="She has never met him.", at=THEN)
    reviews.session.commit()
    act(ines, campaign, "collect")
    assert (campaign.phase, ana.state) == (Phase.COLLECTING, AssignmentState.REJECTED)


def test_while_answers_come_in_nobody_is_approved_any_more(reviews: Reviews):
    """A campaign that moves on while somebody approves: the approval finds nobody."""
    campaign, [target] = reviews.review_of(reviews.school.leo)
    running.open_nominating(reviews.session, campaign, at=THEN)
    [ana] = named_by_leo(reviews, target, *reviews.join("Ana"))
    nominating.answer(reviews.session, campaign, [ana.public_id], reason="She has never met him.", at=THEN)
    reviews.collect(campaign)

    answered = nominating.answer(reviews.session, campaign, [ana.public_id], reason=None, at=THEN)

    assert (answered, ana.state) == (0, AssignmentState.REJECTED)


def test_those_who_were_named_are_ticked_to_begin_with(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    running.open_nominating(reviews.session, campaign, at=THEN)
    [ana, ben] = named_by_leo(reviews, target, *reviews.join("Ana", "Ben"))
    reviews.session.commit()

    page = ines.get(address(campaign, "/named")).text

    assert all(f'value="{each.public_id}" checked' in page for each in (ana, ben))


def test_raters_are_added_by_hand_from_the_course_and_from_outside(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [ana, ben] = reviews.join("Ana", "Ben")
    ben.person.email = "ben@example.org"
    reviews.session.commit()
    page = address(campaign, f"/people/{target.public_id}/raters")

    of_course = ines.post(page, data={"group": "peer", "person": ana.public_id}, follow_redirects=True).text
    matched = ines.post(
        page, data={"group": "external", "person": "", "name": "B.", "mail": "BEN@example.org"}, follow_redirects=True
    ).text
    outside = ines.post(
        page,
        data={"group": "external", "person": "", "name": "Carla", "mail": "carla@example.org"},
        follow_redirects=True,
    ).text
    nameless = ines.post(page, data={"group": "external", "person": "", "name": "", "mail": "carla"})

    assert "Ana is one of the raters now." in of_course
    assert "That is the mail of Ben, who is in the course: they are asked as themselves." in matched
    assert "Carla is one of the raters now." in outside
    assert nameless.status_code == 422
    assert "Say what they are called." in nameless.text
    assert "Write their mail address, such as ana@example.org." in nameless.text
    reviews.session.expire_all()
    assert [(each.rater_name, each.group.key, each.mail) for each in target.assignments[1:]] == [
        ("Ana", "peer", None),
        ("Ben", "external", None),
        ("Carla", "external", "carla@example.org"),
    ]


def test_what_stands_against_a_rater_is_said(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [ana] = reviews.join("Ana")
    reviews.name(target, [ana])
    page = address(campaign, f"/people/{target.public_id}/raters")

    oneself = ines.post(page, data={"group": "peer", "person": reviews.school.leo.public_id})
    twice = ines.post(page, data={"group": "report", "person": ana.public_id})

    assert "Leo Baum is the one who is reviewed, and answers about themselves already." in oneself.text
    assert "Ana is asked already, as one of: Peers." in twice.text
    assert (oneself.status_code, twice.status_code) == (422, 422)


def test_rater_groups_are_left_out_renamed_and_added(reviews: Reviews, ines: FlaskClient):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    page = address(campaign, "/groups")
    shown = sent_groups(campaign)
    shown["group_peer-label"] = "Colleagues"
    shown["group_peer-most_invited"] = "6"
    del shown["group_external-is_asked"]

    answer = ines.post(page, data=shown | {"another": "Customers"})

    assert answer.status_code == 302
    reviews.session.expire_all()
    assert [(each.key, each.label, each.most_invited) for each in campaign.groups] == [
        ("self", "", None),
        ("manager", "", None),
        ("mentor", "", None),
        ("peer", "Colleagues", 6),
        ("report", "", 12),
        ("mentee", "", None),
        ("own-1", "Customers", 10),
    ]
    assert [each.rater_name for each in target.assignments] == ["Leo Baum"]


def sent_groups(campaign: Campaign) -> dict[str, str]:
    """What the form of the rater groups sends as they are."""
    sent: dict[str, str] = {}
    for each in campaign.groups:
        name = f"group_{each.key}-"
        sent |= {f"{name}is_asked": "y", f"{name}label": each.label, f"{name}anonymity": each.anonymity.value}
        sent |= {f"{name}nominated_by": each.nominated_by.value, f"{name}comments": each.comments.value}
        sent |= {f"{name}least": str(each.least), f"{name}fewest_invited": str(each.fewest_invited)}
        sent |= {f"{name}most_invited": str(each.most_invited or ""), f"{name}weight": f"{each.weight:g}"}
    return sent


def test_nobody_calls_a_mentor_anonymous(reviews: Reviews, ines: FlaskClient):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    sent = sent_groups(campaign) | {"group_mentor-anonymity": "anonymous", "group_peer-most_invited": "2"}

    answer = ines.post(address(campaign, "/groups"), data=sent)

    assert answer.status_code == 422
    assert "Choose one of the list." in answer.text
    assert "At most fewer are named than at least. Make one of the numbers fit the other." in answer.text
    reviews.session.expire_all()
    assert campaign.group("mentor").anonymity is Anonymity.ATTRIBUTED


def test_a_campaign_asks_somebody(reviews: Reviews, ines: FlaskClient):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    sent = {name: value for name, value in sent_groups(campaign).items() if not name.endswith("is_asked")}

    assert (
        "A campaign asks somebody. Tick at least one group." in ines.post(address(campaign, "/groups"), data=sent).text
    )


def test_once_people_were_asked_groups_stay(reviews: Reviews, ines: FlaskClient):
    campaign, _targets = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "collect")

    answer = ines.post(address(campaign, "/groups"), data=sent_groups(campaign), follow_redirects=True)

    assert "People were asked already, so the groups stay as they are." in answer.text


def test_pages_ask_the_database_as_often_for_three_as_for_one(reviews: Reviews, ines: FlaskClient, counting: Counting):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    act(ines, campaign, "nominate")
    people = reviews.join("Ana", "Ben", "Cem")
    named_by_leo(reviews, target, people[0])
    pages = [address(campaign, rest) for rest in ("", "/people", "/named", f"/people/{target.public_id}", "/groups")]

    def asked() -> list[int]:
        numbers = []
        for page in pages:
            reviews.session.expire_all()
            ines.get(page)
            with counting() as queries:
                assert ines.get(page).status_code == 200
            numbers.append(len(queries))
        return numbers

    one = asked()
    named_by_leo(reviews, target, *people[1:])
    arranging.add_people(reviews.session, campaign, [reviews.school.zoe, reviews.school.maya], at=THEN)
    reviews.session.commit()

    assert asked() == one


def test_only_instructors_open_these_pages(reviews: Reviews, visit):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    leo = visit(reviews.school.leo)
    shown = ["", "/people", "/named", "/groups", "/settings", f"/people/{target.public_id}"]
    changed = ["/phase", "/closing", "/removal", "/people", "/named", f"/people/{target.public_id}/raters"]

    assert {leo.get(address(campaign, each)).status_code for each in shown} == {403}
    assert {leo.post(address(campaign, each)).status_code for each in changed} == {403}


def test_known_raters_are_found_for_everybody_at_once(reviews: Reviews):
    """A mentor who manages as well is asked once, in the first of the groups."""
    school = reviews.school
    school.mentors(maya=3)
    school.paired(school.leo, school.maya)
    school.paired(school.zoe, school.maya)
    refused = record(reviews.session, school.course, [Wish(school.leo, school.maya)], by=school.ines, at=THEN)
    refused += record(
        reviews.session,
        school.course,
        [Wish(school.zoe, Outsider("Otto", "otto@example.org"))],
        by=school.ines,
        at=THEN,
    )
    assert refused == []

    _campaign, targets = reviews.review_of(school.leo, school.zoe, school.maya)

    assert [[(each.group.key, each.rater_name) for each in target.assignments] for target in targets] == [
        [("self", "Leo Baum"), ("manager", "Maya Okafor")],
        [("self", "Zoe Lind"), ("manager", "Otto"), ("mentor", "Maya Okafor")],
        [("self", "Maya Okafor"), ("mentee", "Leo Baum"), ("mentee", "Zoe Lind")],
    ]


def test_pairs_of_the_whole_course_are_those_of_all_its_runs(reviews: Reviews, ines: FlaskClient):
    school = reviews.school
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    campaign = reviews.campaign(CampaignKind.PAIR)

    said = act(ines, campaign, "collect")

    assert "Everybody who is to answer is asked now." in said
    assert sorted(each.enrolment.name for each in campaign.targets) == ["Leo Baum", "Maya Okafor"]


@pytest.mark.parametrize("kind", [CampaignKind.PAIR, CampaignKind.PROGRAM])
def test_where_nobody_is_to_be_asked_it_does_not_start_and_says_why(reviews: Reviews, ines: FlaskClient, kind):
    for person in (reviews.school.leo, reviews.school.maya, reviews.school.zoe):
        person.is_active = False
    campaign = reviews.campaign(kind)

    said = act(ines, campaign, "collect")

    assert "There is nobody to ask yet" in said
    assert phase_of(reviews, campaign) is Phase.DRAFT
    assert reviews.session.scalars(select(Assignment)).all() == []
