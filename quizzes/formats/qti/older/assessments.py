"""A file of QTI 1.2 (`questestinterop`): items of assessments and banks, and the quizzes that ask them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from quizzes.formats.base import About
from quizzes.formats.model import Draw, Fixed, Path, Place, Question, Quiz, Section
from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.older.items import as_item
from quizzes.formats.qti.older.making import NoSuchKind
from quizzes.formats.qti.older.texts import metadata
from quizzes.formats.qti.older.unread import tell_unread
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.qti.sources import Source
from quizzes.formats.qti.values import number_of, whole
from quizzes.formats.qti.worths import MOST_ATTEMPTS, MOST_DRAWN, MOST_SECONDS, worth_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element

ROOT = "questestinterop"
META = "assessment_meta.xml"


def questions(source: Source, report: Reporter, about: About) -> Iterator[Question]:
    for each in source.root.iter("objectbank"):
        if topic := _title_of_bank(each):
            about.banks.setdefault(each.get("ident", ""), topic)
            about.categories.append(topic)
    for each in source.root.iter("item"):
        topic = _bank(each)
        for question in _questions(each, source, report):
            if topic and question.identifier:
                about.within.setdefault(topic[:1], []).append(question.identifier)
            yield replace(question, category=topic, tags=source.resource.tags)
    for each in source.root.iter("assessment"):
        about.quizzes.append(_quiz(each, source, report))


def _questions(item: Element, source: Source, report: Reporter) -> list[Question]:
    name = item.get("title") or item.get("ident", "")
    place = Place(item.sourceline or 0, name)
    try:
        found = questions_of(as_item(item), name, source.bytes_of, report, line=place.line)
        if found:
            tell_unread(item, place, report)
        return found
    except NoSuchKind as unknown:
        report.error(Odd.NO_SUCH_KIND, place, what=unknown.what)
    except Exception as unforeseen:
        # One item that nobody foresaw spoils no other.
        report.error(Odd.NOT_READ, place, what=f"{name} ({type(unforeseen).__name__})")
    return []


def _bank(item: Element) -> Path:
    for each in item.iterancestors("objectbank"):
        inner = [_title(section) for section in item.iterancestors("section")]
        return (*_title_of_bank(each), *filter(None, reversed(inner)))
    return ()


def _title_of_bank(bank: Element) -> Path:
    """By its name or, where it has none, by what others call it."""
    title = metadata(bank.find("qtimetadata")).get("bank_title", "") or bank.get("title", "") or bank.get("ident", "")
    return (title,) if title else ()


def _quiz(assessment: Element, source: Source, report: Reporter) -> Quiz:
    about = metadata(assessment.find("qtimetadata"))
    place = Place(assessment.sourceline or 0, source.name)
    said = _beside(source)
    attempts = said.get("allowed_attempts") or about.get("cc_maxattempts", "")
    minutes = said.get("time_limit") or about.get("qmd_timelimit") or about.get("cc_timelimit") or ""
    limit = number_of(minutes)
    return Quiz(
        title=assessment.get("title", "") or said.get("title", ""),
        identifier=assessment.get("ident", ""),
        intro=said.get("description", ""),
        sections=tuple(_sections(assessment, report, place)),
        seconds=None if limit is None else whole(limit * 60, MOST_SECONDS),
        attempts=whole(number_of(attempts), MOST_ATTEMPTS),
        place=place,
    )


def _beside(source: Source) -> dict[str, str]:
    """What Canvas says of a quiz in a file of its own."""
    found = source.beside(META, Reporter()) if source.name else None
    return {} if found is None else {str(each.tag): text_of(each).strip() for each in found.root}


def _sections(assessment: Element, report: Reporter, place: Place) -> Iterator[Section]:
    there = {each.get("ident", "") for each in assessment.getroottree().iter("item")}
    for section in assessment.iterchildren("section"):
        slots: list[Fixed | Draw] = []
        for each in section:
            if each.tag == "item":
                slots.append(Fixed(question=each.get("ident", "")))
            elif each.tag == "itemref":
                slots.extend(_named(each, there, report, place))
            elif each.tag == "section":
                slots.append(_draw(each, report))
        own = _draw(section, report) if section.find("selection_ordering/selection") is not None else None
        yield Section(slots=(own,) if own else tuple(slots), title=_title(section), is_shuffled=_is_shuffled(section))


def _title(section: Element) -> str:
    return "" if section.get("ident") == "root_section" else section.get("title", "")


def _is_shuffled(section: Element) -> bool:
    return any(each.get("order_type") == "Random" for each in section.iterfind("selection_ordering/order"))


def _said(element: Element | None, path: str) -> str:
    found = None if element is None else element.find(path)
    return "" if found is None else text_of(found).strip()


def _named(reference: Element, there: Collection[str], report: Reporter, place: Place) -> Iterator[Fixed]:
    """An item of the same file that stands elsewhere in it."""
    name = reference.get("linkrefid", "")
    if name in there:
        yield Fixed(question=name)
    else:
        report.loss(Wrong.ITEM_MISSING, place, what=name)


def _draw(section: Element, report: Reporter) -> Draw:
    selection = section.find("selection_ordering/selection")
    names = tuple(each.get("ident", "") for each in section.iter("item"))
    number, maximum = (
        number_of(_said(selection, each)) for each in ("selection_number", "selection_extension/points_per_item")
    )
    return Draw(
        count=whole(number, MOST_DRAWN) or len(names),
        questions=names,
        bank=_said(selection, "sourcebank_ref"),
        title=_title(section),
        maximum=None if maximum is None else worth_of(maximum, Place(section.sourceline or 0, _title(section)), report),
    )
