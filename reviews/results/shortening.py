"""Before a result is released, a name or an insult is taken out of a comment: marked, and never anything else."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from reviews.answering.models import Remark
from reviews.campaigns.models import NotPossible
from reviews.results.models import ReportSnapshot

INSTEAD = "[…]"


class NotThere(Exception):
    """These words do not stand in the comment."""


def shorten(session: Session, snapshot: ReportSnapshot, place: int, words: Sequence[str]) -> None:
    """Take these words out of the comment at this place, and of others that say exactly the same; the caller commits.

    Raises NotPossible once it is released: somebody has read it. Raises NotThere, having changed nothing.
    """
    if snapshot.released is not None or snapshot.target_id is None:
        raise NotPossible("It is released.")
    said = list(snapshot.published["words"])
    if not 0 <= place < len(said):
        raise NotThere
    question, text = said[place]["question"], said[place]["text"]
    shorter = _without(text, words)
    same = [n for n, each in enumerate(said) if (each["question"], each["text"]) == (question, text)]
    for n in same:
        said[n] = {**said[n], "text": shorter}
    shortened = sorted({*snapshot.published.get("shortened", ()), *same})
    snapshot.published = {**snapshot.published, "words": said, "shortened": shortened}
    remarks = select(Remark).where(Remark.target_id == snapshot.target_id, Remark.about == question)
    for remark in session.scalars(remarks):
        if remark.shown.strip() == text:
            remark.redacted = shorter


def _without(text: str, words: Sequence[str]) -> str:
    wanted = [each.strip() for each in words if each.strip()]
    if not wanted or any(each not in text for each in wanted):
        raise NotThere
    for each in wanted:
        text = text.replace(each, INSTEAD)
    return text
