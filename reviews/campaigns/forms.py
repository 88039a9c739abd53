"""A campaign as a form: what is asked, about whom, until when; what seldom matters stands apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import LazyString, get_timezone
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional

from lti_tool.fields import LocalMoment, number
from mentoring.programs.choices import ForWhom
from mentoring.programs.models import Cohort
from reviews.campaigns import labels
from reviews.campaigns.making import RETENTION_MONTHS, Design
from reviews.campaigns.models import LONGEST_TITLE, Campaign
from reviews.campaigns.rules import CampaignKind, GroupRule, Milestone, Moment, Purpose, ReleasedBy, Thresholds
from reviews.disclosure.policy import LEAST_COMMENTS, LEAST_MEANS, LEAST_SPREADS
from reviews.instruments.choosing import key_of
from reviews.instruments.models import InstrumentVersion

LONGEST_WORDS = 2000
MOST_RATERS = 100
NOMINATING_DAYS, COLLECTING_DAYS = 7, 21
"""How long a new campaign gives people to name raters, and until it closes."""
MOMENTS: Mapping[CampaignKind, Sequence[Moment]] = {
    CampaignKind.REVIEW: (Moment.DATE, Moment.BASELINE, Moment.DAYS, Moment.MID, Moment.END, Moment.MILESTONE),
    CampaignKind.PAIR: (Moment.DATE, Moment.DAYS, Moment.INTERVAL, Moment.MID, Moment.END, Moment.MILESTONE),
    CampaignKind.PROGRAM: (Moment.DATE, Moment.DAYS, Moment.MID, Moment.END, Moment.MILESTONE),
    CampaignKind.SURVEY: (Moment.DATE, Moment.DAYS, Moment.MID, Moment.END, Moment.MILESTONE),
}
"""When campaigns of a kind can open."""
OF_NOBODY = (CampaignKind.PROGRAM, CampaignKind.SURVEY)


class Whom(StrEnum):
    """Who is reviewed, to begin with."""

    LEARNERS = "learners"
    MENTEES = "mentees"
    MENTORS = "mentors"
    LATER = "later"


WHOM = {
    Whom.LEARNERS: _l("Everybody who learns in this course"),
    Whom.MENTEES: _l("All mentees"),
    Whom.MENTORS: _l("All mentors"),
    Whom.LATER: _l("I choose them one by one, on the next page"),
}


def radio(label: LazyString, choices: Mapping[Any, Any]) -> RadioField:
    return RadioField(  # type: ignore[call-arg]
        label,
        choices=[SelectChoice(each.value, words) for each, words in choices.items()],
        invalid_choice_message=_l("Choose one of the list."),
    )


def chosen(label: LazyString, choices: Mapping[Any, Any] | None = None) -> SelectField:
    return SelectField(  # type: ignore[call-arg]
        label,
        choices=[SelectChoice(str(value), words) for value, words in (choices or {}).items()],
        invalid_choice_message=_l("Choose one of the list."),
    )


class CampaignForm(FlaskForm):  # type: ignore[misc]
    title: Any = StringField(
        _l("Title"),
        validators=[
            DataRequired(_l("Give it a title, such as Spring review.")),
            Length(max=LONGEST_TITLE, message=_l("Write at most %(max)d characters.", max=LONGEST_TITLE)),
        ],
    )
    instrument: Any = chosen(_l("What is asked"))
    mentors_instrument: Any = chosen(_l("What mentors are asked about their mentees"))
    whom = radio(_l("Who is reviewed"), WHOM)
    moment: Any = radio(_l("When it opens"), {})
    days: Any = number(_l("How many days"), least=1, most=1000, is_optional=True)
    milestone: Any = radio(_l("Which milestone"), labels.MILESTONES)
    reviewed: Any = radio(_l("Who is reviewed when a mentorship opens it"), labels.REVIEWED)
    open_days: Any = number(_l("Days each stays open"), least=1, most=365)
    nominate_by: Any = LocalMoment(_l("Raters are named until"), validators=[Optional()])
    opens: Any = LocalMoment(_l("Answers are taken from"), validators=[Optional()])
    closes: Any = LocalMoment(_l("Closes"))
    purpose = radio(_l("What results are for"), labels.PURPOSES)
    purpose_words = TextAreaField(
        _l("What it is for, in your words"),
        validators=[
            Optional(),
            Length(max=LONGEST_WORDS, message=_l("Write at most %(max)d characters.", max=LONGEST_WORDS)),
        ],
    )
    released_by: Any = radio(_l("Who releases results"), labels.RELEASES)
    cohort: Any = chosen(_l("Run of the program"))
    follows: Any = chosen(_l("The round before this one"))
    means: Any = number(_l("Raters behind a mean"), least=LEAST_MEANS, most=MOST_RATERS)
    comments: Any = number(_l("Raters behind comments"), least=LEAST_COMMENTS, most=MOST_RATERS)
    spread: Any = number(_l("Raters behind what shows how answers spread"), least=LEAST_SPREADS, most=MOST_RATERS)
    retention_months: Any = number(_l("Months single answers are kept after closing"), least=1, most=120)

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        for field, sentence in self._faults():
            field.errors = [*field.errors, sentence]
            is_valid = False
        return is_valid

    def _faults(self) -> list[tuple[Any, str]]:
        """What is wrong between fields, each at the one that is to be changed."""
        found: list[tuple[Any, str]] = []
        if self.spread.data and self.means.data and self.spread.data < self.means.data:
            found.append((self.spread, _("How answers spread says more than a mean. Ask for as many raters, or more.")))
        if "closes" in self and self.closes.data is None and not self.closes.errors and self._is_by_date:
            found.append((self.closes, _("Say when it closes.")))
        if self._is_before("closes", "opens"):
            found.append((self.closes, _("It closes before it opens. Choose a later day, or an earlier one to open.")))
        if self._is_before("closes", "nominate_by"):
            found.append((self.closes, _("It closes while raters are still named. Choose a later day.")))
        counts_days = "days" in self and self.moment.data in (Moment.DAYS, Moment.INTERVAL)
        if counts_days and self.days.data is None and not self.days.errors:
            found.append((self.days, _("Say after how many days.")))
        if "cohort" in self and not self._is_by_date and not self.cohort.data:
            found.append((self.cohort, _("Choose the run whose mentorships open it.")))
        return found

    @property
    def _is_by_date(self) -> bool:
        return "moment" not in self or self.moment.data in (None, Moment.DATE)

    def _is_by(self, moment: Moment) -> bool:
        return "moment" in self and self.moment.data == moment

    def _is_before(self, first: str, second: str) -> bool:
        if first not in self or second not in self or not self._is_by_date:
            return False
        one, other = self[first].data, self[second].data
        return one is not None and other is not None and one <= other

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(means=self.means.data, comments=self.comments.data, spread=self.spread.data)

    def design(
        self,
        kind: CampaignKind,
        version: InstrumentVersion,
        *,
        groups: Sequence[GroupRule] = (),
        own_versions: Mapping[str, InstrumentVersion],
        cohorts: Sequence[Cohort],
        rounds: Sequence[Campaign],
    ) -> Design:
        """What the campaign is to be like; cohorts and rounds are those to choose from."""
        is_by_date = self._is_by_date
        return Design(
            kind=kind,
            title=" ".join(self.title.data.split()),
            version=version,
            groups=groups,
            own_versions=own_versions,
            cohort=self._chosen("cohort", cohorts),
            purpose=Purpose(self.purpose.data),
            purpose_words=(self.purpose_words.data or "").strip(),
            moment=Moment.DATE if is_by_date else Moment(self.moment.data),
            milestone=Milestone(self.milestone.data) if self._is_by(Moment.MILESTONE) else None,
            reviewed=ForWhom(self.reviewed.data) if "reviewed" in self else ForWhom.MENTEE,
            days=self.days.data if "days" in self and self.moment.data in (Moment.DAYS, Moment.INTERVAL) else None,
            open_days=self.open_days.data if "open_days" in self and not is_by_date else 14,
            nominate_by=self._moment("nominate_by") if is_by_date else None,
            opens=self._moment("opens") if is_by_date else None,
            closes=self._moment("closes") if is_by_date else None,
            released_by=ReleasedBy(self.released_by.data),
            thresholds=self.thresholds,
            retention_months=self.retention_months.data,
            follows=self._chosen("follows", rounds),
        )

    def _moment(self, name: str) -> datetime | None:
        found: datetime | None = self[name].moment() if name in self else None
        return found

    def _chosen(self, name: str, rows: Sequence[Any]) -> Any:
        wanted = self[name].data if name in self else ""
        return next((row for row in rows if row.public_id == wanted), None)


Instruments = Mapping[str, str]
"""What can be asked with: what stands in the form, and what it is called."""


def campaign_form(
    *,
    kind: CampaignKind,
    instruments: Instruments,
    usual: tuple[str, str] = ("", ""),
    cohorts: Sequence[Cohort],
    rounds: Sequence[Campaign],
    campaign: Campaign | None = None,
    now: datetime,
) -> CampaignForm:
    """Filled with what the draft says, or, for a new one, with what usually does; without what its kind has not.

    `usual` are the instruments a new one begins with: what is asked, and what mentors are asked about their mentees.
    """
    data = _kept(campaign) if campaign else _usual(kind, cohorts, now)
    if campaign is None:
        data["instrument"], data["mentors_instrument"] = usual
    form = CampaignForm(data=data)
    form.instrument.choices = [SelectChoice(value, words) for value, words in instruments.items()]
    if kind is not CampaignKind.REVIEW:
        # Who is coached is said for each person, and here nobody is chosen.
        form.released_by.choices = [each for each in form.released_by.choices if each.value != ReleasedBy.COACH]
    same = SelectChoice("", _("The same"))
    form.mentors_instrument.choices = [same, *form.instrument.choices]
    form.moment.choices = [SelectChoice(each.value, labels.moment_label(kind, each)) for each in MOMENTS[kind]]
    # It stands where it is needed, though other ways of opening need none.
    form.days.flags.optional = False
    form.cohort.choices = [SelectChoice("", _("The whole course")), *(_choice(each) for each in cohorts)]
    form.follows.choices = [SelectChoice("", _("None: this is the first")), *(_choice(each) for each in rounds)]
    for name in _without(kind, campaign, cohorts=bool(cohorts), rounds=bool(rounds)):
        del form[name]
    return form


def _choice(row: Cohort | Campaign) -> Any:
    return SelectChoice(row.public_id, row.title or _("The first run"))


def _without(kind: CampaignKind, campaign: Campaign | None, *, cohorts: bool, rounds: bool) -> list[str]:
    """The fields that mean nothing here."""
    found = []
    if kind is not CampaignKind.REVIEW:
        found += ["nominate_by"]
    if kind is not CampaignKind.REVIEW or campaign is not None:
        found += ["whom"]
    if kind is not CampaignKind.PAIR:
        found += ["mentors_instrument"]
    if kind is not CampaignKind.REVIEW or not cohorts:
        found += ["reviewed"]
    if not cohorts:
        found += ["moment", "days", "milestone", "cohort"]
    if not cohorts or kind in OF_NOBODY:
        found += ["open_days"]
    if not rounds:
        found += ["follows"]
    return found


def _usual(kind: CampaignKind, cohorts: Sequence[Cohort], now: datetime) -> dict[str, Any]:
    """What a new one begins with."""
    today = now.astimezone(get_timezone()).replace(hour=18, minute=0, second=0, microsecond=0)
    least = Thresholds()
    return {
        "title": _("%(kind)s, %(year)d", kind=labels.KINDS[kind], year=today.year),
        "whom": Whom.LEARNERS.value,
        "moment": Moment.DATE.value,
        "milestone": Milestone.KICK_OFF.value,
        "reviewed": ForWhom.MENTEE.value,
        "open_days": 14,
        "nominate_by": today + timedelta(days=NOMINATING_DAYS),
        "closes": today + timedelta(days=COLLECTING_DAYS),
        "purpose": Purpose.DEVELOPMENT.value,
        "released_by": (ReleasedBy.AT_CLOSE if kind is CampaignKind.PAIR else ReleasedBy.STAFF).value,
        "cohort": cohorts[0].public_id if cohorts and kind in (CampaignKind.PAIR, CampaignKind.PROGRAM) else "",
        "means": least.means,
        "comments": least.comments,
        "spread": least.spread,
        "retention_months": RETENTION_MONTHS,
    }


def _kept(campaign: Campaign) -> dict[str, Any]:
    names = ("title", "days", "open_days", "nominate_by", "opens", "closes", "purpose_words", "retention_months")
    limits = campaign.limits
    mentors = next((each.own_version for each in campaign.groups if each.own_version), None)
    return {
        **{name: getattr(campaign, name) for name in names},
        "instrument": key_of(campaign.version.instrument),
        "mentors_instrument": key_of(mentors.instrument) if mentors else "",
        "moment": campaign.moment.value,
        "milestone": (campaign.milestone or Milestone.KICK_OFF).value,
        "reviewed": campaign.reviewed.value,
        "purpose": campaign.purpose.value,
        "released_by": campaign.released_by.value,
        "cohort": campaign.cohort.public_id if campaign.cohort else "",
        "follows": campaign.follows.public_id if campaign.follows else "",
        "means": limits.means,
        "comments": limits.comments,
        "spread": limits.spread,
    }


class AdjustForm(CampaignForm):
    """What may change while it runs."""


RUNNING_FIELDS = ("title", "released_by", "means", "comments", "spread", "retention_months")


def adjust_form(*, campaign: Campaign) -> CampaignForm:
    form = AdjustForm(data=_kept(campaign))
    for name in [field.short_name for field in form if field.short_name not in (*RUNNING_FIELDS, "csrf_token")]:
        del form[name]
    return form


class ProlongForm(FlaskForm):  # type: ignore[misc]
    until: Any = LocalMoment(_l("Closes"), validators=[DataRequired(_l("Say when it closes."))])


def prolong_form(*, campaign: Campaign) -> ProlongForm:
    return ProlongForm(data={"until": campaign.closes})
