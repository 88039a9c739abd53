"""What our profile defines itself, because no published one has it; everything else it only refers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xapi import vocabulary as v
from xapi.vocabulary import ActivityType, Verb

OURS: Sequence[tuple[Verb | ActivityType, str, str]] = (
    (v.MISSED, "missed", "Something that was arranged did not take place, and nobody had called it off."),
    (
        v.STALLED,
        "stalled",
        "Something that is under way makes no headway: its people have not met for too long, or too much is overdue.",
    ),
    (v.RECOVERED, "recovered", "What had stalled makes headway again."),
    (
        v.MENTORING_PROGRAMME,
        "mentoring programme",
        "What an institution arranges so that people of a course are mentored: who may take part, how they are "
        "paired, how long it lasts and what belongs to it.",
    ),
    (
        v.MENTORING_COHORT,
        "mentoring cohort",
        "One run of a mentoring programme, from its opening to its closing, and the people who take part in it.",
    ),
    (
        v.MENTORING_PAIRING,
        "mentoring pairing",
        "A mentorship: one mentee and one mentor, or a circle of peers, from the assignment to the end.",
    ),
    (
        v.MENTORING_TASK,
        "mentoring task",
        "Something to be done within a mentorship, given by people or a program.",
    ),
    (
        v.MENTORING_AGREEMENT,
        "mentoring agreement",
        "A version of what the people of a mentorship agree on, to be signed by each.",
    ),
    (
        v.REVIEW_360,
        "360-degree review",
        "A round in which several people say how they see somebody's work, or one competency in it.",
    ),
    (
        v.MENTORING_CHECK_IN,
        "mentoring check-in",
        "A question to somebody outside a mentorship, such as a manager: what change do they see?",
    ),
)


def as_json() -> list[dict[str, Any]]:
    return [
        {
            "id": word.iri,
            "type": type(word).__name__,
            "inScheme": v.PROFILE_VERSION,
            "prefLabel": {"en": label},
            "definition": {"en": definition},
        }
        for word, label, definition in OURS
    ]
