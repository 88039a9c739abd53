"""Writing questions that are answered with a number or a short text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from quizzes.bank.editing.base import QuestionForm, Row, listed, ticked
from quizzes.bank.fields import chosen, line
from quizzes.bank.numbers import as_kept, as_weight
from quizzes.bank.wording import TOLERANCES, UNITS
from quizzes.kinds import Body, Kind
from quizzes.kinds.numbers import NOMINAL, NOT_ASKED


def _weight(row: Any) -> dict[str, str]:
    return {"weight": as_weight(row.weight.data)} if row.weight.data else {}


class NumberRow(Row):
    value = line(_l("Number"), most=60)
    tolerance = line(_l("How far off it may be"), most=60)
    tolerance_kind = chosen(_l("Measured"), TOLERANCES)
    weight = line(_l("Worth, if not all"), most=20)
    named_by = "value"
    fills = ("tolerance",)


class UnitRow(Row):
    unit = line(_l("Unit"), most=40)
    factor = line(_l("How many of the first unit it is"), most=60)
    named_by = "unit"


class NumericForm(QuestionForm):
    kind = Kind.NUMERIC
    answers = listed(NumberRow)
    unit = chosen(_l("Unit"), UNITS)
    units = listed(UnitRow)
    unit_penalty = line(_l("What a missing or unknown unit costs"), most=20)
    row_lists: ClassVar[Mapping[str, int]] = {"answers": 1, "units": 1}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {
            "answers": [
                {
                    "value": answer.get("value", ""),
                    "tolerance": answer.get("tolerance", ""),
                    "tolerance_kind": answer.get("tolerance_kind", NOMINAL),
                    "weight": answer.get("weight", ""),
                }
                for answer in body.get("answers", ())
            ],
            "unit": body.get("unit", NOT_ASKED),
            "units": [
                {"unit": each.get("unit", ""), "factor": each.get("factor", "")} for each in body.get("units", ())
            ],
            "unit_penalty": body.get("unit_penalty", ""),
        }

    def parts(self, before: Body) -> dict[str, Any]:
        penalty = {"unit_penalty": as_weight(self.unit_penalty.data)} if self.unit_penalty.data else {}
        return {
            "answers": [
                {
                    "value": as_kept(row.value.data or ""),
                    "tolerance": as_kept(row.tolerance.data or "") or "0",
                    "tolerance_kind": row.tolerance_kind.data,
                    **_weight(row),
                }
                for row in self.filled("answers")
            ],
            "unit": self.unit.data,
            "units": [
                {"unit": row.unit.data, "factor": as_kept(row.factor.data or "") or ("1" if number == 0 else "")}
                for number, row in enumerate(self.filled("units"))
            ],
            **penalty,
        }


class AnswerRow(Row):
    text = line(_l("Answer"))
    weight = line(_l("Worth, if not all"), most=20)


class ShortTextForm(QuestionForm):
    kind = Kind.SHORT_TEXT
    answers = listed(AnswerRow)
    case = ticked(_l("Capital and small letters have to be right"))
    row_lists: ClassVar[Mapping[str, int]] = {"answers": 2}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        answers = [{"text": each.get("text", ""), "weight": each.get("weight", "")} for each in body.get("answers", ())]
        return {"answers": answers, "case": bool(body.get("case"))}

    def parts(self, before: Body) -> dict[str, Any]:
        answers = [{"text": row.text.data, **_weight(row)} for row in self.filled("answers")]
        return {"answers": answers, "case": self.case.data}
