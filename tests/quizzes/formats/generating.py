"""Questions made up from a seed, with the signs that formats give a meaning to; within what a format can say."""

from __future__ import annotations

import random
import string
import struct
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizzes import rich
from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG, Media, Question
from quizzes.formats.reports import Part
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.kinds.ordering import Scoring
from quizzes.rich import TextFormat
from tests import recordings

WORDS = (
    *(
        "which",
        "of",
        "these",
        "is",
        "the",
        "capital",
        "größer",
        "naïve",
        "東京",
        "مرحبا",
        "Ελλάδα",
        "emoji🎓",
        "e\u0301",
    ),
    *("a=b", "x~y", "#tag", "{curly}", "::title::", "10%", "%50%", "->", "-->", "\\back", "\\n", "\\\\", "// slashes"),
    *("[html]", "[[not", "]]", '"quoted"', "'single'", "a:b", "1:2:3", "5 < 6", "a & b", "&amp;", "*star*", "_low_"),
    *("=SUM(A1)", "+1", "-2", "@home", "$x^2$", "`code`", "}", "{", "~", "=", "#", ";", ",", "|", "\t", "100 %", "…"),
)
PLAIN_WORDS = tuple(word for word in WORDS if word.replace(" ", "").isalnum())
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcff9fa11e0007820281"
    "9d2d2a5c0000000049454e44ae426082"
)
Body = dict[str, Any]


def png(width: int, height: int, shade: int = 0) -> bytes:
    """A picture of this size (ISO/IEC 15948), all of it in one shade of grey."""
    rows = (b"\0" + bytes([shade]) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))
        for name, said in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    )


@dataclass(frozen=True, kw_only=True)
class Repertoire:
    """What a format can say without a loss."""

    kinds: tuple[Kind, ...]
    parts: frozenset[Part] = frozenset()
    text_formats: tuple[TextFormat, ...] = (TextFormat.PLAIN,)
    feedback: frozenset[str] = frozenset()
    """Of `RIGHT`, `PARTLY`, `WRONG`, `OTHER`."""
    is_one_line: bool = False
    words: Sequence[str] = WORDS
    gap_kinds: tuple[Kind, ...] = (Kind.SINGLE, Kind.SHORT_TEXT, Kind.NUMERIC)
    most_gaps: int = 3
    has_gap_weights: bool = False
    says_of_items: bool = False
    """Whether something can be said to single items that are put in order."""
    quick: int = 500
    """How many questions are enough for a test that is to be quick."""
    unsaid: Mapping[Kind, frozenset[Part]] = field(default_factory=dict)
    """What cannot be said of questions of these kinds."""


def questions(repertoire: Repertoire, number: int, seed: int) -> Iterator[Question]:
    maker = _Maker(repertoire, random.Random(seed))
    for count in range(number):
        yield maker.question(repertoire.kinds[count % len(repertoire.kinds)])


class _Maker:
    def __init__(self, repertoire: Repertoire, chance: random.Random) -> None:
        self.may, self.chance = repertoire, chance
        self.text_format, self.kind = TextFormat.PLAIN, Kind.SINGLE

    def question(self, kind: Kind) -> Question:
        self.text_format, self.kind = self.chance.choice(self.may.text_formats), kind
        body: Body = {"text": self.text(12), **BODIES[kind](self)}
        if self.says(Part.WHY):
            body["why"] = self.text(8)
        media: tuple[Media, ...] = ()
        if self.says(Part.MEDIA) and self.text_format is TextFormat.HTML and kind is not Kind.DROP_DOWN:
            media = (self._medium(),)
            named = (
                '<img src="{}" alt="A dot">'
                if not media[0].is_sound
                else '<audio src="{}" title="A &lt;call&gt;"></audio>'
            )
            body["text"] = rich.kept(body["text"] + named.format(media[0].reference), self.text_format)
        if kind is Kind.HOTSPOT:
            picture = Media(png(40, 30, self.chance.randrange(256)), "a map.png", "image/png")
            body["image"] = picture.key
            media = (*media, picture)
        has_tries = kind in ANSWERED
        return Question(
            kind=kind,
            text_format=self.text_format,
            body=body,
            title=self.line(4) if self.says(Part.TITLE) else "",
            identifier=self.name() if self.says(Part.IDENTIFIER) else "",
            category=tuple(self.line(2) for _n in range(self.chance.randint(1, 3))) if self.says(Part.CATEGORY) else (),
            tags=tuple(sorted({self.name() for _n in range(3)})) if self.says(Part.TAGS) else (),
            maximum=self._maximum(kind),
            difficulty=self.chance.randint(1, 3) if self.says(Part.DIFFICULTY) else 0,
            feedback=self._feedback(kind, body),
            hints=tuple(self.text(4) for _n in range(2)) if self.says(Part.HINTS) and has_tries else (),
            penalty=self.chance.choice(("1/3", "1/10", "0", "1"))
            if self.says(Part.PENALTY) and kind in ANSWERED
            else "",
            media=media,
        )

    def _medium(self) -> Media:
        """No two the same."""
        last = bytes([self.chance.randrange(256)])
        if self.chance.random() < 0.5:
            return Media(PIXEL + last, "a picture.png", "image/png")
        return Media(recordings.mp3() + last, "a call.mp3", "audio/mpeg")

    def says(self, part: Part) -> bool:
        unsaid = self.may.unsaid.get(self.kind, ())
        return part in self.may.parts and part not in unsaid and self.chance.random() < 0.6

    def _maximum(self, kind: Kind) -> float:
        if kind is Kind.DESCRIPTION:
            return 0.0
        return self.chance.choice((1.0, 2.0, 2.5, 0.5)) if self.says(Part.MAXIMUM) else 1.0

    def line(self, most: int) -> str:
        """Some words in one line."""
        found = [self.chance.choice(self.may.words) for _n in range(self.chance.randint(1, most))]
        return " ".join(" ".join(found).split()) or "word"

    def name(self) -> str:
        return "".join(self.chance.choice(string.ascii_lowercase) for _n in range(8))

    def text(self, most: int) -> str:
        """A text in the question's format; an author's HTML as it is kept."""
        line = self.line(most)
        if self.text_format is TextFormat.HTML:
            return rich.kept(f"<p>{escaped(line)} <b>{escaped(self.line(2))}</b></p>", TextFormat.HTML)
        if self.may.is_one_line or self.chance.random() < 0.7:
            return line
        return f"{line}\n\n{self.line(most)}\n{self.line(3)}"

    def short(self, most: int = 4) -> str:
        is_plain = self.kind in (Kind.CLOZE, Kind.DROP_DOWN)
        if self.text_format is TextFormat.HTML and not is_plain:
            return rich.kept(escaped(self.line(most)), TextFormat.HTML)
        return self.line(most)

    def comment(self) -> str:
        """What is said to an answer."""
        return self.text(4)

    def several(self, least: int, most: int, make: Callable[[], str] | None = None) -> list[str]:
        """Texts of which no two are the same."""
        wanted = self.chance.randint(least, most)
        found: dict[str, str] = {}
        while len(found) < wanted:
            said = (make or self.short)()
            found.setdefault(" ".join(said.split()).casefold(), said)
        return list(found.values())

    def _feedback(self, kind: Kind, body: Body) -> Mapping[str, str]:
        found: dict[str, str] = {}
        if not self.says(Part.FEEDBACK):
            return found
        for name in ("options", "answers", *(("items",) if self.may.says_of_items else ())):
            for place, row in enumerate(body.get(name, ())):
                if self.chance.random() < 0.5:
                    found[f"{name}/{row.get('id', place)}"] = self.comment()
        if kind is Kind.TRUE_FALSE:
            found |= {f"options/{name}": self.comment() for name in ("true", "false") if self.chance.random() < 0.5}
        for gap in body.get("gaps", ()):
            for name in ("options", "answers"):
                for place, row in enumerate(gap.get(name, ())):
                    if self.chance.random() < 0.3:
                        found[f"gaps/{gap['id']}/{name}/{row.get('id', place)}"] = self.comment()
        for whole in sorted(self.may.feedback):
            if kind in WITH_WHOLE[whole]:
                found[whole] = self.comment()
        return found

    def options(self, right: int, most: int = 5) -> Body:
        texts = self.several(right + 1, most)
        rows = rows_of(texts)
        chosen = self.chance.sample([row["id"] for row in rows], right)
        if Part.FIXED in self.may.parts and self.chance.random() < 0.2:
            rows = [{**row, "fixed": True} for row in rows]
        return {"options": rows, "right": [row["id"] for row in rows if row["id"] in chosen]}

    def single(self) -> Body:
        body = self.options(1)
        if self.says(Part.WEIGHTS):
            others = iter(self.chance.sample(("1/2", "1/3", "-1/2", "0", "-1"), 4))
            for row in body["options"]:
                row["weight"] = "1" if row["id"] in body["right"] else next(others)
        return body

    def multiple(self) -> Body:
        right = self.chance.randint(2, 3)
        body = self.options(right, right + 2)
        if self.says(Part.WEIGHTS):
            good = iter(("1/2", "1/2") if right == 2 else ("1/2", "1/4", "1/4"))
            for row in body["options"]:
                row["weight"] = next(good) if row["id"] in body["right"] else self.chance.choice(("0", "-1", "-1/2"))
        return body

    def true_false(self) -> Body:
        return {"right": [self.chance.choice(("true", "false"))]}

    def matching(self) -> Body:
        rows, choices = rows_of(self.several(2, 4)), rows_of(self.several(4, 6))
        right = self.chance.sample(choices, len(rows))
        return {
            "rows": rows,
            # As files have them: what belongs to rows first, in their order.
            "choices": [*right, *(each for each in choices if each not in right)],
            "right": {row["id"]: choice["id"] for row, choice in zip(rows, right, strict=True)},
        }

    def ordering(self) -> Body:
        body = {"items": rows_of(self.several(2, 5))}
        return {**body, "scoring": self.chance.choice(list(Scoring)).value} if self.says(Part.SCORING) else body

    def numeric(self) -> Body:
        answers = []
        for number, value in enumerate(self.chance.sample(range(-500, 500), self.chance.randint(1, 3))):
            answer = {"value": f"{value / 8:g}"}
            if self.chance.random() < 0.5:
                answer["tolerance"] = self.chance.choice(("0.5", "1", "0.001"))
            if number and Part.WEIGHTS in self.may.parts:
                answer["weight"] = self.chance.choice(("1/2", "1/3", "0.25"))
            answers.append(answer)
        if Part.WEIGHTS not in self.may.parts:
            answers = answers[:1]
        if self.kind is Kind.NUMERIC and self.says(Part.UNITS):
            units = [{"unit": "m", "factor": "1"}, {"unit": "cm", "factor": "0.01"}]
            return {"answers": answers, "units": units, "unit": self.chance.choice(("optional", "required"))}
        return {"answers": answers}

    def short_text(self) -> Body:
        # What learners type is compared with plain words, whatever the format of the question.
        texts = self.several(1, 3, lambda: self.line(3).replace("\\", "").replace("*", "").strip() or "word")
        answers: list[Body] = [{"text": text} for text in texts]
        if Part.WEIGHTS in self.may.parts:
            for each in answers[1:]:
                each["weight"] = self.chance.choice(("1/2", "1/3", "1", "0"))
        body: Body = {"answers": answers}
        return {**body, "case": True} if self.says(Part.CASE) else body

    def cloze(self) -> Body:
        return self._with_gaps(self.may.gap_kinds)

    def drop_down(self) -> Body:
        return self._with_gaps((Kind.SINGLE,))

    def _with_gaps(self, kinds: Sequence[Kind]) -> Body:
        gaps = []
        for number in range(1, self.chance.randint(1, self.may.most_gaps) + 1):
            kind = self.chance.choice(kinds)
            gap: Body = {"id": str(number), "kind": kind.value, **BODIES[kind](self)}
            gaps.append({**gap, "weight": self.chance.randint(1, 3)} if self.may.has_gap_weights else gap)
        text = " ".join(f"{self.chance.choice(PLAIN_WORDS)} [[{gap['id']}]] end." for gap in gaps)
        return {"text": f"<p>{text}</p>" if self.text_format is TextFormat.HTML else text, "gaps": gaps}

    def categorize(self) -> Body:
        rows, choices = rows_of(self.several(3, 5)), rows_of(self.several(2, 3))
        return {
            "rows": rows,
            "choices": choices,
            "right": {row["id"]: self.chance.choice(choices)["id"] for row in rows},
        }

    def hotspot(self) -> Body:
        areas: list[Body] = []
        for place, label in enumerate(self.several(3, 5, lambda: self.line(3))):
            shapes = {
                "rect": [2 * place, 3, 2 * place + 10.5, 20],
                "circle": [20, 15, 3 + place],
                "poly": [1, 1, 20, 2, 10 + place, 25.25],
            }
            shape = self.chance.choice(list(shapes))
            areas.append({"id": rows_of([label])[0]["id"], "label": label, "shape": shape, "coords": shapes[shape]})
        for area, row in zip(areas, rows_of([each["label"] for each in areas]), strict=True):
            area["id"] = row["id"]
        chosen = self.chance.sample(areas, self.chance.randint(1, 2))
        right = [each["id"] for each in areas if each in chosen]
        body: Body = {"image": "", "alt": self.line(3), "width": 40, "height": 30, "areas": areas, "right": right}
        return {**body, "scoring": ALL_OR_NOTHING} if len(right) > 1 and self.says(Part.SCORING) else body

    def essay(self) -> Body:
        body: Body = {}
        if self.says(Part.LINES):
            body["lines"] = self.chance.choice((5, 10, 15))
        if self.says(Part.WORDS):
            body |= {"least_words": 10, "most_words": self.chance.choice((100, 500))}
        return body

    def upload(self) -> Body:
        return {"most": self.chance.randint(1, 3), "types": ["pdf", "png"]} if self.says(Part.FILES) else {"most": 1}

    def nothing(self) -> Body:
        return {}


BODIES: Mapping[Kind, Callable[[_Maker], Body]] = {
    Kind.SINGLE: _Maker.single,
    Kind.MULTIPLE: _Maker.multiple,
    Kind.TRUE_FALSE: _Maker.true_false,
    Kind.MATCHING: _Maker.matching,
    Kind.ORDERING: _Maker.ordering,
    Kind.NUMERIC: _Maker.numeric,
    Kind.SHORT_TEXT: _Maker.short_text,
    Kind.CLOZE: _Maker.cloze,
    Kind.DROP_DOWN: _Maker.drop_down,
    Kind.CATEGORIZE: _Maker.categorize,
    Kind.ESSAY: _Maker.essay,
    Kind.UPLOAD: _Maker.upload,
    Kind.DESCRIPTION: _Maker.nothing,
    Kind.HOTSPOT: _Maker.hotspot,
}
ANSWERED = frozenset(BODIES) - {Kind.DESCRIPTION, Kind.ESSAY, Kind.UPLOAD}
WITH_WHOLE: Mapping[str, Collection[Kind]] = {
    RIGHT: (Kind.MULTIPLE, Kind.MATCHING),
    PARTLY: (Kind.MULTIPLE, Kind.MATCHING),
    WRONG: (Kind.MULTIPLE, Kind.MATCHING),
    OTHER: (Kind.NUMERIC, Kind.SHORT_TEXT),
}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
