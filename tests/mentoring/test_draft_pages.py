"""The pages of a draft: proposals, warnings, changes by hand, what would help, other weights, publishing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lti_tool.models import Course, Enrolment, Role
from mentoring.mentorships.models import Mentorship, Origin
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.matching.people import Question
from mentoring.pairing.matching.solution import Unanswered
from mentoring.pairing.models import Match, MatchRun, RunState
from mentoring.pairing.runs.drafting import token
from mentoring.participants.models import MentorOffer, Participant
from mentoring.programs.choices import Manner
from mentoring.programs.models import MentorKind, ProgramVersion, TrainingItem
from tests.mentoring.asking import designed
from tests.mentoring.classes import drawn_class, mentee, mentor
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]


class Desk:
    """Ines at her desk: the draft of the course, and what she does with it."""

    def __init__(self, school: School, client: FlaskClient) -> None:
        self.school, self.client = school, client
        self.base = f"/courses/{school.course.public_id}/mentoring/pairing"

    @property
    def run(self) -> MatchRun:
        return self.school.session.scalars(
            select(MatchRun).order_by(MatchRun.id.desc()).limit(1).execution_options(populate_existing=True)
        ).one()

    @property
    def url(self) -> str:
        return f"{self.base}/runs/{self.run.public_id}"

    def suggest(self) -> str:
        return self.client.post(f"{self.base}/runs", follow_redirects=True).text

    def look(self, **query: str) -> str:
        return self.client.get(self.url, query_string=query).text

    def act(self, act: str, **rest: str) -> tuple[int, str]:
        sent = {"act": act, "seen": token(self.run), **rest}
        answer = self.client.post(self.url, data=sent, follow_redirects=True)
        return answer.status_code, answer.text

    def post(self, path: str, **sent: str) -> tuple[int, str]:
        answer = self.client.post(f"{self.url}/{path}", data={"seen": token(self.run), **sent}, follow_redirects=True)
        return answer.status_code, answer.text

    def match(self, name: str) -> Match:
        return next(each for each in self.run.matches if each.mentee.name.startswith(name))

    def pairs(self) -> set[tuple[str, str]]:
        return {(match.mentee.name, match.mentor.name) for match in self.run.matches}


@pytest.fixture
def desk(school: School, visit: Visit) -> Desk:
    """Maya and Tom mentor, Leo and Zoe seek; Leo fits Maya and Zoe fits Tom."""
    tom = school.join("Tom Ray", Role.ASSISTANT)
    school.session.add_all(
        [
            mentor(school.cohort, school.maya, 1, skills=["Python"], languages=["en"]),
            mentor(school.cohort, tom, 1, skills=["Drawing"], languages=["de", "en"]),
            mentee(school.cohort, school.leo, skills=["Python"], languages=["en"]),
            mentee(school.cohort, school.zoe, skills=["Drawing"], languages=["de"]),
        ]
    )
    school.session.commit()
    return Desk(school, visit(school.ines))


def key(desk: Desk, name: str) -> str:
    found = desk.school.session.scalars(select(Participant)).all()
    return next(each.public_id for each in found if each.name.startswith(name))


def test_pairs_are_suggested_with_reasons_and_proof(desk: Desk):
    page = desk.suggest()

    assert desk.pairs() == {("Leo Baum", "Maya Okafor"), ("Zoe Lind", "Tom Ray")}
    assert "2 of 2 people have every mentor they need." in page
    assert "knows Python" in page
    assert "both speak German" in page
    assert "That is proved, not tried." in page
    assert "Nobody is left over." in page


def test_a_draft_is_seen_by_instructors_only(desk: Desk, visit: Visit):
    desk.suggest()

    for person in (desk.school.maya, desk.school.leo):
        client = visit(person)
        assert client.get(desk.url).status_code == 403
        assert client.post(f"{desk.url}/publish").status_code == 403
        assert "Tom Ray" not in client.get(f"/courses/{desk.school.course.public_id}/").text


def test_an_instructor_of_another_course_finds_nothing(desk: Desk, visit: Visit):
    desk.suggest()
    other: Course = desk.school.cast.course("Another")
    stranger = desk.school.cast.enrol(other, "Ana Silva", Role.INSTRUCTOR)
    base = f"/courses/{other.public_id}/mentoring/pairing/runs/{desk.run.public_id}"

    client = visit(stranger)

    assert client.get(base).status_code == 404
    for path in ("", "/publish", "/take-out", "/discard", f"/people/{key(desk, 'Leo')}", "/weights"):
        sent = {"act": f"lock:{desk.run.matches[0].public_id}", "seen": token(desk.run)}
        assert client.post(f"{base}{path}", data=sent).status_code == 404
    assert desk.run.state == RunState.DRAFT


def test_a_pair_is_locked_unlocked_and_taken_apart(desk: Desk):
    desk.suggest()

    assert "stay together" in desk.act(f"lock:{desk.match('Leo').public_id}")[1]
    assert desk.match("Leo").is_locked
    assert "may be parted" in desk.act(f"unlock:{desk.match('Leo').public_id}")[1]
    assert not desk.match("Leo").is_locked
    page = desk.act(f"unpair:{desk.match('Leo').public_id}")[1]

    assert desk.pairs() == {("Zoe Lind", "Tom Ray")}
    assert "1 of 2 people has every mentor" in page or "1 of 2 people have every mentor" in page
    assert "Somebody is free" in page


def test_what_somebody_else_has_changed_meanwhile_is_said_and_nothing_done(desk: Desk):
    desk.suggest()
    seen = token(desk.run)
    desk.act(f"lock:{desk.match('Leo').public_id}")

    status, page = desk.post("publish", seen=seen)

    assert status == 409
    assert "Somebody has changed this draft since you opened it" in page
    assert desk.run.state == RunState.DRAFT


def test_publishing_makes_every_pair_and_a_second_time_nothing(desk: Desk):
    desk.suggest()
    seen = token(desk.run)

    _status, page = desk.post("publish", seen=seen)
    again, told = desk.post("publish", seen=seen)

    made = desk.school.session.scalars(select(Mentorship)).all()
    assert "Published: 2 pairs." in page
    assert (again, "Ines Torres" in told, "has published this draft already" in told) == (409, True, True)
    assert [(each.state, each.origin, each.run_id) for each in made] == [
        (MentorshipState.ACCEPTED, Origin.RUN, desk.run.id)
    ] * 2
    assert desk.run.state == RunState.PUBLISHED


def test_a_mentor_who_left_meanwhile_keeps_the_whole_draft_from_being_published(desk: Desk):
    desk.suggest()
    desk.school.maya.is_active = False
    desk.school.session.commit()

    assert "One pair breaks a rule" in desk.look()
    status, page = desk.post("publish")

    assert status == 422
    assert "Maya Okafor" in page
    assert "cannot be matched now" in page
    assert desk.school.session.scalars(select(Mentorship)).all() == []
    assert "One pair was taken out of the draft." in desk.post("take-out")[1]
    assert "Published: one pair." in desk.post("publish")[1]


def test_who_cannot_be_matched_yet_is_counted_with_the_reason_and_an_empty_draft_has_no_publish(desk: Desk):
    about = {"version_id": desk.school.cohort.version_id, "place": 1, "manner": Manner.LINK}
    desk.school.session.add(TrainingItem(key="read", title="Read", is_for_mentors=True, **about))
    designed(desk.school, needs_consent=True)

    desk.suggest()
    page = words(desk.client.get(desk.url))

    assert "4 people cannot be matched yet" in page
    assert "4 have not agreed to take part yet. Everybody sees on their home page what is left to do." in page
    assert page.count("Cannot be matched yet: they have not agreed to take part.") == 2
    assert "Of the mentors" not in page
    assert "0 of 2 people have every mentor they need. Publish" not in page

    designed(desk.school, needs_consent=False)
    page = words(desk.client.get(desk.url))

    assert "2 people cannot be matched yet" in page
    assert "2 still have some of their training to do." in page
    assert "Of the mentors, 2 cannot be matched now." in page
    assert "Who has done the training" in page


def test_a_place_given_away_meanwhile_is_not_given_twice(desk: Desk):
    desk.suggest()
    noor = desk.school.join("Noor Saleh")
    desk.school.pair((noor, desk.school.maya))

    status, page = desk.post("publish")

    assert (status, "has no free place" in page) == (422, True)


def test_a_person_s_page_shows_every_mentor_and_why_not(desk: Desk):
    desk.suggest()

    page = desk.client.get(f"{desk.url}/people/{key(desk, 'Leo')}").text

    assert "In this draft with" in page
    assert "The places of" in page
    assert "Zoe Lind" in page


def test_a_rule_in_the_way_is_told_beside_the_mentor(desk: Desk):
    desk.suggest()

    page = desk.client.get(f"{desk.url}/people/{key(desk, 'Zoe')}").text

    assert "have no language in common" in page
    assert "One mentor whom a rule forbids" in page


def test_a_pair_made_with_a_full_mentor_is_said_to_keep_the_draft_from_being_published(desk: Desk):
    desk.suggest()
    maya = desk.match("Leo").mentor

    _status, page = desk.post(f"people/{key(desk, 'Zoe')}", act=f"pair:{maya.public_id}:mentor")

    assert "Maya Okafor and Zoe Lind are together in this draft, and locked." in page
    assert (
        "As it stands this cannot be published: Maya Okafor and Zoe Lind have no language in common."
        " Maya Okafor has no free place."
    ) in page


def test_two_mentees_swap_their_mentors_by_hand(desk: Desk):
    desk.suggest()
    leo, zoe = desk.match("Leo"), desk.match("Zoe")

    status, page = desk.post(f"people/{key(desk, 'Leo')}", act=f"swap:{leo.public_id}:{zoe.public_id}")

    assert status == 200
    assert "Tom Ray and Leo Baum, and Maya Okafor and Zoe Lind, are together in this draft now, and locked." in page
    assert "have no language in common" in page
    assert desk.pairs() == {("Leo Baum", "Tom Ray"), ("Zoe Lind", "Maya Okafor")}
    assert all(match.is_locked and match.by_hand for match in desk.run.matches)
    assert "One pair breaks a rule" in desk.look()
    assert "have no language in common" in desk.look(show="warned")


def test_somebody_who_is_dropped_onto_a_mentor_comes_from_the_pair_they_were_dragged_out_of(desk: Desk):
    """Two mentors of a kind: it is Maya who is changed for Ana, though Tom was given last."""
    ana = desk.school.join("Ana Silva", Role.ASSISTANT)
    desk.school.session.add(mentor(desk.school.cohort, ana, 1, skills=["Python"], languages=["en"]))
    desk.school.session.execute(update(ProgramVersion).values(used=None))
    desk.school.session.execute(update(MentorKind).values(needed=2))
    desk.school.session.commit()
    desk.suggest()
    mine = {each.mentor.name: each for each in desk.run.matches if each.mentee.name == "Leo Baum"}
    [other] = {"Maya Okafor", "Tom Ray", "Ana Silva"} - mine.keys()
    first = min(mine.values(), key=lambda match: match.id)
    kept = (mine.keys() - {first.mentor.name}) | {other}

    dropped = f"people/{key(desk, 'Leo')}?back=draft&q=leo"
    status, page = desk.post(dropped, act=f"move:{first.public_id}:{key(desk, other[:3])}")

    assert {each.mentor.name for each in desk.run.matches if each.mentee.name == "Leo Baum"} == kept
    assert (status, "Draft of pairs" in page, 'value="leo"' in page) == (200, True, True)


def test_a_pair_of_somebody_else_is_not_moved_from_this_person_s_page(desk: Desk):
    desk.suggest()
    before, zoes = desk.pairs(), desk.match("Zoe").public_id

    for act in (f"move:{zoes}:{key(desk, 'Maya')}", f"move:nothing:{key(desk, 'Maya')}", "move:", f"move:{zoes}"):
        status, _page = desk.post(f"people/{key(desk, 'Leo')}?back=draft", act=act)
        assert status == 409

    assert desk.pairs() == before


def test_a_mentor_without_a_free_place_can_be_given_by_a_button_too_and_the_rule_is_told(desk: Desk):
    desk.suggest()
    leo, tom = key(desk, "Leo"), key(desk, "Tom")

    page = desk.client.get(f"{desk.url}/people/{leo}").text
    desk.post(f"people/{leo}", act=f"pair:{tom}:mentor")

    assert f'value="pair:{tom}:mentor">Pair anyway' in page
    assert desk.pairs() == {("Leo Baum", "Tom Ray"), ("Zoe Lind", "Tom Ray")}
    assert "has no free place" in desk.look(show="warned")


def test_what_can_be_dragged_says_what_a_button_would_send(desk: Desk):
    desk.suggest()
    leo, maya, match = key(desk, "Leo"), key(desk, "Maya"), desk.match("Leo").public_id

    page = desk.look(q="leo")
    desk.act(f"unpair:{match}")
    left = desk.look()
    desk.post("publish")

    assert f'data-act="move:{match}:{{place}}" data-from="{maya}" data-href="' in page
    assert f"/people/{leo}?back=draft&amp;q=leo" in page
    assert f'data-place="{maya}"' in page
    assert 'data-act="pair:{place}:mentor" data-href="' in left
    assert "data-act" not in desk.look()


def test_a_stale_page_of_a_person_leads_back_to_the_draft_as_it_stands(desk: Desk):
    desk.suggest()
    leo, tom = key(desk, "Leo"), key(desk, "Tom")

    for path, sent in ((f"people/{leo}", {"act": f"pair:{tom}:mentor"}), (f"people/{leo}/help", {"deed": "x"})):
        status, page = desk.post(path, seen="long ago", **sent)

        assert (status, "Somebody has changed this draft since you opened it" in page) == (409, True)


def test_what_a_pair_would_cost_is_found_by_solving_again(desk: Desk):
    desk.suggest()
    leo, tom = key(desk, "Leo"), key(desk, "Tom")

    page = desk.client.get(f"{desk.url}/people/{leo}?with={tom}&kind=mentor").text

    assert "1 instead of 2 places would be filled." in page


def test_what_would_place_somebody_is_found_and_done_at_a_click(desk: Desk):
    noor = desk.school.join("Noor Saleh")
    desk.school.session.add(mentee(desk.school.cohort, noor, skills=["Python"], languages=["en"]))
    desk.school.session.commit()
    page = desk.suggest()
    assert "All mentors together have 2 places, and 3 are needed." in page
    left = next(each["mentee"] for each in desk.run.outcome["leftovers"])

    told = desk.client.get(f"{desk.url}/people/{left}/help?kind=mentor").text
    assert "One more place with" in told
    status, page = desk.post(f"people/{left}/help", deed=f"place:{key(desk, 'Maya')}")

    assert status == 200
    assert "has 2 places now." in page
    assert "3 of 3 people have every mentor they need." in page
    assert desk.run.number == 2


def test_other_weights_stand_beside_the_draft_before_they_are_taken_over(desk: Desk):
    desk.suggest()
    first = desk.run
    weights = dict.fromkeys(("skills", "interests", "values", "wish_of_mentee", "wish_of_mentor"), "0")
    rest = dict.fromkeys(("hours", "level", "section", "before", "waited", "other_team"), "0")

    status, page = desk.post("weights", goals="10", **weights, **rest)
    aside = desk.run

    assert (status, aside.is_aside, aside.weights["goals"]) == (200, True, 10)
    assert "Two drafts side by side" in page
    assert desk.school.session.get(MatchRun, first.id).state == RunState.DRAFT
    url = f"{desk.base}/runs/{first.public_id}/beside/{aside.public_id}"
    assert "has the weights that you tried" in desk.client.post(url, follow_redirects=True).text
    assert (desk.run.is_aside, desk.run.weights["goals"], desk.run.weights["skills"]) == (False, 10, 0)


def test_only_weights_that_were_tried_are_taken_over_and_only_once(desk: Desk):
    desk.suggest()
    first = desk.run
    desk.post("weights", **{each.value: "1" for each in Question})
    aside, url = desk.run, f"{desk.base}/runs/{first.public_id}/beside"
    desk.client.post(f"{url}/{aside.public_id}")

    again = desk.client.post(f"{url}/{aside.public_id}")
    desk.post("publish")
    published = desk.client.post(f"{url}/{desk.run.public_id}")

    assert (again.status_code, published.status_code) == (409, 409)
    assert "This is no draft any more, so nothing was changed." in again.text
    assert (desk.run.number, desk.run.state) == (3, RunState.PUBLISHED)


def test_what_would_place_somebody_is_not_asked_of_locks_that_cannot_be_kept(desk: Desk):
    offers = select(MentorOffer).join(MentorOffer.participant)
    maya = desk.school.session.scalars(offers.where(Participant.enrolment_id == desk.school.maya.id)).one()
    noor, ada = desk.school.join("Noor Saleh"), desk.school.join("Ada Berg")
    both = [mentee(desk.school.cohort, each, skills=["Python"], languages=["en"]) for each in (noor, ada)]
    desk.school.session.add_all(both)
    maya.capacity = 2
    desk.school.session.commit()
    desk.suggest()
    for match in [each for each in desk.run.matches if each.mentor.name == "Maya Okafor"]:
        desk.act(f"lock:{match.public_id}")
    [left] = [each["mentee"] for each in desk.run.outcome["leftovers"]]
    maya.capacity = 1
    desk.school.session.commit()

    page = desk.client.get(f"{desk.url}/people/{left}/help?kind=mentor").text

    assert "As things stand now there is no arrangement at all." in page


def test_a_draft_with_weights_that_were_taken_over_is_weighed_by_them_on_every_page(desk: Desk):
    desk.suggest()
    first, weights = desk.run, {each.value: "0" for each in Question}
    desk.post("weights", **{**weights, "wish_of_mentor": "1"})
    desk.client.post(f"{desk.base}/runs/{first.public_id}/beside/{desk.run.public_id}")
    leo, tom = key(desk, "Leo"), key(desk, "Tom")

    page = desk.client.get(f"{desk.url}/people/{leo}").text
    desk.act(f"unpair:{desk.match('Leo').public_id}")
    desk.act(f"unpair:{desk.match('Zoe').public_id}")
    desk.post(f"people/{leo}", act=f"pair:{tom}:mentor")

    assert ("500 of 1000" in page, desk.match("Leo").score, list(desk.match("Leo").points)) == (
        True,
        500,
        ["wish_of_mentor"],
    )


@pytest.mark.parametrize("sent", ["-1", "a", "", "9" * 400])
def test_a_weight_that_is_none_is_refused_with_what_to_do(desk: Desk, sent: str):
    desk.suggest()
    fields = ("goals", "interests", "values", "wish_of_mentee", "wish_of_mentor", "hours", "level", "section")
    rest = dict.fromkeys((*fields, "before", "waited", "other_team"), "0")

    status, page = desk.post("weights", skills=sent, **rest)

    assert (status, "from 0 to 100" in page) == (422, True)


def test_a_draft_put_away_is_told_to_nobody(desk: Desk):
    desk.suggest()

    _status, page = desk.post("discard")

    assert "The draft was put away." in page
    assert desk.school.session.scalars(select(Mentorship)).all() == []
    assert "Put away" in desk.client.get(f"{desk.base}/runs").text


def test_nothing_to_suggest_is_said(school: School, visit: Visit):
    desk = Desk(school, visit(school.ines))

    assert "Nobody mentors in this course yet." in desk.suggest()


def test_a_draft_costs_the_same_for_three_and_for_thirty(school: School, visit: Visit, counting: Counting):
    desk = Desk(school, visit(school.ines))
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=3, mentors=2)
    desk.suggest()
    desk.look()
    with counting() as few:
        desk.look()
    drawn_class(school.session, school.cast, school.course, school.cohort, mentees=30, mentors=9, seed=6)
    desk.suggest()

    with counting() as many:
        desk.look()

    assert len(many) == len(few)


def test_publishing_costs_fourteen_queries_a_pair_at_most(school: School, visit: Visit, counting: Counting):
    """Two notices with their letters, what the pair itself is made of; nothing for who has asked nobody else."""
    desk, costs = Desk(school, visit(school.ines)), []
    for mentees, seed in ((3, 4), (23, 6)):
        drawn_class(school.session, school.cast, school.course, school.cohort, mentees=mentees, mentors=4, seed=seed)
        desk.suggest()
        pairs = len(desk.run.matches)
        with counting() as queries:
            status, page = desk.post("publish")
        assert (status, f"Published: {pairs} pairs." in page) == (200, True)
        costs.append((pairs, len(queries)))

    (few, fewer), (many, more) = costs
    assert many - few > 10
    assert more - fewer <= 14 * (many - few)


def test_an_act_nobody_knows_is_refused(desk: Desk):
    desk.suggest()

    assert desk.act("explode:x")[0] == 400


def test_a_version_with_two_kinds_gives_two_people(desk: Desk):
    version = desk.school.cohort.version
    desk.school.session.execute(update(ProgramVersion).values(used=None))
    desk.school.session.expire_all()
    desk.school.session.add(MentorKind(version_id=version.id, key="technical", label="Technical", place=2))
    desk.school.session.commit()

    desk.suggest()

    together = Counter((match.mentee.name, match.mentor.name) for match in desk.run.matches)
    assert {match.kind for match in desk.run.matches} == {"mentor", "technical"}
    assert set(together.values()) == {1}


def test_where_the_engine_finds_nothing_the_draft_stays_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.suggest()
    before = desk.run.public_id

    def give_up(*_told: object, **_how: object) -> None:
        raise Unanswered("too hard")

    monkeypatch.setattr("mentoring.pairing.runs.beginning.propose", give_up)
    page = desk.suggest()

    assert "No arrangement was found, and nothing was changed." in page
    assert (desk.run.public_id, desk.run.state) == (before, RunState.DRAFT)
