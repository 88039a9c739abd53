"""A plan for a copied course: it names the copies of the banks, topics and questions that the origin's plan names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SlotPlan
from quizzes.questions import Bank, Category, Question

OwnBank = Callable[[Bank], Bank]
"""The bank that stands in the copied course for one of the origin."""


def moved(session: Session, plan: Plan, own: OwnBank) -> Plan:
    """The plan with everything it names in place. What was not copied, such as a retired question, is left out.

    A question is asked in its newest text: its copy begins anew with that.
    """
    return replace(
        plan,
        sections=tuple(
            replace(
                section,
                slots=tuple(there for slot in section.slots if (there := _slot(session, slot, own)) is not None),
            )
            for section in plan.sections
        ),
    )


def _slot(session: Session, slot: SlotPlan, own: OwnBank) -> SlotPlan | None:
    return _fixed(session, slot, own) if isinstance(slot, FixedPlan) else _rule(session, slot, own)


def _fixed(session: Session, slot: FixedPlan, own: OwnBank) -> FixedPlan | None:
    question = session.get(Question, slot.question)
    if question is None:
        return None
    bank = own(question.bank)
    if bank is question.bank:
        return slot
    wanted = select(Question.id).where(Question.bank_id == bank.id, Question.name == question.name)
    copy = session.scalar(wanted)
    return None if copy is None else replace(slot, question=copy, version=None)


def _rule(session: Session, rule: RulePlan, own: OwnBank) -> RulePlan | None:
    theirs = session.get(Bank, rule.bank)
    if theirs is None:
        return None
    bank = own(theirs)
    if bank is theirs or rule.category is None:
        return replace(rule, bank=bank.id)
    category = session.get(Category, rule.category)
    wanted = select(Category.id).where(Category.bank_id == bank.id, Category.name == (category and category.name))
    copy = session.scalar(wanted)
    return None if copy is None else replace(rule, bank=bank.id, category=copy)
