"""Questions as GIFT."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from html import escape

from quizzes.bank.numbers import kept_number
from quizzes.formats.gift.blocks import CATEGORY, said_of
from quizzes.formats.gift.packing import name_of
from quizzes.formats.gift.signs import FORMAT, escaped
from quizzes.formats.losses import tell_unsaid, tell_unsaid_of_bank
from quizzes.formats.model import OTHER, Bank, Path, Question
from quizzes.formats.numbers import approximately, distance_of, is_distance
from quizzes.formats.pairs import beside
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.scorings import word_of
from quizzes.formats.texts import IN_THE_FILE
from quizzes.formats.turning import renamed_in, with_players
from quizzes.formats.weights import key_of, percent
from quizzes.kinds import Body, Kind
from quizzes.kinds.gaps import GAP
from quizzes.rich import TextFormat

TITLE = "GIFT"
SAID = frozenset(
    {
        *(Part.TITLE, Part.IDENTIFIER, Part.CATEGORY, Part.TAGS, Part.WHY, Part.FEEDBACK, Part.MEDIA),
        *(Part.TEXT_FORMAT, Part.SCORING),
    }
)
_ARROW = "->"


def text_of(bank: Bank, report: Reporter) -> str:
    tell_unsaid_of_bank(bank, TITLE, (), report)
    return "\n".join(_blocks(bank, report))


def _blocks(bank: Bank, report: Reporter) -> Iterator[str]:
    category: Path = ()
    named = {each.category for each in bank.questions}
    for each in bank.categories:
        if each not in named:
            yield f"{CATEGORY} {said_of(each)}\n"
            category = each
    for question in bank.questions:
        if question.category != category:
            category = question.category
            yield f"{CATEGORY} {said_of(category)}\n"
        if block := _Writer(question, report).block():
            yield block


class _Writer:
    """One question."""

    def __init__(self, question: Question, report: Reporter) -> None:
        names = {each.key: IN_THE_FILE + name_of(each) for each in question.media}
        question = renamed_in(with_players(question), names)
        self.question, self.report, self.body = question, report, question.body

    def block(self) -> str:
        write = _KINDS.get(self.question.kind)
        inside = write(self) if write else None
        if inside is None:
            self.report.error(Odd.KIND_NOT_SAID, self.question.place, format=TITLE, kind=self.question.kind)
            return ""
        said = SAID if self.question.kind is Kind.ORDERING else SAID - {Part.SCORING}
        tell_unsaid(self.question, TITLE, said, self.report)
        before, after = self._around()
        why = str(self.body.get("why", ""))
        if why and inside:
            inside = f"{inside[:-1].rstrip()}\n\t####{self._text(why)}\n}}"
        head = f"::{escaped(' '.join(self.question.title.split()))}::" if self.question.title else ""
        if why and not inside:
            self._lose(Part.WHY)
        return f"{self._comment()}{head}[{self.question.text_format.value}]{before}{inside}{after}\n"

    def _comment(self) -> str:
        marks = [("id", self.question.identifier)] if self.question.identifier else []
        marks += [("tag", tag) for tag in self.question.tags]
        said = " ".join(f"[{name}:{' '.join(word.split()).replace(']', chr(92) + ']')}]" for name, word in marks)
        return f"// {said}\n" if said else ""

    def _around(self) -> tuple[str, str]:
        text = str(self.body["text"])
        if self.question.kind not in (Kind.CLOZE, Kind.DROP_DOWN):
            return escaped(text), ""
        before, _gap, after = GAP.split(text, maxsplit=1)
        return escaped(before), escaped(after)

    def _lose(self, part: Part) -> None:
        self.report.loss(Odd.NOT_SAID, self.question.place, format=TITLE, part=part)

    def _text(self, text: str) -> str:
        """A text in the question's format, which it names only to be taken for nothing else."""
        return _told(text, self.question.text_format)

    def _feedback(self, path: str) -> str:
        said = self.question.feedback.get(path, "")
        return f"#{self._text(said)}" if said else ""

    def single(self) -> str | None:
        return self._choice(Kind.SINGLE, self.body, "")

    def multiple(self) -> str | None:
        return self._choice(Kind.MULTIPLE, self.body, "")

    def _choice(self, kind: Kind, body: Body, prefix: str) -> str | None:
        weights, lines = key_of(kind, body), list[str]()
        for row in body["options"]:
            weight, text = weights[row["id"]], self._text(self._option(str(row["text"]), is_plain=bool(prefix)))
            # The first of the best is what tells one answer from several.
            is_best = kind is Kind.SINGLE and weight == 1 and not any(line.startswith("=") for line in lines)
            lines.append(self._weighed("=" if is_best else "~", weight, 1 if is_best else 0, text))
            lines[-1] += self._feedback(f"{prefix}options/{row['id']}")
        is_meant = any(line.startswith("=") for line in lines) is (kind is Kind.SINGLE)
        return _inside(lines) if is_meant and len(lines) > 1 else None

    def _option(self, text: str, *, is_plain: bool) -> str:
        """Options of a gap have no marks, whatever the format of the question."""
        return escape(text, quote=False) if is_plain and self.question.text_format is TextFormat.HTML else text

    @staticmethod
    def _weighed(sign: str, weight: Fraction, usual: int, text: str) -> str:
        """With its weight, unless it is the usual one."""
        return sign + text if weight == usual else f"{sign}%{percent(weight)}%{text}"

    def true_false(self) -> str:
        right = self.body["right"][0]
        wrong = "false" if right == "true" else "true"
        to_wrong, to_right = (self._feedback(f"options/{name}") for name in (wrong, right))
        return f"{{{right.upper()}{to_wrong or ('#' if to_right else '')}{to_right}}}"

    def short_text(self) -> str:
        return self._short_text(self.body, "")

    def _short_text(self, body: Body, prefix: str) -> str:
        if body.get("case"):
            self._lose(Part.CASE)
        lines = []
        answers = [(row, _told(str(row["text"]), TextFormat.PLAIN)) for row in body["answers"]]
        is_matching = all(_ARROW in text for _row, text in answers)
        for place, (row, text) in enumerate(answers):
            weight = kept_number(row.get("weight", 1)) or Fraction(0)
            said = f"=%100%{text}" if is_matching and weight == 1 else self._weighed("=", weight, 1, text)
            lines.append(said + self._feedback(f"{prefix}answers/{place}"))
        if other := self._feedback(prefix + OTHER):
            lines.append(f"=%0%*{other}")
        return _inside(lines)

    def numeric(self) -> str:
        return self._numeric(self.body, "")

    def _numeric(self, body: Body, prefix: str) -> str:
        if body.get("unit", "none") != "none":
            self._lose(Part.UNITS)
        lines = []
        for place, answer in enumerate(body["answers"]):
            weight = kept_number(answer.get("weight", 1)) or Fraction(0)
            lines.append(
                self._weighed("=", weight, 1, self._number(answer)) + self._feedback(f"{prefix}answers/{place}")
            )
        if other := self._feedback(prefix + OTHER):
            lines.append(f"~{other}")
        return _inside(lines, "{#")

    def _number(self, answer: Body) -> str:
        if not is_distance(answer):
            self.report.note(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.TOLERANCE)
        return ":".join(map(approximately, distance_of(answer)))

    def matching(self) -> str | None:
        pairs = beside(self.body)
        if pairs is None:
            return None
        if self.question.kind is Kind.CATEGORIZE:
            self.report.loss(Odd.SAID_AS, self.question.place, format=TITLE, part=Part.KIND)
        return _inside([f"={self._row(row)} {_ARROW} {self._text(choice)}" for row, choice in pairs])

    def _row(self, text: str) -> str:
        if _ARROW in text:
            self._lose(Part.SIGNS)
        return self._text(text.replace(_ARROW, "→"))

    def ordering(self) -> str:
        items = [self._text(str(row["text"])) for row in self.body["items"]]
        return _inside(items, f"{{>{len(items)} ALL VERTICAL {word_of(self.body.get('scoring', ''))} SHOW none", "")

    def in_gap(self) -> str | None:
        """Answers amid the text; where they would stand at its end they would be a question of another kind."""
        gaps = self.body["gaps"]
        if len(gaps) != 1 or not GAP.split(str(self.body["text"]), maxsplit=1)[-1].strip():
            return None
        [gap] = gaps
        prefix, kind = f"gaps/{gap['id']}/", Kind(gap["kind"])
        if kind is Kind.SINGLE:
            return self._choice(kind, gap, prefix)
        return self._short_text(gap, prefix) if kind is Kind.SHORT_TEXT else self._numeric(gap, prefix)

    def essay(self) -> str:
        for part, names in _OF_ESSAYS.items():
            if any(self.body.get(name) for name in names):
                self._lose(part)
        return "{}"

    def description(self) -> str:
        return ""


def _told(text: str, how: TextFormat) -> str:
    """A text that names its format only to be taken for nothing else."""
    said = escaped(text)
    is_odd = said.startswith(("%", "//", CATEGORY)) or FORMAT.match(said)
    return f"[{how.value}]{said}" if is_odd else said


def _inside(lines: list[str], opening: str = "{", indent: str = "\t") -> str:
    return "\n".join([opening, *(indent + line for line in lines), "}"])


_OF_ESSAYS: Mapping[Part, tuple[str, ...]] = {
    Part.WORDS: ("least_words", "most_words"),
    Part.LINES: ("lines",),
    Part.RUBRIC: ("rubric",),
}
_KINDS: Mapping[Kind, Callable[[_Writer], str | None]] = {
    Kind.SINGLE: _Writer.single,
    Kind.MULTIPLE: _Writer.multiple,
    Kind.TRUE_FALSE: _Writer.true_false,
    Kind.SHORT_TEXT: _Writer.short_text,
    Kind.NUMERIC: _Writer.numeric,
    Kind.MATCHING: _Writer.matching,
    Kind.CATEGORIZE: _Writer.matching,
    Kind.ORDERING: _Writer.ordering,
    Kind.CLOZE: _Writer.in_gap,
    Kind.DROP_DOWN: _Writer.in_gap,
    Kind.ESSAY: _Writer.essay,
    Kind.DESCRIPTION: _Writer.description,
}
