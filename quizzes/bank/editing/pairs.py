"""Writing what is matched, sorted into groups, or put in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from quizzes.bank.editing.base import IdRow, QuestionForm, Row, ids_for, listed
from quizzes.bank.editing.choices import ALL_OR_NOTHING_TOO
from quizzes.bank.fields import chosen, long_text
from quizzes.bank.lines import next_id
from quizzes.bank.wording import ORDERS
from quizzes.kinds import Body, Kind


class PairRow(IdRow):
    text = long_text(_l("This"))
    belongs = long_text(_l("belongs to this"))
    fills = ("belongs",)


class OtherRow(Row):
    text = long_text(_l("Belongs to nothing"))


class MatchingForm(QuestionForm):
    """What belongs to a row is typed beside it; what is typed twice is one choice."""

    kind = Kind.MATCHING
    rows = listed(PairRow)
    others = listed(OtherRow)
    scoring = chosen(_l("How it is marked"), ALL_OR_NOTHING_TOO)
    row_lists: ClassVar[Mapping[str, int]] = {"rows": 4, "others": 1}
    stands_at: ClassVar[Mapping[str, str]] = {"right": "rows", "choices": "others"}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        texts = {str(choice["id"]): str(choice["text"]) for choice in body.get("choices", ())}
        right = body.get("right", {})
        return {
            "scoring": body.get("scoring", ""),
            "rows": [
                {"id": row["id"], "text": row.get("text", ""), "belongs": texts.get(right.get(row["id"], ""), "")}
                for row in body.get("rows", ())
            ],
            "others": [{"text": text} for name, text in texts.items() if name not in right.values()],
        }

    def parts(self, before: Body) -> dict[str, Any]:
        found = ids_for(self.filled("rows"), before.get("rows", ()))
        typed = [row.belongs.data for row, _name, _old in found] + [row.text.data for row in self.filled("others")]
        choices = _choices(typed, before)
        by_text = {choice["text"]: choice["id"] for choice in choices}
        return {
            "rows": [{**old, "id": name, "text": row.text.data} for row, name, old in found],
            "choices": choices,
            "right": {name: by_text[row.belongs.data] for row, name, _old in found if row.belongs.data},
            "scoring": self.scoring.data,
        }


def _choices(typed: list[str], before: Body) -> list[dict[str, Any]]:
    """Those there were keep their ids and their order; new ones come behind them."""
    wanted = dict.fromkeys(text for text in typed if text)
    kept = [dict(choice) for choice in before.get("choices", ()) if choice["text"] in wanted]
    taken = {str(choice["id"]) for choice in before.get("choices", ())}
    for text in wanted:
        if text not in [choice["text"] for choice in kept]:
            kept.append({"id": next_id(text, taken), "text": text})
            taken.add(kept[-1]["id"])
    return kept


class CategorizeForm(MatchingForm):
    kind = Kind.CATEGORIZE


class StepRow(IdRow):
    text = long_text(_l("Step"))


class OrderingForm(QuestionForm):
    kind = Kind.ORDERING
    items = listed(StepRow)
    scoring = chosen(_l("How it is marked"), ORDERS)
    row_lists: ClassVar[Mapping[str, int]] = {"items": 4}

    @classmethod
    def shown(cls, body: Body) -> dict[str, Any]:
        items = [{"id": each["id"], "text": each.get("text", "")} for each in body.get("items", ())]
        return {"items": items, "scoring": body.get("scoring", "")}

    def parts(self, before: Body) -> dict[str, Any]:
        found = ids_for(self.filled("items"), before.get("items", ()))
        items = [{**old, "id": name, "text": row.text.data} for row, name, old in found]
        return {"items": items, "scoring": self.scoring.data}
