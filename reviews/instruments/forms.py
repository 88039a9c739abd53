"""The parts of an instrument as forms, one for each page on which they are changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField

from lti_tool.fields import chosen, long_text, number, some_number, text, ticked
from reviews.instruments import editing, wording
from reviews.instruments.content import (
    Comments,
    Competency,
    Content,
    InstrumentKind,
    Level,
    OpenQuestion,
    Profile,
    Required,
    Scale,
    Statement,
)
from reviews.wording import GROUPS

MOST_ROWS = 40
LONGEST = 1000
"""Letters of a statement, question or anchor."""


class PartForm(FlaskForm):  # type: ignore[misc]
    """The base of them all."""

    seen: Any = HiddenField()
    """The stamp of the content that the form was filled from."""
    rows: str = ""
    """The list that can have one row more."""

    def one_more(self) -> None:
        if self.rows and len(self[self.rows].entries) < MOST_ROWS:
            self[self.rows].append_entry()


class AboutForm(PartForm):
    name = text(_l("Name"), is_required=_l("Give the instrument a name."), most=200)
    introduction = long_text(_l("What raters read first"))
    asks_importance = BooleanField(_l("Raters also say how much each competency matters for the work"))

    def changed(self, content: Content) -> Content:
        return replace(content, introduction=self.introduction.data, asks_importance=self.asks_importance.data)


class LevelRow(Form):
    score = number(_l("Score"), least=-100, most=100, is_optional=True)
    label = text(_l("What it means"))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if (self.score.data is None) == bool(self.label.data):
            said = _("A level has a score and says what it means. Clear both to take it away.")
            (self.score if self.score.data is None else self.label).errors = [said]
            return False
        return True


class ScaleForm(PartForm):
    levels = FieldList(FormField(LevelRow), max_entries=11)
    allows_not_observed = BooleanField(_l("Raters may answer: not observed"))
    rows = "levels"

    def changed(self, content: Content) -> Content:
        levels = [
            Level(score=row.form.score.data, label=row.form.label.data)
            for row in self.levels.entries
            if row.form.label.data
        ]
        in_order = tuple(sorted(levels, key=lambda level: level.score))
        return editing.with_scale(content, Scale(levels=in_order, allows_not_observed=self.allows_not_observed.data))


class Anchors(TextAreaField):
    """What somebody does at a level, one a line: `3: Names what was done.`"""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw = "\n".join(valuelist)
        found: dict[int, str] = {}
        for line in filter(str.strip, self.raw.splitlines()):
            score, colon, said = line.partition(":")
            if not colon or not re.fullmatch(r"-?\d{1,3}", score.strip()) or not said.strip():
                self.data = {}
                raise ValueError(_("Write each line as score and words, such as 3: Names what was done."))
            found[int(score)] = said.strip()[:LONGEST]
        self.data = found

    def _value(self) -> str:
        if self.errors or self.process_errors:
            return str(self.raw)
        return "\n".join(f"{score}: {said}" for score, said in sorted((self.data or {}).items()))


class StatementRow(Form):
    """Without a text it is none, and is left out."""

    key = HiddenField()
    said = text(_l("Said of somebody else"), most=LONGEST)
    said_self = text(_l("Said of oneself"), most=LONGEST)
    is_reversed = BooleanField(_l("Agreeing says that it is low"))
    weight = number(_l("Weight"), least=1, most=9, default=1)
    groups = ticked(_l("Asked of these only; none ticked is all"), GROUPS)
    anchors = Anchors(_l("What somebody does at a level, one a line"))

    @property
    def name(self) -> str:
        return self.said.data or ""


class CompetencyForm(PartForm):
    name = text(_l("Name"), is_required=_l("Give the competency a name."), most=200)
    definition = text(_l("What it is"), most=LONGEST)
    weight = number(_l("Weight among the others"), least=1, most=9, default=1)
    comments = chosen(_l("Comments"), wording.COMMENTS)  # type: ignore[arg-type]
    statements = FieldList(FormField(StatementRow), max_entries=MOST_ROWS)
    rows = "statements"

    def competency(self, content: Content, before: Competency | None) -> Competency:
        """As the form says, with the keys and anchors that were there."""
        key = before.key if before else editing.new_key(self.name.data, editing.all_keys(content))
        taken = editing.all_keys(content) | {key}
        there = {each.key: each for each in before.statements} if before else {}
        statements = []
        for row in self.statements.entries:
            if not row.form.name:
                continue
            known = there.get(row.form.key.data or "")
            if known is None:
                known = Statement(key=editing.new_key(f"{key} {row.form.name}", taken), text="")
                taken.add(known.key)
            statements.append(_statement(known, row.form))
        return Competency(
            key=key,
            name=self.name.data,
            definition=self.definition.data,
            weight=float(self.weight.data),
            comments=Comments(self.comments.data),
            statements=tuple(statements),
            anchors=before.anchors if before else {},
        )


def _statement(known: Statement, row: Any) -> Statement:
    return replace(
        known,
        text=row.said.data,
        text_self=row.said_self.data,
        is_reversed=row.is_reversed.data,
        weight=float(row.weight.data),
        groups=tuple(row.groups.data or ()),
        anchors=row.anchors.data or {},
    )


class QuestionRow(Form):
    key = HiddenField()
    said = text(_l("Question"), most=LONGEST)
    groups = ticked(_l("Asked of these only; none ticked is all"), GROUPS)
    is_required = BooleanField(_l("Has to be answered"))
    may_be_quoted = BooleanField(_l("Ask whether reports may quote the answer"))

    @property
    def name(self) -> str:
        return self.said.data or ""


class QuestionsForm(PartForm):
    questions = FieldList(FormField(QuestionRow), max_entries=MOST_ROWS)
    rows = "questions"

    def changed(self, content: Content) -> Content:
        taken = editing.all_keys(content)
        there = {each.key for each in content.questions}
        questions = []
        for row in self.questions.entries:
            if not row.form.name:
                continue
            key = row.form.key.data if row.form.key.data in there else editing.new_key(row.form.name, taken)
            taken.add(key)
            questions.append(
                OpenQuestion(
                    key=key,
                    text=row.form.said.data,
                    groups=tuple(row.form.groups.data or ()),
                    is_required=row.form.is_required.data,
                    may_be_quoted=row.form.may_be_quoted.data,
                )
            )
        return replace(content, questions=tuple(questions))


class ProfileForm(PartForm):
    """What a position asks: a required level and an importance for each competency."""

    position = text(_l("Position"), is_required=_l("Say what position this is."), most=200)

    def profile(self, content: Content, before: Profile | None) -> Profile:
        key = before.key if before else editing.new_key(self.position.data, editing.all_keys(content))
        levels = {
            each.key: Required(level=self[f"level-{n}"].data, importance=float(self[f"importance-{n}"].data))
            for n, each in enumerate(content.competencies)
            if self[f"level-{n}"].data is not None
        }
        return Profile(key=key, position=self.position.data, levels=levels)

    def levels(self, content: Content) -> list[tuple[Competency, Any, Any]]:
        """Each competency with its two fields."""
        return [(each, self[f"level-{n}"], self[f"importance-{n}"]) for n, each in enumerate(content.competencies)]


def profile_form(*, content: Content, profile: Profile | None, seen: str) -> ProfileForm:
    """A field for each competency of this content, filled as the profile is."""
    scale = content.scale

    class Filled(ProfileForm):
        pass

    said: dict[str, Any] = {"position": profile.position if profile else "", "seen": seen}
    for n, each in enumerate(content.competencies):
        label = _l("Required level of %(name)s", name=each.name)
        field = some_number(label, least=scale.lowest, most=scale.highest, is_optional=True)
        setattr(Filled, f"level-{n}", field)
        importance = number(_l("Importance of %(name)s", name=each.name), least=1, most=9, default=1)
        setattr(Filled, f"importance-{n}", importance)
        required = profile.levels.get(each.key) if profile else None
        said[f"level-{n}"] = required.level if required else None
        said[f"importance-{n}"] = round(required.importance) if required else 1
    return Filled(data=said)


class NewForm(FlaskForm):  # type: ignore[misc]
    """An instrument of one's own from nothing."""

    name = text(_l("Name"), is_required=_l("Give the instrument a name."), most=200)
    kind = chosen(_l("What it is for"), wording.KINDS)  # type: ignore[arg-type]

    @property
    def wanted(self) -> InstrumentKind:
        return InstrumentKind(self.kind.data)


def about_form(*, name: str, content: Content, seen: str) -> AboutForm:
    said = {"name": name, "introduction": content.introduction, "asks_importance": content.asks_importance}
    return AboutForm(data={**said, "seen": seen})


def scale_form(*, content: Content, seen: str) -> ScaleForm:
    levels = [{"score": each.score, "label": each.label} for each in content.scale.levels]
    return ScaleForm(data={"levels": levels, "allows_not_observed": content.scale.allows_not_observed, "seen": seen})


def competency_form(*, competency: Competency | None, seen: str) -> CompetencyForm:
    if competency is None:
        return CompetencyForm(data={"seen": seen, "weight": 1, "comments": "optional", "statements": [{}, {}, {}]})
    statements = [
        {
            "key": each.key,
            "said": each.text,
            "said_self": each.text_self,
            "is_reversed": each.is_reversed,
            "weight": max(1, round(each.weight)),
            "groups": list(each.groups),
            "anchors": each.anchors,
        }
        for each in competency.statements
    ]
    said = {"name": competency.name, "definition": competency.definition, "comments": competency.comments.value}
    weight = max(1, round(competency.weight))
    return CompetencyForm(data={**said, "weight": weight, "statements": statements, "seen": seen})


def questions_form(*, questions: Sequence[OpenQuestion], seen: str) -> QuestionsForm:
    rows = [
        {
            "key": each.key,
            "said": each.text,
            "groups": list(each.groups),
            "is_required": each.is_required,
            "may_be_quoted": each.may_be_quoted,
        }
        for each in questions
    ]
    return QuestionsForm(data={"questions": rows or [{}], "seen": seen})
