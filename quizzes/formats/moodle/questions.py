"""A `question` element of Moodle XML as a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from quizzes.bank.many.reading import MOST_POINTS
from quizzes.formats.model import PARTLY, RIGHT, WRONG, Path, Place, Question
from quizzes.formats.moodle.elements import Element, by_tag, number, said, text_of
from quizzes.formats.moodle.kinds import KINDS
from quizzes.formats.moodle.sources import NotRead, Parsed, Source
from quizzes.formats.pictures import Named, decoded
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.texts import IN_THE_FILE, Written, cleaned, together
from quizzes.kinds import Body, Kind
from quizzes.rich import TextFormat

WHOLE: Mapping[str, str] = {
    "correctfeedback": RIGHT,
    "partiallycorrectfeedback": PARTLY,
    "incorrectfeedback": WRONG,
}
_READ = frozenset(
    {
        *("name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "tags", "hint"),
        *("answer", "single", "shuffleanswers", "usecase", "units", "showunits", "unitgradingtype", "unitpenalty"),
        *("subquestion", "responseformat", "responsefieldlines", "minwordlimit", "maxwordlimit", "attachments"),
        *("graderinfo", "responsetemplate", "filetypeslist", "selecttype", "selectcount", "gradingtype"),
        *("selectoption", "dragbox", "image", "image_base64", *WHOLE),
    }
)
_LAYOUT = frozenset(
    {
        *("answernumbering", "showstandardinstruction", "shownumcorrect", "unitsleft", "instructions", "layouttype"),
        *("showgrading", "numberingstyle", "responserequired", "attachmentsrequired", "maxbytes", "version", "stamp"),
        *("defaultmark", "versionid", "questionbankentryid", "length", "image_url", "correctanswersfeedback"),
    }
)
"""How Moodle lays a question out and counts it, and nothing that a question says."""
_PASSED = _READ | _LAYOUT
_LONGEST_TITLE = 255


def question_of(element: Element, category: Path, line: int, report: Reporter) -> Question | None:
    """None for one that is reported."""
    parts, name = by_tag(element), element.get("type") or ""
    title = " ".join(said(_first(parts, "name")).split())[:_LONGEST_TITLE]
    place = Place(line, title or name)
    read = KINDS.get(name)
    if read is None:
        report.error(Odd.NO_SUCH_KIND, place, what=name or "?")
        return None
    pictures = Named(place, report)
    usual, text = _asked(parts, pictures)
    source = Source(element, parts, usual, pictures, place, report, text)
    try:
        parsed = read(source)
    except NotRead as refused:
        report.error(refused.wrong, place, what=refused.what)
        return None
    _tell_the_rest(source)
    return _made(source, parsed, title=title, category=category)


def _first(parts: Mapping[str, Sequence[Element]], tag: str) -> Element | None:
    return parts[tag][0] if tag in parts else None


def _asked(parts: Mapping[str, Sequence[Element]], pictures: Named) -> Written:
    how, text = text_of(_first(parts, "questiontext"), TextFormat.HTML.value, pictures)
    if inline := said(_first(parts, "image_base64")):
        # Moodle 1.9 kept one picture beside the text.
        path = "/" + (said(_first(parts, "image")).rpartition("/")[2] or "picture")
        pictures.add(path, decoded(inline))
        text = pictures.with_keys(f'{text}<img src="{IN_THE_FILE.rstrip("/")}{quote(path)}">')
    return how, text


def _tell_the_rest(source: Source) -> None:
    if not source.parts.keys() <= _PASSED:
        for tag, (first, *_others) in source.parts.items():
            if tag not in _PASSED and "".join(first.itertext()).strip():
                source.lose(f"<{tag}>")
    if source.said("hidden") == "1":
        source.lose("<hidden>")


def _made(source: Source, parsed: Parsed, *, title: str, category: Path) -> Question:
    parts, place, report = source.parts, source.place, source.report
    asked = source.text if parsed.text is None else parsed.text
    whole = [(name, source.text_of(parts[tag][0])) for tag, name in WHOLE.items() if tag in parts]
    hints = [source.text_of(each) for each in parts.get("hint", ())]
    why = source.text_of(_first(parts, "generalfeedback"))
    comments = [each for each in parsed.feedback if each[2][1]]
    texts = [(source.usual, asked), why, *parsed.texts, *(said for _n, _p, said in comments)]
    text_format, told = together([*texts, *(said for _name, said in whole), *hints])
    told = cleaned(told, text_format, place, report)
    rest = iter(told[2:])
    made = parsed.make([next(rest) for _text in parsed.texts])
    body: dict[str, Any] = {"text": told[0], **({"why": told[1]} if told[1] else {}), **made}
    feedback = {_path(name, where, body): next(rest) for name, where, _said in comments}
    for name, _said in whole:
        feedback[name] = next(rest)
    return Question(
        kind=parsed.kind,
        text_format=text_format,
        body=body,
        title=title,
        identifier=source.said("idnumber"),
        category=category,
        tags=tuple(dict.fromkeys(tag for each in parts["tags"][0] if (tag := said(each)))) if "tags" in parts else (),
        maximum=_maximum(source, parsed.kind, body),
        feedback={name: each for name, each in feedback.items() if each},
        hints=tuple(each for each in rest if each),
        penalty=_penalty(source),
        media=tuple(source.pictures.used.values()),
        place=place,
    )


def _path(name: str, where: int | str, body: Body) -> str:
    if isinstance(where, str):
        return where
    return f"{name}/{body[name][where].get('id', where)}"


def _maximum(source: Source, kind: Kind, body: Body) -> float:
    """A text with gaps is worth what its gaps weigh, where nothing is said."""
    worth = source.said("defaultgrade")
    if kind is Kind.DESCRIPTION:
        return 0.0
    if not worth:
        return float(sum(int(gap.get("weight", 1)) for gap in body.get("gaps", ())) or 1)
    found = _points(worth)
    if found is None:
        source.report.loss(Odd.BAD_VALUE, source.place, what="<defaultgrade>", said=worth)
        return 1.0
    return found


@lru_cache(maxsize=1024)
def _points(worth: str) -> float | None:
    found = number(worth)
    return None if found is None or not 0 <= found <= MOST_POINTS else float(found)


def _penalty(source: Source) -> str:
    cost = source.said("penalty")
    if not cost:
        return ""
    found = _cost(cost)
    if found is None:
        source.report.loss(Odd.BAD_VALUE, source.place, what="<penalty>", said=cost)
    return found or ""


@lru_cache(maxsize=1024)
def _cost(said: str) -> str | None:
    found = number(said)
    return None if found is None or not 0 <= found <= 1 else str(found)
