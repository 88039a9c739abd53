"""Texts with gaps as Moodle XML: gapselect where all gaps are chosen alike, cloze otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from quizzes.bank.numbers import kept_number
from quizzes.formats.model import OTHER, Question
from quizzes.formats.moodle import cloze
from quizzes.formats.moodle.markup import escaped, tagged, text_element
from quizzes.formats.reports import Part
from quizzes.formats.weights import key_of, percent
from quizzes.kinds import Body, Kind
from quizzes.kinds.gaps import GAP
from quizzes.kinds.numbers import NOT_ASKED
from quizzes.rich import TextFormat

Found = tuple[str, str, list[str]]
"""The type, the question's text, and the elements that only this type has."""
Number = Callable[[Body], tuple[str, str]]
"""The value of an answer, and how far from it."""
_MOST_GROUPS = 20


def is_fixed(body: Body) -> bool:
    """Whether all options keep their places; Moodle knows no others that do."""
    return bool(body.get("options")) and all(row.get("fixed") for row in body["options"])


def weight_of(row: Body) -> Fraction:
    return kept_number(row.get("weight", 1)) or Fraction(0)


def found(question: Question, number: Number, lose: Callable[[Part], None]) -> Found:
    """`lose` hears what cannot be said."""
    return _Gaps(question, number, lose).found()


@dataclass
class _Gaps:
    question: Question
    number: Number
    lose: Callable[[Part], None]

    def found(self) -> Found:
        if self.question.kind is Kind.DROP_DOWN and self._is_simple():
            return self._chosen_gaps()
        gaps = {str(gap["id"]): gap for gap in self.question.body["gaps"]}
        return "cloze", GAP.sub(lambda found: self._gap(gaps[found[1]]), str(self.question.body["text"])), []

    def _is_simple(self) -> bool:
        """Whether every gap has one right option, no weights and nothing said to answers: there each gap is alike."""
        gaps = self.question.body["gaps"]
        plain = all(len(gap["right"]) == 1 and not any("weight" in row for row in gap["options"]) for gap in gaps)
        equal = all(gap.get("weight", 1) == 1 for gap in gaps)
        alike = len({is_fixed(gap) for gap in gaps}) == 1
        return plain and equal and alike and len(gaps) <= _MOST_GROUPS and not any(self.question.feedback.values())

    def _chosen_gaps(self) -> Found:
        """The options of each gap are a group of their own; a gap names its right one by number."""
        options: list[str] = []
        numbers: dict[str, int] = {}
        for group, gap in enumerate(self.question.body["gaps"], start=1):
            for row in gap["options"]:
                text = str(row["text"])
                if self.question.text_format is TextFormat.HTML:
                    text = escaped(text)
                options.append(tagged("selectoption", text_element(text) + tagged("group", str(group))))
                if row["id"] in gap["right"]:
                    numbers[str(gap["id"])] = len(options)
        text = GAP.sub(lambda found: f"[[{numbers[found[1]]}]]", str(self.question.body["text"]))
        shuffled = "0" if is_fixed(self.question.body["gaps"][0]) else "1"
        return "gapselect", text, [tagged("shuffleanswers", shuffled), *options]

    def _gap(self, gap: Body) -> str:
        kind, path = Kind(gap["kind"]), f"gaps/{gap['id']}"
        if kind is Kind.SINGLE:
            weights = key_of(kind, gap)
            rows = [(weights[row["id"]], str(row["text"]), f"{path}/options/{row['id']}") for row in gap["options"]]
            name = "MULTICHOICE" if is_fixed(gap) else "MULTICHOICE_S"
        else:
            answers = [(each, f"{path}/answers/{place}") for place, each in enumerate(gap["answers"])]
            numbers = kind is Kind.NUMERIC
            rows = [(weight_of(row), self._typed(row, numbers), where) for row, where in answers]
            name = "NUMERICAL" if numbers else "SHORTANSWER_C" if gap.get("case") else "SHORTANSWER"
            if numbers and gap.get("unit", NOT_ASKED) != NOT_ASKED:
                self.lose(Part.UNITS)
            if self.question.feedback.get(f"{path}/{OTHER}"):
                rows.append((Fraction(0), "*", f"{path}/{OTHER}"))
        said = "~".join(self._alternative(weight, text, where) for weight, text, where in rows)
        return f"{{{gap.get('weight', 1)}:{name}:{said}}}"

    def _typed(self, row: Body, is_number: bool) -> str:
        return ":".join(self.number(row)) if is_number else str(row["text"])

    def _alternative(self, weight: Fraction, text: str, path: str) -> str:
        worth = "=" if weight == 1 else f"%{percent(weight)}%" if weight else ""
        if not worth and text.startswith(("=", "%")):
            worth = "%0%"
        comment = self.question.feedback.get(path, "")
        is_html = self.question.text_format is TextFormat.HTML
        return worth + cloze.told(text) + (f"#{cloze.told(comment, is_html=is_html)}" if comment else "")
