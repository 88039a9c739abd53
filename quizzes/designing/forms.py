"""The designer's forms: a new quiz, its settings, a section, a rule, a fixed question, what is shown when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional

from lti_tool.fields import LocalMoment
from quizzes.designing.fields import Boxes, Mark, Number, Words
from quizzes.designing.labels import DIFFICULTY, GRADING, MOMENTS, NAVIGATION, READY, REVIEWS, SEEN, SHOWN
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.designing.presets import Preset as ReadyMade
from quizzes.designing.reviewing import (
    AFTERWARDS,
    AT_A_CHECK,
    BESIDE_ANSWERS,
    FOR_PRACTICE,
    KEYS,
    PRACTICE,
    PRESETS,
    WORTH_A_CHECK,
    Moment,
    Preset,
    Review,
    Shown,
    preset_of,
)
from quizzes.designing.settings import Grading, Navigation, Settings
from quizzes.drawing.outline import Seen
from quizzes.questions import Bank, Category

LONGEST_TITLE, LONGEST_INSTRUCTIONS = 200, 4000
MOST_QUESTIONS, MOST_MINUTES, MOST_ATTEMPTS, MOST_PAUSE = 200, 1440, 100, 60 * 24 * 60
OWN = "own"
"""Stands for a choice of boxes that is none of the ready-made ones."""


def _title(label: Any, missing: Any) -> StringField:
    too_long = _l("Write at most %(max)d characters.", max=LONGEST_TITLE)
    return StringField(label, validators=[DataRequired(missing), Length(max=LONGEST_TITLE, message=too_long)])


def _choice(label: Any, choices: Mapping[Any, Any], **rest: Any) -> SelectField:
    return SelectField(  # type: ignore[call-arg]
        label,
        choices=[SelectChoice(str(value), said) for value, said in choices.items()],
        invalid_choice_message=_l("Choose one of the list."),
        **rest,
    )


def _banks(banks: Sequence[Bank]) -> dict[str, str]:
    return {str(bank.id): bank.title for bank in banks}


class NewForm(FlaskForm):  # type: ignore[misc]
    title = _title(_l("Title"), _l("Give the quiz a title."))
    preset = RadioField(  # type: ignore[call-arg]
        _l("What it is for"),
        choices=[SelectChoice(preset.value, words) for preset, words in READY.items()],
        default=ReadyMade.ONBOARDING.value,
        invalid_choice_message=_l("Choose one of the list."),
    )
    bank: Any = _choice(_l("Questions from"), {})


def new_form(*, banks: Sequence[Bank]) -> NewForm:
    form = NewForm()
    form.bank.choices = [SelectChoice(value, said) for value, said in _banks(banks).items()]
    return form


class SettingsForm(FlaskForm):  # type: ignore[misc]
    title = _title(_l("Title"), _l("Give the quiz a title."))
    count: Any = Number(_l("Questions"), least=1, most=MOST_QUESTIONS)
    minutes: Any = Number(_l("Minutes"), least=1, most=MOST_MINUTES, may_be_empty=True, validators=[Optional()])
    attempts: Any = Number(_l("Attempts"), least=1, most=MOST_ATTEMPTS, may_be_empty=True, validators=[Optional()])
    until_passed = BooleanField(_l("Another attempt only for those who have not passed"))
    pass_percent: Any = Number(_l("Percent to pass"), least=0, most=100)
    is_practice = BooleanField(_l("Practice: not graded, as often as anybody likes, everything shown at once"))
    opens: Any = LocalMoment(_l("Opens"), validators=[Optional()])
    closes: Any = LocalMoment(_l("Closes"), validators=[Optional()])
    access_code = StringField(
        _l("Access code"),
        validators=[Optional(), Length(max=100, message=_l("Write at most %(max)d characters.", max=100))],
    )
    wait_once: Any = Number(_l("Minutes of pause before the second attempt"), least=0, most=MOST_PAUSE)
    wait_later: Any = Number(_l("Minutes of pause before later attempts"), least=0, most=MOST_PAUSE)
    grading: Any = _choice(_l("What counts"), GRADING)
    topic_percent: Any = Number(_l("Percent in each topic to be ready"), least=0, most=100)
    review: Any = RadioField(_l("What learners see afterwards"), invalid_choice_message=_l("Choose one of the list."))  # type: ignore[call-arg]
    navigation: Any = _choice(_l("Moving between pages"), NAVIGATION)
    per_page: Any = Number(_l("Questions on a page"), least=0, most=MOST_QUESTIONS)
    is_shuffled = BooleanField(_l("Sections in another order for everybody"))

    def settings(self, before: Settings) -> Settings:
        """The settings as they are to be; what only boxes say stays as it was before."""
        chosen = self.review.data
        review = before.review if chosen == OWN else PRESETS[Preset(chosen)]
        said = replace(
            before,
            opens=self.opens.moment(),
            closes=self.closes.moment(),
            limit=None if self.minutes.data is None else _minutes(self.minutes.data, before.limit),
            attempts=self.attempts.data,
            until_passed=self.until_passed.data,
            wait_once=_minutes(self.wait_once.data, before.wait_once),
            wait_later=_minutes(self.wait_later.data, before.wait_later),
            grading=Grading(self.grading.data),
            pass_percent=self.pass_percent.data,
            topic_percent=self.topic_percent.data,
            review=review,
            navigation=Navigation(self.navigation.data),
            per_page=self.per_page.data,
            access_code=(self.access_code.data or "").strip(),
            is_practice=self.is_practice.data,
        )
        if said.is_practice:
            stays = before.is_practice and review in FOR_PRACTICE
            return replace(said, attempts=None, until_passed=False, review=review if stays else PRACTICE)
        was_practice = before.is_practice and review in FOR_PRACTICE
        return replace(said, review=PRESETS[Preset.AFTER_LAST]) if was_practice else said

    def plan(self, before: Plan) -> Plan:
        if (rule := simple(before)) is not None:
            before = _of_one(replace(rule, count=self.count.data))
        return replace(before, is_shuffled=self.is_shuffled.data)


def _minutes(said: int, before: timedelta | None) -> timedelta:
    """As long as before, to the second, where the minutes stayed as they were shown."""
    shown = None if before is None else -(-int(before.total_seconds()) // 60)
    return before if before is not None and said == shown else timedelta(minutes=said)


def simple(plan: Plan) -> RulePlan | None:
    """The one rule of a plan that is nothing else: so many questions of one bank."""
    slots = list(plan.slots)
    is_one = len(slots) == 1 and isinstance(slots[0], RulePlan)
    if is_one and isinstance(rule := slots[0], RulePlan):
        plainest = RulePlan(bank=rule.bank, count=rule.count, is_equal=rule.is_equal)
        return rule if replace(plan, is_shuffled=False) == _of_one(plainest) else None
    return None


def _of_one(rule: RulePlan) -> Plan:
    return Plan(sections=(SectionPlan(slots=(rule,)),))


def settings_form(*, revision: QuizRevision, as_kept: bool = False) -> SettingsForm:
    """As they were sent, or as they are kept where something else was sent."""
    rules, plan = revision.rules, revision.outlined
    preset = preset_of(rules.review)
    values = {
        **{name: getattr(rules, name) for name in ("attempts", "until_passed", "pass_percent", "is_practice")},
        **{name: getattr(rules, name) for name in ("opens", "closes", "access_code", "topic_percent", "per_page")},
        "title": revision.title,
        "count": rule.count if (rule := simple(plan)) else None,
        "minutes": rules.minutes,
        "wait_once": int(rules.wait_once.total_seconds()) // 60,
        "wait_later": int(rules.wait_later.total_seconds()) // 60,
        "grading": rules.grading.value,
        "navigation": rules.navigation.value,
        "review": preset.value if preset else OWN,
        "is_shuffled": plan.is_shuffled,
    }
    form = SettingsForm(data=values, formdata=None) if as_kept else SettingsForm(data=values)
    own = [] if preset else [SelectChoice(OWN, _l("Box by box, as chosen below"))]
    form.review.choices = [*(SelectChoice(each.value, words) for each, words in REVIEWS.items()), *own]
    if simple(plan) is None:
        del form.count
    return form


class ReviewForm(FlaskForm):  # type: ignore[misc]
    """The boxes: one field for each moment at which something can be shown."""

    keys_wait = BooleanField(_l("Right answers and reasons only once no attempt is left"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        afterwards = [_alone(moment, alone[0]) for moment in AFTERWARDS if (alone := self._alone(moment))]
        self.form_errors = [*self._idle_checks(), *afterwards]
        return not self.form_errors

    def _idle_checks(self) -> list[str]:
        """What is ticked for the time while an attempt runs, and would never be shown then."""
        shown = set(map(Shown, self[Moment.DURING.value].data or []))
        if self.keys_wait.data and (waiting := [each for each in Shown if each in shown & KEYS]):
            return [_waits(waiting[0], self.keys_wait.label.text)]
        return [] if not shown or shown & WORTH_A_CHECK else [_says_nothing()]

    def _alone(self, moment: Moment) -> list[Shown]:
        """What would stand beside questions and answers that are not shown."""
        shown = set(self[moment.value].data or [])
        return [] if Shown.ATTEMPT in shown else [each for each in Shown if each in shown and each in BESIDE_ANSWERS]

    def review(self) -> Review:
        at = {moment: frozenset(map(Shown, self[moment.value].data or [])) for moment in Moment}
        return Review(at=at, keys_wait=self.keys_wait.data)


def _alone(moment: Moment, what: Shown) -> str:
    said = _("%(moment)s: “%(what)s” stands beside the questions. Tick “%(questions)s” as well, or untick it.")
    return str(said % {"moment": MOMENTS[moment], "what": SHOWN[what], "questions": SHOWN[Shown.ATTEMPT]})


def _waits(what: Shown, waits: str) -> str:
    said = _("%(moment)s: “%(what)s” cannot be shown then. Untick it, or untick “%(waits)s”.")
    return str(said % {"moment": MOMENTS[Moment.DURING], "what": SHOWN[what], "waits": waits})


def _says_nothing() -> str:
    said = _("%(moment)s: with these alone a check would say nothing. Tick “%(what)s” as well, or untick them.")
    return str(said % {"moment": MOMENTS[Moment.DURING], "what": SHOWN[Shown.CORRECTNESS]})


def _boxes(moment: Moment) -> Boxes:
    can_be = AT_A_CHECK if moment is Moment.DURING else SHOWN
    return Boxes(MOMENTS[moment], {shown.value: words for shown, words in SHOWN.items() if shown in can_be})


for _moment in Moment:
    setattr(ReviewForm, _moment.value, _boxes(_moment))


def review_form(*, review: Review) -> ReviewForm:
    values: dict[str, Any] = {moment.value: sorted(review.at.get(moment, ())) for moment in Moment}
    return ReviewForm(data={**values, "keys_wait": review.keys_wait})


class SectionForm(FlaskForm):  # type: ignore[misc]
    title = StringField(
        _l("Heading"),
        validators=[
            Optional(),
            Length(max=LONGEST_TITLE, message=_l("Write at most %(max)d characters.", max=LONGEST_TITLE)),
        ],
    )
    instructions = TextAreaField(
        _l("What to read before its questions"),
        validators=[
            Optional(),
            Length(max=LONGEST_INSTRUCTIONS, message=_l("Write at most %(max)d characters.", max=LONGEST_INSTRUCTIONS)),
        ],
    )
    is_shuffled = BooleanField(_l("Questions in another order for everybody"), default=True)

    def section(self, before: SectionPlan) -> SectionPlan:
        """A text that stays as it was is shown as it was; what is written now is Markdown."""
        instructions = "\n".join((self.instructions.data or "").strip().splitlines())
        return replace(
            before,
            title=" ".join((self.title.data or "").split()),
            instructions=instructions,
            is_markdown=before.is_markdown if instructions == before.instructions else True,
            is_shuffled=self.is_shuffled.data,
        )


def section_form(*, section: SectionPlan) -> SectionForm:
    values = {name: getattr(section, name) for name in ("title", "instructions", "is_shuffled")}
    return SectionForm(data=values)


class RuleForm(FlaskForm):  # type: ignore[misc]
    count: Any = Number(_l("How many questions"), least=1, most=MOST_QUESTIONS)
    source: Any = _choice(_l("From"), {})
    with_inner = BooleanField(_l("With the topics inside it"), default=True)
    tags_all = Words(_l("Tags a question must have"))
    tags_any = Words(_l("Tags of which it must have one"))
    tags_none = Words(_l("Tags it must not have"))
    lowest: Any = _choice(_l("From difficulty"), DIFFICULTY)
    highest: Any = _choice(_l("To difficulty"), DIFFICULTY)
    is_equal = BooleanField(_l("Equally hard for everybody"))
    easy: Any = Number(_l("Parts easy"), least=0, most=100)
    medium: Any = Number(_l("Parts medium"), least=0, most=100)
    hard: Any = Number(_l("Parts hard"), least=0, most=100)
    met: Any = _choice(_l("Questions somebody has met before"), SEEN)
    mark: Any = Mark(_l("Each is worth"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if int(self.lowest.data) > int(self.highest.data):
            self.lowest.errors = [_("The lowest difficulty is above the highest. Put them the other way round.")]
            return False
        return True

    def rule(self) -> RulePlan:
        bank, _dash, category = self.source.data.partition("-")
        shares = (self.easy.data, self.medium.data, self.hard.data)
        return RulePlan(
            bank=int(bank),
            count=self.count.data,
            category=int(category) if category else None,
            with_inner=self.with_inner.data,
            tags_all=self.tags_all.words(),
            tags_any=self.tags_any.words(),
            tags_none=self.tags_none.words(),
            lowest=int(self.lowest.data),
            highest=int(self.highest.data),
            shares=shares if any(shares) else (),
            is_equal=self.is_equal.data,
            seen=Seen(self.met.data),
            mark=self.mark.data,
        )


def rule_form(*, rule: RulePlan, banks: Sequence[Bank]) -> RuleForm:
    easy, medium, hard = rule.shares or (0, 0, 0)
    form = RuleForm(
        data={
            **{
                name: getattr(rule, name)
                for name in ("count", "with_inner", "tags_all", "tags_any", "tags_none", "mark", "is_equal")
            },
            "source": f"{rule.bank}-{rule.category}" if rule.category else str(rule.bank),
            "lowest": str(rule.lowest),
            "highest": str(rule.highest),
            "easy": easy,
            "medium": medium,
            "hard": hard,
            "met": rule.seen.value,
        }
    )
    form.source.choices = [SelectChoice(value, said) for value, said in _sources(banks).items()]
    return form


def _sources(banks: Sequence[Bank]) -> dict[str, str]:
    """Each bank, and after it its categories."""
    found = {}
    for bank in banks:
        found[str(bank.id)] = _("All of %(bank)s", bank=bank.title)
        for category in bank.categories:
            found[f"{bank.id}-{category.id}"] = _("%(bank)s: %(category)s", bank=bank.title, category=_path(category))
    return found


def _path(category: Category) -> str:
    """The category with those around it."""
    names, around, steps = [category.title], category.parent, 0
    while around is not None and steps < 20:
        names.append(around.title)
        around, steps = around.parent, steps + 1
    return " / ".join(reversed(names))


class FixedForm(FlaskForm):  # type: ignore[misc]
    """How a question is asked that everybody gets."""

    is_pinned = BooleanField(_l("Stay with the text it has now, also if it is changed later"))
    mark: Any = Mark(_l("It is worth"))

    def fixed(self, question: int, newest: Callable[[int], int], before: FixedPlan | None = None) -> FixedPlan:
        """`newest` knows the newest version of a question."""
        kept = before.version if before is not None else None
        version = (kept or newest(question)) if self.is_pinned.data else None
        return FixedPlan(question=question, version=version, mark=self.mark.data)


def fixed_form(*, fixed: FixedPlan) -> FixedForm:
    return FixedForm(data={"is_pinned": fixed.version is not None, "mark": fixed.mark})


class ChosenForm(FixedForm):
    """Several questions of a list, each to be asked like that."""

    question = SelectMultipleField(_l("Questions"), validate_choice=False)
    mark: Any = Mark(_l("Each is worth"), default=1.0)


NEW_RULE_COUNT = 5


def new_rule(bank: Bank) -> RulePlan:
    return RulePlan(bank=bank.id, count=NEW_RULE_COUNT, is_equal=True)
