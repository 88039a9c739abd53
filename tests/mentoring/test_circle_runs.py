"""A run for peers: what the engine is told, what is kept, and that it can be done again."""

from __future__ import annotations

import pytest
from flask import Flask

from lti_tool.running import working
from mentoring.pairing.circles import drafting, keeping, running
from mentoring.pairing.circles.peering import gather
from mentoring.pairing.models import MatchRun, RunState
from mentoring.pairing.runs import keeping as runs_keeping
from mentoring.pairing.runs.beginning import NotStarted, begin
from mentoring.participants.models import Exclusion, ExclusionSource
from tests.cast import THEN
from tests.mentoring.circles import circles, class_of_peers, of_peers, peer
from tests.mentoring.conftest import School


@pytest.fixture
def peers(school: School) -> School:
    of_peers(school, smallest=3, largest=4)
    return school


def started(school: School) -> MatchRun:
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    return run


def test_learners_without_a_word_come_into_circles(peers: School):
    peers.join("Noor Saleh")

    run = started(peers)

    assert (run.state, run.is_of_circles, run.matches) == (RunState.DRAFT, True, [])
    assert circles(run) == [{"Maya Okafor", "Leo Baum", "Zoe Lind", "Noor Saleh"}]
    assert keeping.levels(run.outcome["levels"]) == keeping.levels(run.outcome["bounds"])


def test_what_was_kept_of_a_run_is_enough_to_do_it_again(peers: School):
    class_of_peers(peers, 17)
    run = started(peers)
    peers.session.expire_all()

    again = running.replay(run)

    assert {frozenset(peer.key for peer in circle.peers) for circle in again.circles} == {
        frozenset(person.public_id for person in circle.people) for circle in run.circles
    }
    assert runs_keeping.fingerprint(keeping.plain(keeping.restored(run.inputs))) == run.input_hash


def test_who_is_left_over_and_why_is_kept(peers: School):
    class_of_peers(peers, 3, languages=["de"])
    alone = peer(peers, "Ana Silva", languages=["pt"])
    for person in (peers.maya, peers.leo, peers.zoe):
        person.is_active = False
    peers.session.commit()

    run = started(peers)

    assert run.outcome["seeking"] == 4
    assert run.outcome["leftovers"] == [
        {"peer": alone.public_id, "person": alone.enrolment.public_id, "barred": {"R7": 3}, "alone_too": 0}
    ]


def test_what_is_locked_in_a_draft_stays_in_the_next(peers: School):
    of_peers(peers, smallest=2, largest=2)
    peers.join("Noor Saleh")
    first = started(peers)
    one, other = first.circles
    gathered = gather(peers.session, peers.cohort, at=THEN)
    people = [one.people[0].public_id, other.people[0].public_id]
    one = drafting.gather_up(peers.session, gathered, first, people, at=THEN)
    kept = {person.name for person in one.people}
    assert one.is_locked

    second = started(peers)

    assert first.state is RunState.DISCARDED
    assert kept in circles(second)
    assert [circle.is_locked for circle in second.circles if {each.name for each in circle.people} == kept] == [True]


def test_who_has_left_is_not_kept_in_a_locked_circle(peers: School):
    peers.join("Noor Saleh")
    first = started(peers)
    first.circles[0].is_locked = True
    peers.zoe.is_active = False
    peers.session.commit()

    second = started(peers)

    assert circles(second) == [{"Maya Okafor", "Leo Baum", "Noor Saleh"}]


def test_a_locked_circle_larger_than_the_program_lets_it_be_is_told(peers: School):
    peers.join("Noor Saleh")
    first = started(peers)
    first.circles[0].is_locked = True
    of_peers(peers, smallest=3, largest=3)

    with pytest.raises(NotStarted, match="circles_unsolved"):
        begin(peers.session, peers.cohort, by=peers.ines, at=THEN)


def test_too_few_people_for_a_circle_and_nobody_at_all_are_told_apart(peers: School):
    peers.zoe.is_active = False
    peers.session.commit()

    with pytest.raises(NotStarted, match="too_few_peers"):
        begin(peers.session, peers.cohort, by=peers.ines, at=THEN)

    peers.maya.is_active = peers.leo.is_active = False
    peers.session.commit()
    with pytest.raises(NotStarted, match="everybody_placed"):
        begin(peers.session, peers.cohort, by=peers.ines, at=THEN)


def test_whoever_has_something_to_share_is_in_the_pool_too(peers: School):
    """Among peers nobody mentors: what somebody offers is what the others find in them."""
    peers.mentors(maya=2)

    run = started(peers)

    assert circles(run) == [{"Maya Okafor", "Leo Baum", "Zoe Lind"}]


def test_an_exclusion_keeps_two_apart(peers: School):
    told = Exclusion(one=peers.leo, other=peers.zoe, source=ExclusionSource.ASKED, said_by=peers.leo, created=THEN)
    peers.session.add(told)
    of_peers(peers, smallest=2, largest=2)

    run = started(peers)

    assert len(run.circles) == 1
    assert {"Leo Baum", "Zoe Lind"} not in circles(run)


def test_a_large_class_is_left_to_a_process_of_its_own(app: Flask, peers: School, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    run = started(peers)
    assert run.state is RunState.WORKING

    working.drain(app)

    peers.session.refresh(run)
    assert (run.state, circles(run)) == (RunState.DRAFT, [{"Maya Okafor", "Leo Baum", "Zoe Lind"}])


def test_circles_that_may_be_large_are_not_sought_while_a_page_is_waited_for(peers: School):
    of_peers(peers, smallest=2, largest=12)
    for number in range(10):
        peers.join(f"Silent {number}")

    assert started(peers).state is RunState.WORKING
