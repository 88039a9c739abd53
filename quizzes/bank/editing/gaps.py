"""Writing texts with gaps: each gap a row, its answers one a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from quizzes.bank.editing.base import QuestionForm, Row, listed, ticked
from quizzes.bank.editing.choices import ALL_OR_NOTHING_TOO
from quizzes.bank.fields import chosen, line, long_text
from quizzes.bank.lines import lines_of, parts_of
from quizzes.bank.wording import GAP_KINDS
from quizzes.kinds import Body, Kind


class GapRow(Row):
    id = line(_l("Gap"), most=32)
    kind = chosen(_l("Answered with"), GAP_KINDS)
    answers = long_text(_l("Answers, one a line"))
    weight = line(_l("How much it counts"), most=3)
    case = ticked(_l("Capital and small letters have to be right"))
    named_by = "answers"


class ListRow(Row):
    id = line(_l("Gap"), most=32)
    answers = long_text(_l("List, one a line, a star before what is right"))
    weight = line(_l("How much it counts"), most=3)
    named_by = "answers"


class ClozeForm(QuestionForm):
    kind = Kind.CLOZE
    gaps = listed(GapRow)
    scoring = chosen(_l("How it is marked"), ALL_OR_NOTHING_TOO)
    row_lists: ClassVar[Mapping[str, int]] = {"gaps": 2}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        return {
            "scoring": body.get("scoring", ""),
            "gaps": [
                {
                    "id": gap["id"],
                    "kind": gap.get("kind", Kind.SHORT_TEXT),
                    "answers": lines_of(gap),
                    "weight": str(gap.get("weight", "")),
                    "case": bool(gap.get("case")),
                }
                for gap in body.get("gaps", ())
            ],
        }

    def parts(self, before: Body) -> dict[str, Any]:
        known = {str(gap["id"]): gap for gap in before.get("gaps", ())}
        found = self.filled("gaps")
        gaps = [self._gap(row, number, known) for number, row in enumerate(found, start=1)]
        return {"gaps": gaps, "scoring": self.scoring.data}

    def _gap(self, row: Any, number: int, known: Mapping[str, Body]) -> dict[str, Any]:
        """A gap that is not named is called by its number."""
        name, kind = row.id.data or str(number), self._kind_of(row)
        gap = {"id": name, "kind": kind.value, **parts_of(kind, row.answers.data or "", known.get(name, {}))}
        if row.weight.data:
            weight = row.weight.data
            gap["weight"] = int(weight) if weight.isascii() and weight.isdigit() else weight
        return {**gap, "case": row.case.data} if kind is Kind.SHORT_TEXT else gap

    def _kind_of(self, row: Any) -> Kind:
        return Kind(row.kind.data)


class DropDownForm(ClozeForm):
    kind = Kind.DROP_DOWN
    gaps = listed(ListRow)

    def _kind_of(self, row: Any) -> Kind:
        return Kind.SINGLE
