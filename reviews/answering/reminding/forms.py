"""How often raters are reminded."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from lti_tool.fields import number
from reviews.answering.reminding.rule import MOST_DAYS, MOST_REMINDERS, Reminding


class RuleForm(FlaskForm):  # type: ignore[misc]
    every = number(_l("Every so many days"), least=1, most=MOST_DAYS, is_optional=True)
    before = number(_l("And so many days before it closes"), least=1, most=MOST_DAYS, is_optional=True)
    most = number(_l("How often at most"), least=0, most=MOST_REMINDERS)

    @property
    def rule(self) -> Reminding:
        return Reminding(every=self.every.data, before=self.before.data, most=self.most.data)


def rule_form(rule: Reminding) -> RuleForm:
    """As it was sent, or as it is."""
    return RuleForm(every=rule.every, before=rule.before, most=rule.most)
