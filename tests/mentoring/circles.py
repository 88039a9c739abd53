"""Programs of peers and circles of them, for tests that go on from there."""

from __future__ import annotations

from random import Random
from typing import Any

from mentoring.pairing.models import MatchRun
from mentoring.participants.models import Participant
from mentoring.programs.choices import MentoringType
from tests.mentoring.asking import designed
from tests.mentoring.classes import LANGUAGES, SKILLS, TOPICS, mentee
from tests.mentoring.conftest import School


def of_peers(school: School, *, smallest: int = 2, largest: int = 4, **more: object) -> None:
    """The program of the course is one of peers."""
    sizes = {"smallest_group": smallest, "largest_group": largest}
    designed(school, mentoring_type=MentoringType.PEER, **sizes, **more)


def peer(school: School, name: str, **said: Any) -> Participant:
    """Somebody who joins and says this."""
    participant = mentee(school.cohort, school.join(name), **said)
    school.session.add(participant)
    school.session.commit()
    return participant


def class_of_peers(school: School, number: int, *, seed: int = 4, **said: Any) -> None:
    """So many people who have said something, drawn from a seed."""
    random = Random(seed)
    for each in range(number):
        drawn: dict[str, Any] = {"skills": random.sample(SKILLS, 3), "topics": random.sample(TOPICS, 1)}
        drawn["languages"] = random.sample(LANGUAGES, random.choice((1, 2)))
        peer(school, f"Peer {seed}-{each:03}", **{**drawn, **said})


def circles(run: MatchRun) -> list[set[str]]:
    """The names in each circle of a draft."""
    return sorted(({person.name for person in circle.people} for circle in run.circles), key=sorted)
