"""Banks that the quizzes of a file draw from: those in it are topics; others may be here already, or are missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from quizzes.formats.base import About
from quizzes.formats.model import Draw, Fixed, Quiz, Reference
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Reporter


def resolve(about: About, report: Reporter) -> None:
    """Draws of the quizzes get the topics that their banks have become; each bank that is not in the file is told."""
    about.quizzes[:] = [_with_topics(each, about) for each in about.quizzes]
    for each in _references(about):
        about.references.append(each)
        if each.category is not None:
            continue
        what = f"{each.title} ({each.identifier})" if each.title else each.identifier
        if known := about.elsewhere.get(each.identifier, ""):
            report.note(Wrong.BANK_KNOWN, each.place, what=what, now=known)
        else:
            report.loss(Wrong.BANK_MISSING, each.place, what=what)


def _with_topics(quiz: Quiz, about: About) -> Quiz:
    def with_topic(slot: Fixed | Draw) -> Fixed | Draw:
        topic = about.banks.get(slot.bank) if isinstance(slot, Draw) else None
        if not isinstance(slot, Draw) or topic is None:
            return slot
        return replace(slot, category=topic, questions=slot.questions or tuple(about.within.get(topic, ())))

    sections = tuple(replace(each, slots=tuple(map(with_topic, each.slots))) for each in quiz.sections)
    return replace(quiz, sections=sections)


def _references(about: About) -> Iterator[Reference]:
    """Each bank once, in the order in which it is first drawn from."""
    seen: set[str] = set()
    for quiz in about.quizzes:
        for section in quiz.sections:
            for slot in section.slots:
                if (
                    isinstance(slot, Draw)
                    and slot.bank
                    and slot.bank not in seen
                    and (slot.category or not slot.questions)
                ):
                    seen.add(slot.bank)
                    yield Reference(
                        identifier=slot.bank,
                        title=slot.title or "/".join(slot.category or ()),
                        quiz=quiz.title,
                        category=slot.category,
                        place=quiz.place,
                    )
