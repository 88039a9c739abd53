"""Statements in, mentorships and people out: whatever order they come in, and whatever else stands among them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from xapi import vocabulary as v
from xapi.profile import examples
from xapi.progress.facts import fact_of
from xapi.progress.folding import Folded, State, fold
from xapi.progress.report import WEEKS, Part, report, weeks_of
from xapi.progress.sparkline import sparkline
from xapi.translations.writing import registration

AT = examples.AT + timedelta(days=30)
RUN = registration("mentorship", "m1")


def account(name: str) -> dict[str, Any]:
    return {"account": {"homePage": "https://moodle.example.org", "name": name}}


TOOL = {"account": {"homePage": examples.BASE, "name": "mentoring"}}


def thing(kind: v.ActivityType, name: str) -> dict[str, Any]:
    iri = f"{examples.BASE}/xapi/activities/{name}"
    return {"id": iri, "definition": {"type": kind.iri, "name": {"en": name}}}


PAIRING = thing(v.MENTORING_PAIRING, "pairing")
PROGRAM = thing(v.MENTORING_PROGRAMME, "program")


def folded_of(said: Iterable[dict[str, Any]]) -> Folded:
    """As a report does: of each statement once."""
    facts = {fact.id: fact for each in said if (fact := fact_of(each)) is not None}
    return fold(facts.values())


class Telling:
    """Statements of one mentorship, an hour after one another."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    def tell(self, verb: v.Verb, of: dict[str, Any] = PAIRING, who: str = "leo", **more: Any) -> Telling:
        n = len(self.said)
        is_pairing = of is PAIRING
        at = examples.AT + timedelta(hours=n)
        context = {
            "registration": RUN,
            "contextActivities": {"parent": [PROGRAM if is_pairing else PAIRING], "grouping": [PROGRAM]},
            **more.pop("context", {}),
        }
        self.said.append(
            {
                "id": f"55555555-2222-4333-8444-5555{n:08}",
                "actor": TOOL if who == "tool" else account(who),
                "verb": verb.as_json(),
                "object": of,
                "context": context,
                "authority": TOOL,
                "timestamp": at.isoformat(),
                **more,
            }
        )
        return self

    @property
    def folded(self) -> Folded:
        return folded_of(self.said)

    @property
    def state(self) -> State:
        return self.folded.mentorships[RUN].state


def begun() -> Telling:
    return Telling().tell(v.ASSIGNED, who="ines").tell(v.WAS_ASSIGNED).tell(v.STARTED)


@pytest.mark.parametrize(
    ("verbs", "state"),
    [
        ([], State.ACTIVE),
        ([v.SUSPENDED], State.PAUSED),
        ([v.SUSPENDED, v.RESUMED], State.ACTIVE),
        ([v.STALLED], State.STALLED),
        ([v.STALLED, v.RECOVERED], State.ACTIVE),
        ([v.STALLED, v.SUSPENDED, v.RESUMED], State.ACTIVE),
        ([v.COMPLETED], State.DONE),
        ([v.STALLED, v.TERMINATED], State.ENDED),
        ([v.REPLACED], State.ENDED),
        ([v.COMPLETED, v.STALLED], State.DONE),
    ],
    ids=lambda found: "-".join(each.display["en"] for each in found) if isinstance(found, list) else str(found),
)
def test_a_mentorship_stands_as_was_said_last(verbs: list[v.Verb], state: State):
    telling = begun()
    for verb in verbs:
        telling.tell(verb, who="tool")

    assert telling.state is state


def test_who_is_paired_and_has_not_met_waits_also_after_it_stalled():
    telling = Telling().tell(v.ASSIGNED, who="ines").tell(v.WAS_ASSIGNED)
    assert telling.state is State.WAITING
    assert telling.tell(v.STALLED, who="tool").tell(v.RECOVERED, who="tool").state is State.WAITING


def test_an_ask_that_came_to_nothing_is_no_mentorship():
    assert Telling().tell(v.REJECTED, who="maya").folded.mentorships == {}
    assert Telling().tell(v.ACCEPTED, who="maya").tell(v.EXPIRED, who="tool").folded.mentorships == {}


def test_a_meeting_counts_once_whoever_was_there_and_held_if_anybody_was():
    one, two = thing(v.MEETING, "meeting-1"), thing(v.MEETING, "meeting-2")
    starts = {"extensions": {v.PLANNED_START.iri: (examples.AT + timedelta(days=3)).isoformat()}}
    telling = begun().tell(v.SCHEDULED, one, context=starts)
    telling.tell(v.MISSED, one, "tool").tell(v.ATTENDED, one, context=starts).tell(v.ATTENDED, one, "maya")
    telling.tell(v.MISSED, two, "tool")

    [found] = telling.folded.mentorships.values()

    assert (len(found.held), found.missed) == (1, 1)
    assert found.days_to_first_meeting == pytest.approx(3 - 1 / 24, abs=0.01)


def test_goals_are_reached_once_and_told_further_without_being_new():
    goal, other = thing(v.GOAL, "goal-1"), thing(v.GOAL, "goal-2")
    telling = begun().tell(v.DEFINED, goal).tell(v.PROGRESSED, goal).tell(v.COMPLETED, goal).tell(v.PROGRESSED, goal)
    telling.tell(v.DEFINED, other)

    [found] = telling.folded.mentorships.values()

    assert (len(found.goals), found.goals_reached) == (2, 1)


def test_what_the_tool_says_is_nobodys_sign_of_life():
    telling = begun().tell(v.ATTENDED, thing(v.MEETING, "meeting-1"))
    quiet = telling.folded.mentorships[RUN].last
    telling.tell(v.MISSED, thing(v.MEETING, "meeting-2"), "tool").tell(v.STALLED, who="tool")

    folded = telling.folded

    assert folded.mentorships[RUN].last == quiet
    assert {name for _home, name in folded.people} == {"ines", "leo"}


def attempt(telling: Telling, n: int, verb: v.Verb, scaled: float) -> None:
    context = {"registration": registration("attempt", f"a{n}"), "contextActivities": {"grouping": []}}
    telling.tell(verb, thing(v.ASSESSMENT, "quiz"), context=context, result={"score": {"scaled": scaled}})


def test_of_an_attempt_the_newest_verdict_holds_and_of_attempts_the_best():
    telling = Telling()
    attempt(telling, 1, v.PASSED, 0.9)
    attempt(telling, 2, v.FAILED, 0.4)
    attempt(telling, 1, v.FAILED, 0.3)

    [learner] = report(telling.folded, Part(), AT).learners

    [quiz] = learner.quizzes
    assert (quiz.attempts, quiz.scaled, quiz.has_passed) == (2, 0.4, False)
    assert learner.state is None


def test_who_only_takes_part_is_not_paired_and_who_mentors_is_no_learner():
    telling = Telling()
    for who in ("leo", "maya"):
        telling.tell(v.REGISTERED, PROGRAM, who, context={"contextActivities": {"grouping": []}, "registration": None})
    of_maya = {"instructor": account("maya")}
    telling.tell(v.WAS_ASSIGNED, who="zoe", context={**_pairing_context(), **of_maya})

    found = report(telling.folded, Part(program=PROGRAM["id"]), AT)

    assert {each.account[1]: each.state for each in found.learners} == {"leo": State.JOINED, "zoe": State.WAITING}
    assert report(telling.folded, Part(program="https://other.example"), AT).learners == []


def _pairing_context() -> dict[str, Any]:
    return {"registration": RUN, "contextActivities": {"parent": [PROGRAM], "grouping": []}}


def test_order_of_arrival_and_doubles_change_nothing():
    telling = begun()
    meeting = thing(v.MEETING, "meeting-1")
    telling.tell(v.ATTENDED, meeting).tell(v.STALLED, who="tool").tell(v.RECOVERED, who="tool").tell(v.COMPLETED)
    shuffled = [*telling.said, *telling.said]
    random.Random(7).shuffle(shuffled)

    assert folded_of(shuffled) == telling.folded


def test_what_others_told_is_passed_over():
    foreign: dict[str, Any] = {
        "id": "66666666-2222-4333-8444-555555555555",
        "actor": {"mbox": "mailto:somebody@example.org"},
        "verb": {"id": v.COMPLETED.iri},
        "object": {"objectType": "Agent", "mbox": "mailto:somebody@example.org"},
        "timestamp": examples.AT.isoformat(),
    }
    for verb, kind in ((v.ATTENDED, v.MEETING), (v.PASSED, v.ASSESSMENT), (v.STARTED, v.MENTORING_PAIRING)):
        stray = {**foreign, "id": f"{foreign['id'][:-1]}{len(kind.iri) % 10}", "verb": verb.as_json()}
        stray["object"] = thing(kind, "stray")
        found = folded_of([foreign, stray])
        assert (found.mentorships, found.people) == ({}, {})


def test_all_examples_of_the_profile_are_folded():
    folded = folded_of(examples.examples().values())

    assert report(folded, Part(), AT).states.total() == len(folded.mentorships) > 0


def test_weeks_are_counted_back_from_now():
    acts = [AT - timedelta(days=each) for each in (0, 1, 6, 7, 20, 83, 84, 400)] + [AT + timedelta(days=1)]

    weeks = weeks_of(acts, AT)

    assert len(weeks) == WEEKS
    assert (weeks[-1], weeks[-2], weeks[-3], weeks[0], sum(weeks)) == (3, 1, 1, 1, 6)


def test_a_sparkline_draws_each_week_and_says_what_it_shows():
    drawn = sparkline([0, 1, 4], "Weeks: 0 & 1 < 4")

    assert drawn.count("<rect") == 3
    assert "<title>Weeks: 0 &amp; 1 &lt; 4</title>" in drawn
    assert 'y="0" width="6" height="24"' in drawn
    assert "style" not in drawn
