"""Short ways to say who was asked and what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from reviews.disclosure import (
    Anonymity,
    Asked,
    Comments,
    Competency,
    Group,
    Response,
    Scale,
    Statement,
)

FIVE = Scale((1, 2, 3, 4, 5))
ME = Group(key="self", anonymity=Anonymity.NAMED, comments=Comments.VERBATIM, is_self=True)
MENTOR = Group(key="mentor", anonymity=Anonymity.ATTRIBUTED, comments=Comments.VERBATIM)
_numbers = count()


def anonymous(key: str, weight: float = 1) -> Group:
    return Group(key=key, anonymity=Anonymity.ANONYMOUS, weight=weight)


PEERS, REPORTS, MENTEES = anonymous("peers"), anonymous("reports"), anonymous("mentees")


def asked(
    *groups: Group, scale: Scale = FIVE, questions: Sequence[str] = ("more",), **competencies: Sequence[str]
) -> Asked:
    """Each competency by the keys of its statements; one that is listening to others if none is named."""
    named = competencies or {"listening": ("asks", "waits")}
    return Asked(
        groups=groups or (ME, MENTOR, PEERS, REPORTS, MENTEES),
        competencies=tuple(Competency(key, tuple(map(Statement, keys))) for key, keys in named.items()),
        scale=scale,
        questions=tuple(questions),
    )


def said(group: str, *ratings: float | Mapping[str, float | None], about: str = "asks") -> list[Response]:
    """A response of the group for each rating, of one statement or as a whole."""
    return [
        Response(f"{group}{next(_numbers)}", group, each if isinstance(each, Mapping) else {about: each})
        for each in ratings
    ]


def wrote(group: str, *texts: str) -> list[Response]:
    return [Response(f"{group}{next(_numbers)}", group, {}, {"more": text}) for text in texts]
