"""A plan in words for its author."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from babel.numbers import format_decimal, format_percent
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes import showing
from quizzes.designing.plan import DIFFICULTIES, FixedPlan, Plan, RulePlan, SlotPlan
from quizzes.questions import Bank, Category, Question, QuestionVersion


@dataclass(frozen=True)
class Line:
    """One slot."""

    number: int
    what: str
    details: Sequence[str]
    is_rule: bool


@dataclass(frozen=True)
class Described:
    """One section."""

    number: int
    title: str
    instructions: str
    is_markdown: bool
    is_shuffled: bool
    lines: Sequence[Line]


def sections(session: Session, plan: Plan) -> list[Described]:
    names = _Names.of(session, plan)
    numbers = iter(range(1, len(list(plan.slots)) + 1))
    return [
        Described(
            number,
            section.title,
            section.instructions,
            section.is_markdown,
            section.is_shuffled,
            [names.line(next(numbers), slot) for slot in section.slots],
        )
        for number, section in enumerate(plan.sections, start=1)
    ]


@dataclass(frozen=True)
class _Names:
    banks: dict[int, str]
    categories: dict[int, str]
    questions: dict[int, str]

    @classmethod
    def of(cls, session: Session, plan: Plan) -> _Names:
        banks = session.execute(select(Bank.id, Bank.title).where(Bank.id.in_({rule.bank for rule in plan.rules})))
        wanted = {rule.category for rule in plan.rules}
        categories = session.execute(select(Category.id, Category.title).where(Category.id.in_(wanted)))
        return cls(
            {row.id: row.title for row in banks},
            {row.id: row.title for row in categories},
            asked(session, [each.question for each in plan.fixed]),
        )

    def line(self, number: int, slot: SlotPlan) -> Line:
        if isinstance(slot, FixedPlan):
            what = self.questions.get(slot.question, _("A question that is gone"))
            pinned = [] if slot.version is None else [_("with the text it had when it was chosen")]
            return Line(number, what, [*pinned, _worth(slot.mark)], is_rule=False)
        bank = self.banks.get(slot.bank, _("A bank that is gone"))
        category = "" if slot.category is None else self.categories.get(slot.category, _("a category that is gone"))
        source = bank if not category else _("%(bank)s: %(category)s", bank=bank, category=category)
        what = ngettext(
            "%(num)d question from %(source)s", "%(num)d questions from %(source)s", slot.count, source=source
        )
        return Line(number, what, list(_details(slot)), is_rule=True)


def _details(rule: RulePlan) -> list[str]:
    found = []
    if rule.category is not None and not rule.with_inner:
        found.append(_("without the topics inside it"))
    if rule.tags_all:
        found.append(_("with all of these tags: %(tags)s", tags=", ".join(rule.tags_all)))
    if rule.tags_any:
        found.append(_("with one of these tags: %(tags)s", tags=", ".join(rule.tags_any)))
    if rule.tags_none:
        found.append(_("without these tags: %(tags)s", tags=", ".join(rule.tags_none)))
    names = dict(zip(DIFFICULTIES, (_("easy"), _("medium"), _("hard")), strict=True))
    if rule.lowest == rule.highest:
        found.append(names[rule.lowest])
    elif (rule.lowest, rule.highest) != (DIFFICULTIES[0], DIFFICULTIES[-1]):
        found.append(_("from %(lowest)s to %(highest)s", lowest=names[rule.lowest], highest=names[rule.highest]))
    if rule.shares:
        easy, medium, hard = rule.shares
        shares = _("easy, medium and hard as %(easy)d to %(medium)d to %(hard)d", easy=easy, medium=medium, hard=hard)
        found.append(shares)
    if rule.is_equal:
        found.append(_("equally hard for everybody"))
    return [*found, _worth(rule.mark)] if rule.mark != 1 else found


def _worth(mark: float) -> str:
    return str(_("worth %(mark)s", mark=format_decimal(mark, locale=get_locale())))


def asked(session: Session, questions: Sequence[int]) -> dict[int, str]:
    """What these questions ask, in their newest versions."""
    wanted = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.id.in_(questions))
        .order_by(QuestionVersion.n)
    )
    return {version.question_id: showing.in_a_line(version) for version in session.scalars(wanted)}


def percent(chance: Fraction) -> str:
    """A chance in percent; one that is not nothing is never shown as nothing."""
    if not chance:
        return str(format_percent(0, locale=get_locale()))
    least = Fraction(1, 10_000)
    if chance < least:
        return str(_("less than %(percent)s", percent=format_percent(float(least), "0.##%", locale=get_locale())))
    return str(format_percent(float(chance), "0.##%", locale=get_locale()))


def short_of(plan: object) -> str:
    """A word for this plan: another for each other plan."""
    return hashlib.sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()[:16]
