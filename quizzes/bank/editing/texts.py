"""Writing what people mark by hand, and what is only read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import ValidationError

from quizzes.bank.editing.base import IdRow, QuestionForm, ids_for, listed
from quizzes.bank.fields import line, long_text
from quizzes.bank.lines import levels_of, lines_of_levels
from quizzes.kinds import Body, Kind


class CriterionRow(IdRow):
    text = line(_l("What is looked at"), most=500)
    levels = long_text(_l("Levels, one a line"))
    fills = ("levels",)


def _rubric_shown(body: Body) -> list[dict[str, Any]]:
    return [
        {"id": each["id"], "text": each.get("text", ""), "levels": lines_of_levels(each.get("levels", ()))}
        for each in body.get("rubric", ())
    ]


class MarkedByHand(QuestionForm):
    """Whole numbers beside the text, and a rubric."""

    rubric = listed(CriterionRow)
    row_lists: ClassVar[Mapping[str, int]] = {"rubric": 1}
    numbers: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {**{name: str(body.get(name, "")) for name in cls.numbers}, "rubric": _rubric_shown(body)}

    def parts(self, before: Body) -> dict[str, Any]:
        found = ids_for(self.filled("rubric"), before.get("rubric", ()))
        rubric = [
            {**old, "id": name, "text": row.text.data, "levels": levels_of(row.levels.data or "")}
            for row, name, old in found
        ]
        return {"rubric": rubric, **{name: whole(self[name].data) or 0 for name in self.numbers}}


def whole(typed: str | None) -> int | None:
    """The whole number typed; None if it is none."""
    typed = (typed or "0").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def _is_whole(_form: object, field: StringField) -> None:
    if whole(field.data) is None:
        raise ValidationError(_("%(label)s: write a whole number, such as 2.", label=field.label.text))


def number(label: Any) -> Any:
    return StringField(label, validators=[_is_whole])


class EssayForm(MarkedByHand):
    kind = Kind.ESSAY
    least_words = number(_l("Fewest words, 0 for any number"))
    most_words = number(_l("Most words, 0 for any number"))
    lines = number(_l("Lines of the field"))
    numbers = ("least_words", "most_words", "lines")


class FilesForm(MarkedByHand):
    kind = Kind.UPLOAD
    most = number(_l("How many files"))
    types = line(_l("Endings that are taken, with commas between them; nothing for any"), most=200)
    numbers = ("most",)

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {**super().shown(body), "most": str(body.get("most", 1)), "types": ", ".join(body.get("types", ()))}

    def parts(self, before: Body) -> dict[str, Any]:
        endings = (each.strip().lstrip(".").lower() for each in (self.types.data or "").split(","))
        found = super().parts(before)
        return {**found, "most": found["most"] or 1, "types": [ending for ending in endings if ending]}


class DescriptionForm(QuestionForm):
    kind = Kind.DESCRIPTION
