"""Whoever is reviewed names their raters on a page of their own; what stands against somebody is said."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti_tool import clock
from lti_tool.contacts.recording import Wish, record
from lti_tool.models import Enrolment
from lti_tool.roster.groups import CourseGroup, GroupMembership, Source
from reviews.answering import writing
from reviews.campaigns import nominating, running
from reviews.campaigns.models import Campaign, Target
from tests.cast import THEN
from tests.mentoring.conftest import Counting, counting, visit
from tests.reviews.conftest import Reviews, rules

__all__ = ["counting", "visit"]


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: THEN)


@pytest.fixture
def leo(reviews: Reviews, visit) -> FlaskClient:
    return visit(reviews.school.leo)


def naming(reviews: Reviews, **others) -> Target:
    """Leo is reviewed and names raters."""
    campaign, [target] = reviews.review_of(reviews.school.leo, **others)
    running.open_nominating(reviews.session, campaign, at=THEN)
    reviews.session.commit()
    return target


def page_of(target: Target, rest: str = "") -> str:
    return f"/courses/{target.campaign.course.public_id}/reviews/naming/{target.public_id}{rest}"


def name(client: FlaskClient, target: Target, person: Enrolment, group: str = "peer") -> str:
    data = {"group": group, "person": person.public_id}
    return text_of(client.post(page_of(target, "/raters"), data=data, follow_redirects=True))


def outside(client: FlaskClient, target: Target, called: str, mail: str, group: str = "external") -> TestResponse:
    data = {"group": group, "name": called, "mail": mail}
    return client.post(page_of(target, "/raters"), data=data, follow_redirects=True)


def text_of(answer: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def named(reviews: Reviews, target: Target) -> list[tuple[str, str, str]]:
    reviews.session.expire_all()
    return [(each.rater_name, each.group.key, each.state.value) for each in target.assignments][1:]


def test_whoever_is_reviewed_does_not_learn_who_declined(reviews: Reviews, visit):
    campaign, [target] = reviews.review_of(reviews.school.leo)
    [ana] = reviews.name(target, reviews.join("Ana"))
    reviews.collect(campaign)
    writing.decline(reviews.session, ana, "I hardly know him.", at=THEN)
    reviews.session.commit()

    page = (
        visit(reviews.school.leo)
        .get(f"/courses/{reviews.school.course.public_id}/reviews/naming/{target.public_id}")
        .text
    )

    assert "Ana" in page
    assert not any(word in page for word in ("said no", "eclined", "hardly"))


def test_people_of_the_course_and_outside_are_named_and_taken_back(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")

    assert "You have named Ana." in name(leo, target, ana)
    assert "You have named Otto." in text_of(outside(leo, target, "Otto", "Otto@example.org"))
    assert named(reviews, target) == [("Ana", "peer", "proposed"), ("Otto", "external", "proposed")]
    assert target.assignments[2].mail == "otto@example.org"

    gone = leo.post(page_of(target, f"/raters/{target.assignments[1].public_id}/removal"), follow_redirects=True)

    assert "Ana is taken back." in gone.text
    assert named(reviews, target) == [("Otto", "external", "proposed")]


def test_oneself_is_no_peer(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    reviews.school.leo.person.email = "leo@example.org"
    reviews.session.commit()

    assert "You answer about yourself in a group of your own. Name somebody else." in name(
        leo, target, reviews.school.leo
    )
    assert "You answer about yourself in a group of your own." in text_of(outside(leo, target, "L", "LEO@example.org"))
    assert named(reviews, target) == []


def test_nobody_rates_in_two_groups(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")
    name(leo, target, ana)

    assert "Ana is asked already, as one of: Peers. Everybody answers once, so name somebody else." in name(
        leo, target, ana, "report"
    )
    assert "Ana stands in this group already. Nothing was changed." in name(leo, target, ana)
    assert named(reviews, target) == [("Ana", "peer", "proposed")]


def test_a_full_group_says_so(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews, groups=rules(peer={"fewest_invited": 1, "most_invited": 1}))
    ana, ben = reviews.join("Ana", "Ben")
    name(leo, target, ana)

    assert "Peers is full: it takes 1 rater. Take somebody back first." in name(leo, target, ben)
    assert named(reviews, target) == [("Ana", "peer", "proposed")]


def test_the_mail_of_somebody_of_the_course_means_that_person(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")
    ana.person.email = "Ana@Example.org"
    reviews.session.commit()

    said = text_of(outside(leo, target, "Anna", "ana@example.ORG"))
    again = name(leo, target, ana)

    assert "That is the mail of Ana, who is in this course: they are asked as themselves." in said
    assert "Ana is asked already, as one of: People outside." in again
    assert [(each.rater_id, each.mail) for each in target.assignments][1:] == [(ana.id, None)]


def test_who_belongs_to_a_known_group_is_not_for_them_to_name(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")

    assert "Who belongs to Mentors is not for you to name." in name(leo, target, ana, "mentor")
    assert named(reviews, target) == []


def test_what_is_typed_wrong_stays_typed(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)

    answer = outside(leo, target, "Otto", "otto at example")

    assert answer.status_code == 422
    assert "Write their mail address, such as ana@example.org." in answer.text
    assert 'value="Otto"' in answer.text


def test_a_list_is_complete_when_each_group_has_enough_or_nobody(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews, groups=rules(peer={"fewest_invited": 2}))
    ana, ben, cem = reviews.join("Ana", "Ben", "Cem")
    done = page_of(target, "/completion")

    none = text_of(leo.post(done, follow_redirects=True))
    name(leo, target, ana)
    name(leo, target, ben)
    name(leo, target, cem)
    outside(leo, target, "Otto", "otto@example.org")
    lonely = text_of(leo.post(done, follow_redirects=True))
    reviews.session.expire_all()
    assert target.nominated is None
    leo.post(page_of(target, f"/raters/{target.assignments[4].public_id}/removal"))
    whole = text_of(leo.post(done, follow_redirects=True))

    assert "Peers: name at least 2." in none
    assert "People outside: name 3 or nobody, because of fewer nothing could be shown." in lonely
    assert "Your list is complete. Your instructor looks at it next." in whole
    reviews.session.expire_all()
    assert target.nominated == THEN


def test_before_anybody_is_named_the_list_is_not_yet_offered_as_complete(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")
    button = 'class="button is-primary">My list is complete'

    before = leo.get(page_of(target)).text
    name(leo, target, ana)
    after = leo.get(page_of(target)).text

    assert (button in before, button in after) == (False, True)
    assert "There is nobody to name?" in before
    assert "There is nobody to name?" not in after


def test_a_complete_list_that_changes_is_not_complete_any_more(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews, groups=rules(peer={"fewest_invited": 0}))
    [ana] = reviews.join("Ana")
    leo.post(page_of(target, "/completion"))
    reviews.session.expire_all()
    assert target.nominated == THEN

    name(leo, target, ana)

    reviews.session.expire_all()
    assert target.nominated is None


def test_those_they_work_with_are_suggested_with_the_reason(reviews: Reviews, leo: FlaskClient):
    school = reviews.school
    school.mentors(maya=3)
    school.paired(school.leo, school.maya)
    school.paired(school.zoe, school.maya)
    ana, ben = reviews.join("Ana", "Ben")
    team = CourseGroup(course_id=school.course.id, source=Source.SERVICE, reference="t", name="Blue", created=THEN)
    reviews.session.add(team)
    reviews.session.flush()
    reviews.session.add_all(GroupMembership(group_id=team.id, enrolment_id=each.id) for each in (school.leo, ana))
    assert record(reviews.session, school.course, [Wish(ben, school.leo)], by=school.ines, at=THEN) == []
    reviews.session.commit()

    page = text_of(leo.get(page_of(naming(reviews))))

    assert re.findall(
        r"(Zoe Lind|Ana|Ben) (Has the same mentor: [^.]*?|In the same group: \w+|You are their manager) Name", page
    ) == [
        ("Zoe Lind", "Has the same mentor: Maya Okafor"),
        ("Ana", "In the same group: Blue"),
        ("Ben", "You are their manager"),
    ]
    assert "Asked without your naming them Maya Okafor (Mentors)" in page.replace("Leo Baum (Self) ", "")


def test_somebody_is_found_by_part_of_their_name(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    reviews.join("Ana Lima", "Anselm Roth")

    found = text_of(leo.get(page_of(target, "?for=peer&q=an")))
    short = text_of(leo.get(page_of(target, "?for=peer&q=a")))

    assert ("Ana Lima" in found, "Anselm Roth" in found, "Zoe Lind" in found) == (True, True, False)
    assert "Type two letters or more, then look again." in short
    assert "Ana Lima" not in short


def test_who_was_not_approved_is_told_with_the_reason(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    [ana] = reviews.join("Ana")
    name(leo, target, ana)
    nominating.answer(reviews.session, target.campaign, [target.assignments[1].public_id], reason="Too new", at=THEN)
    reviews.session.commit()

    page = text_of(leo.get(page_of(target)))

    assert "Ana Why not: Too new not approved" in page


def test_afterwards_nobody_is_named_and_nobody_learns_who_has_answered(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews)
    ana, ben = reviews.join("Ana", "Ben")
    name(leo, target, ana)
    nominating.answer(reviews.session, target.campaign, [target.assignments[1].public_id], reason=None, at=THEN)
    reviews.collect(target.campaign)
    reviews.answer(target.assignments[1], 4)

    page = text_of(leo.get(page_of(target)))
    refused = name(leo, target, ben)
    late = text_of(leo.post(page_of(target, "/completion"), follow_redirects=True))

    assert "Raters are no longer named." in page
    assert "Ana asked" in page
    assert "answered" not in page
    assert "Raters can no longer be named or taken back." in refused
    assert "Raters can no longer be named or taken back." in late
    assert named(reviews, target) == [("Ana", "peer", "submitted")]


def test_the_page_is_only_for_whoever_is_reviewed(reviews: Reviews, visit):
    target = naming(reviews)
    draft, [other] = reviews.review_of(reviews.school.leo, title="Draft")

    for person in (reviews.school.zoe, reviews.school.ines):
        assert visit(person).get(page_of(target)).status_code == 404
        assert visit(person).post(page_of(target, "/completion")).status_code == 404
        assert visit(person).post(page_of(target, "/raters"), data={"group": "peer"}).status_code == 404
    assert visit(reviews.school.leo).get(page_of(other)).status_code == 404
    assert draft.closes == THEN + timedelta(days=14)


def test_the_page_asks_the_database_as_often_for_three_as_for_one(
    reviews: Reviews, leo: FlaskClient, counting: Counting
):
    target = naming(reviews)
    people = reviews.join("Ana", "Ben", "Cem")

    def asked() -> int:
        leo.get(page_of(target))
        with counting() as queries:
            leo.get(page_of(target))
        return len(queries)

    name(leo, target, people[0])
    one = asked()
    for person in people[1:]:
        name(leo, target, person)

    assert asked() == one


def test_the_reviews_page_says_what_to_name(reviews: Reviews, leo: FlaskClient):
    target = naming(reviews, nominate_by=THEN + timedelta(days=3))

    page = text_of(leo.get(page_of(target).split("naming")[0]))

    assert "You are reviewed. Name the people who know your work. Raters are named until Nov 26, 2026" in page


def test_two_campaigns_know_nothing_of_each_other(reviews: Reviews, leo: FlaskClient):
    first: Target = naming(reviews)
    second: Target = naming(reviews, title="Another")
    campaigns: list[Campaign] = [first.campaign, second.campaign]
    [ana] = reviews.join("Ana")
    name(leo, first, ana)

    page = leo.post(page_of(second, f"/raters/{first.assignments[-1].public_id}/removal"))

    assert page.status_code == 404
    assert [each.title for each in campaigns] == ["Spring round", "Another"]
