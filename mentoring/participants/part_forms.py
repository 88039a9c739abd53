"""What a mentor offers and what a mentee needs, as forms: only what stands in the program's lists can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from mentoring.numbers import Within
from mentoring.participants.models import MOST_PLACES, Shows
from mentoring.participants.said import About, Lists, Needed, Offered
from mentoring.participants.suggesting import Suggestions, zones
from mentoring.participants.week_fields import WeekFields, week_fields
from mentoring.participants.words import shows_labels, type_labels

NOT_IN_LIST = _l("This cannot be chosen in this program any more. Choose from the list.")
MOST_WORDS = 2000
HIGHEST_LEVEL = 10


class NumberField(IntegerField):
    """A whole number; what is none is told in our words."""

    def __init__(self, label: str, validators: Sequence[object], *, sentence: str, **rest: object) -> None:
        super().__init__(label, validators, **rest)  # type: ignore[arg-type]
        self.sentence = sentence

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(self.sentence) from None


class PartForm(FlaskForm):  # type: ignore[misc]
    """What offers and needs have in common."""

    lists: Lists
    week: WeekFields

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        is_valid = self.week.validate() and is_valid
        if not self._languages():
            said = _("Choose at least one language, so that you are matched with somebody you can talk to.")
            self["languages"].errors = [said]
            is_valid = False
        return is_valid

    def about(self) -> About:
        """What they said of themselves, once it is valid."""
        fields = {question.key: self[f"question-{n}"] for n, question in enumerate(self.lists.questions)}
        return About(
            languages=self._languages(),
            timezone=self["timezone"].data or "",
            hours=self.week.hours(),
            interests=self._chosen("interests"),
            answers={key: field.data for key, field in fields.items() if field.data},
            level=self["level"].data,
            team=(self["team"].data or "").strip(),
        )

    def _languages(self) -> list[str]:
        another = [self["another"].data] if self["another"].data else []
        return list(dict.fromkeys([*(self["languages"].data or []), *another]))

    def _chosen(self, name: str) -> list[str]:
        return list(self[name].data or []) if name in self else []

    @property
    def has_more_errors(self) -> bool:
        """Whether something is wrong among what is folded away."""
        return any(self[name].errors for name in ("level", "team", "experience") if name in self)


class OfferForm(PartForm):
    def said(self) -> Offered:
        return Offered(
            capacity=self["capacity"].data,
            kinds=self._chosen("kinds"),
            skills=self._chosen("skills"),
            topics=self._chosen("topics"),
            types=self._chosen("types"),
            experience=self["experience"].data,
            words=(self["words"].data or "").strip(),
            shows=self._chosen("shows") if "shows" in self else None,
        )


class NeedForm(PartForm):
    def said(self) -> Needed:
        return Needed(
            kinds=self._chosen("kinds"),
            skills=self._chosen("skills"),
            topics=self._chosen("topics"),
            words=(self["words"].data or "").strip(),
        )


def offer_form(
    *, lists: Lists, said: Offered, suggestions: Suggestions, windows: int, types: Sequence[str], is_own: bool
) -> OfferForm:
    """Filled with what was said before. `is_own` asks what the directory may show; nobody else can say that."""
    fields = {
        "capacity": _number(_("How many mentees at once?"), said.capacity, 0, MOST_PLACES, is_required=True),
        **_lists(lists, kinds=_("Kinds of mentor"), skills=_("Skills"), topics=_("Goals to help with"), said=said),
        **_about_fields(lists, suggestions, windows),
        "experience": _number(_("Years of experience in the field"), said.experience, 0, 80),
        "types": _several(_("Ways of mentoring"), {key: type_labels()[key] for key in types}, said.types),
        "words": _text(_("Why mentor?"), said.words),
    }
    if is_own:
        shows = [each.value for each in Shows] if said.shows is None else said.shows
        fields["shows"] = _several(_("The directory may show"), shows_labels(), shows)
    if len(types) < 2:
        del fields["types"]
    return _put_together(OfferForm, lists, fields, windows)


def need_form(*, lists: Lists, said: Needed, suggestions: Suggestions, windows: int) -> NeedForm:
    """Filled with what was said before."""
    fields = {
        **_lists(lists, kinds=_("Kinds of mentor"), skills=_("Skills to learn"), topics=_("Goals"), said=said),
        **_about_fields(lists, suggestions, windows),
        "words": _text(_("What to hope for?"), said.words),
    }
    return _put_together(NeedForm, lists, fields, windows)


Kind = TypeVar("Kind", OfferForm, NeedForm)


def _put_together(kind: type[Kind], lists: Lists, fields: Mapping[str, Field], windows: int) -> Kind:
    form = type(kind.__name__, (kind,), dict(fields))()
    assert isinstance(form, kind)
    form.lists, form.week = lists, WeekFields(form, windows)
    return form


def _lists(lists: Lists, *, kinds: str, skills: str, topics: str, said: Offered | Needed) -> dict[str, Field]:
    """A choice where there is something to choose: of one kind of mentor there is not."""
    fields: dict[str, Field] = {}
    if len(lists.kinds) > 1:
        fields["kinds"] = _several(kinds, lists.kinds, said.kinds)
    if lists.skills:
        fields["skills"] = _several(skills, _alike(lists.skills), said.skills)
    if lists.topics:
        fields["topics"] = _several(topics, _alike(lists.topics), said.topics)
    return fields


def _about_fields(lists: Lists, suggestions: Suggestions, windows: int) -> dict[str, Field]:
    about = suggestions.about
    fields = {
        "languages": _several(_("Languages"), suggestions.languages, about.languages),
        "another": _one(_("Another language"), {"": _("None")} | suggestions.every_language, ""),
        "timezone": _one(_("Time zone"), _zone_labels(suggestions), about.timezone),
        **week_fields(about.hours, windows),
        "level": _number(_("How senior, from 1 to %(most)d", most=HIGHEST_LEVEL), about.level, 1, HIGHEST_LEVEL),
        "team": StringField(_("Team or department"), [Optional(), Length(max=120)], default=about.team),
    }
    if lists.interests:
        fields["interests"] = _several(_("Interests"), _alike(lists.interests), about.interests)
    for n, question in enumerate(lists.questions):
        answers = {"": _("No answer")} | _alike(question.answers)
        fields[f"question-{n}"] = _one(question.text, answers, about.answers.get(question.key, ""))
    return fields


def _zone_labels(suggestions: Suggestions) -> dict[str, str]:
    labels = {name: name.replace("_", " ") for name in zones()}
    own, said = suggestions.own_zone, suggestions.about.timezone
    if own:
        labels = {"": _("As in the learning platform: %(zone)s", zone=own.replace("_", " ")), **labels}
    return labels if said in labels else {said: said, **labels}


def _alike(values: Sequence[str]) -> dict[str, str]:
    return {value: value for value in values}


def _several(label: str, choices: Mapping[str, str], said: Sequence[str]) -> SelectMultipleField:
    return SelectMultipleField(  # type: ignore[call-arg]
        label,
        choices=_choices(choices),
        default=list(said),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        invalid_choice_message=NOT_IN_LIST,
    )


def _one(label: str, choices: Mapping[str, str], said: str) -> SelectField:
    return SelectField(  # type: ignore[call-arg]
        label, choices=_choices(choices), default=said, invalid_choice_message=NOT_IN_LIST
    )


def _choices(labels: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


def _number(label: str, said: int | None, least: int, most: int, *, is_required: bool = False) -> NumberField:
    sentence = _(
        "%(label)s Give a whole number from %(least)d to %(most)d.", label=_sentence(label), least=least, most=most
    )
    first = InputRequired(sentence) if is_required else Optional()
    return NumberField(label, [first, Within(least, most, sentence)], sentence=sentence, default=said)


def _sentence(label: str) -> str:
    return label if label.endswith("?") else f"{label}:"


def _text(label: str, said: str) -> TextAreaField:
    too_long = _("Say it in %(most)d characters or fewer.", most=MOST_WORDS)
    return TextAreaField(label, [Optional(), Length(max=MOST_WORDS, message=too_long)], default=said)
