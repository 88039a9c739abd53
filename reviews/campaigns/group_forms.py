"""The rater groups of a draft as one form: which are asked, what they are called, how many, what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FormField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, Optional

from lti_tool.fields import number, some_number
from reviews.campaigns import labels
from reviews.campaigns.forms import chosen
from reviews.campaigns.making import RULED, rules_of
from reviews.campaigns.models import LONGEST_LABEL, Campaign
from reviews.campaigns.rules import (
    GROUPS,
    KNOWN_PEOPLE,
    MENTEE,
    Anonymity,
    CampaignKind,
    GroupRule,
    NominatedBy,
    SeesComments,
)
from reviews.instruments.content import SELF

MOST_INVITED = 200
OWN = "own-"
"""How the keys of groups begin that a campaign has added."""
IS_KNOWN = frozenset({SELF, MENTEE, *KNOWN_PEOPLE})
"""Groups whose people the tool knows by itself."""


class GroupForm(FlaskForm):  # type: ignore[misc]
    """One group. Its token is the whole form's."""

    class Meta:
        csrf = False

    is_asked = BooleanField(_l("Ask this group"))
    label = StringField(
        _l("Called"),
        validators=[
            Optional(),
            Length(max=LONGEST_LABEL, message=_l("Write at most %(max)d characters.", max=LONGEST_LABEL)),
        ],
    )
    anonymity: Any = chosen(_l("What is shown of it"))
    nominated_by: Any = chosen(_l("Who names its raters"))
    least: Any = number(_l("Fewest answers wanted"), least=0, most=MOST_INVITED)
    fewest_invited: Any = number(_l("Fewest to be named"), least=0, most=MOST_INVITED)
    most_invited: Any = number(_l("Most to be named"), least=1, most=MOST_INVITED, is_optional=True)
    weight: Any = some_number(_l("Weight in the mean of all others"), least=0, most=10)
    comments: Any = chosen(_l("How its comments are shown"), labels.COMMENTS)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        most, fewest = self.most_invited.data, self.fewest_invited.data
        if most is not None and fewest is not None and most < fewest:
            said = _("At most fewer are named than at least. Make one of the numbers fit the other.")
            self.most_invited.errors = [*self.most_invited.errors, said]
            is_valid = False
        return is_valid

    def rule(self, before: GroupRule) -> GroupRule:
        return replace(
            before,
            label=" ".join((self.label.data or "").split()),
            anonymity=Anonymity(self.anonymity.data),
            nominated_by=NominatedBy(self.nominated_by.data),
            least=self.least.data,
            fewest_invited=self.fewest_invited.data,
            most_invited=self.most_invited.data,
            weight=self.weight.data,
            comments=SeesComments(self.comments.data),
        )


class GroupsForm(FlaskForm):  # type: ignore[misc]
    """All groups of a draft, and one more."""

    another = StringField(
        _l("Another group"),
        validators=[
            Optional(),
            Length(max=LONGEST_LABEL, message=_l("Write at most %(max)d characters.", max=LONGEST_LABEL)),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not any(field.form.is_asked.data for field in self.groups()) and not (self.another.data or "").strip():
            self.form_errors = [_("A campaign asks somebody. Tick at least one group.")]
            return False
        return True

    def groups(self) -> Iterator[Any]:
        return (field for field in self if field.type == "FormField")

    def rules(self, known: Sequence[GroupRule]) -> list[GroupRule]:
        """The groups that are asked from now on."""
        by_key = {rule.key: rule for rule in known}
        rules = [field.form.rule(by_key[key_of(field)]) for field in self.groups() if field.form.is_asked.data]
        if name := " ".join((self.another.data or "").split()):
            rules.append(_new(name, {rule.key for rule in known}))
        return rules


def key_of(field: Any) -> str:
    return str(field.short_name).removeprefix("group_").replace("__", "-")


def _new(name: str, taken: set[str]) -> GroupRule:
    key = next(key for n in range(1, len(taken) + 2) if (key := f"{OWN}{n}") not in taken)
    return GroupRule(
        key=key,
        label=name,
        anonymity=Anonymity.ANONYMOUS,
        nominated_by=NominatedBy.SUBJECT,
        least=3,
        most_invited=10,
    )


def known_rules(campaign: Campaign) -> list[GroupRule]:
    """The groups the draft has, and the usual ones of its kind that it has left out."""
    there = rules_of(campaign)
    keys = {rule.key for rule in there}
    return [*there, *(rule for rule in GROUPS[campaign.kind] if rule.key not in keys)]


def groups_form(*, campaign: Campaign) -> GroupsForm:
    rules, asked = known_rules(campaign), {group.key for group in campaign.groups}

    class Filled(GroupsForm):
        pass

    for rule in rules:
        setattr(Filled, _name(rule.key), FormField(GroupForm))
    data = {_name(rule.key): _values(rule, is_asked=rule.key in asked) for rule in rules}
    form = Filled(data=data)
    for field, rule in zip(form.groups(), rules, strict=True):
        _choices(field.form, rule, campaign.kind)
    if campaign.kind is not CampaignKind.REVIEW:
        del form.another
    return form


def _name(key: str) -> str:
    return f"group_{key.replace('-', '__')}"


def _values(rule: GroupRule, *, is_asked: bool) -> dict[str, Any]:
    values = {name: getattr(rule, name) for name in RULED}
    for name in ("anonymity", "nominated_by", "comments"):
        values[name] = values[name].value
    return {**values, "is_asked": is_asked}


def _choices(form: Any, rule: GroupRule, kind: CampaignKind) -> None:
    """Of one or two whom everybody can name nobody says that they are anonymous; who is known is named by nobody."""
    is_few = rule.key in (SELF, *KNOWN_PEOPLE) or kind is CampaignKind.PAIR
    levels = [each for each in Anonymity if not (is_few and each is Anonymity.ANONYMOUS)]
    form["anonymity"].choices = [SelectChoice(each.value, labels.ANONYMITIES[each]) for each in levels]
    is_known = rule.key in IS_KNOWN or kind is not CampaignKind.REVIEW
    by = [NominatedBy.NOBODY] if is_known else [NominatedBy.SUBJECT, NominatedBy.STAFF]
    form["nominated_by"].choices = [SelectChoice(each.value, labels.NAMED_BY[each]) for each in by]
