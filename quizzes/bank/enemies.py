"""Questions of which at most one stands in an attempt, because one gives the other away."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizzes.questions import EnemySet, Question


def keep_apart(session: Session, one: Question, other: Question) -> None:
    """From here on the two never meet, nor does either meet the enemies of the other; the caller commits.

    Raises ValueError for a question and itself, or of two banks.
    """
    if one.id == other.id or one.bank_id != other.bank_id:
        raise ValueError("Enemies are two questions of one bank.")
    kept = one.enemy_set_id or other.enemy_set_id or _new_set(session, one.bank_id)
    gone = {one.enemy_set_id, other.enemy_set_id} - {kept, None}
    if gone:
        session.execute(update(Question).where(Question.enemy_set_id.in_(gone)).values(enemy_set_id=kept))
    for question in (one, other):
        question.enemy_set_id = kept
    session.flush()
    for emptied in session.scalars(select(EnemySet).where(EnemySet.id.in_(gone))):
        session.refresh(emptied)
        session.delete(emptied)
    session.flush()


def _new_set(session: Session, bank_id: int) -> int:
    made = EnemySet(bank_id=bank_id)
    session.add(made)
    session.flush()
    return made.id


def let_go(session: Session, question: Question) -> None:
    """It may meet any question again; whoever is left alone in its set is free as well. The caller commits."""
    if question.enemy_set_id is None:
        return
    enemies = session.get_one(EnemySet, question.enemy_set_id)
    session.refresh(enemies)
    left = [each for each in enemies.questions if each.id != question.id]
    question.enemies = None
    if len(left) < 2:
        for each in left:
            each.enemies = None
        session.flush()
        session.delete(enemies)
    session.flush()
