"""One learner's attempt as a results report (`assessmentResult`): what was answered, and what that earned.

Nobody is named in it: learners stand under a word that leads back to them here only. What is None, or empty, may not be
shown, and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from quizzes.formats.qti.writing.markup import made
from quizzes.formats.qti.writing.reporting import Version
from quizzes.formats.qti.writing.responses import Variable
from quizzes.formats.safe_xml import Element


@dataclass(frozen=True, kw_only=True)
class ItemResult:
    identifier: str
    """As the package with the question has it."""
    place: int
    at: datetime
    """When it was answered last; when the attempt was handed in, if it never was."""
    answered: Sequence[Variable] = ()
    right: Sequence[Variable] = ()
    """What would have been right, variable by variable."""
    shown: Sequence[str] = ()
    """What could be chosen, in the order in which it stood."""
    score: float | None = None
    maximum: float | None = None
    is_marked: bool = True
    """Whether nobody has to read it any more."""


@dataclass(frozen=True, kw_only=True)
class AttemptResult:
    learner: str
    attempt: str
    source: str
    """The address of the system in which the attempt is called so."""
    test: str
    """As the package with the quiz has it."""
    submitted: datetime
    seconds: int
    score: float | None = None
    maximum: float | None = None
    enough: float | None = None
    """From where on it is passed."""
    items: Sequence[ItemResult] = ()


def report(result: AttemptResult, version: Version) -> bytes:
    context = made(
        "context",
        made("sessionIdentifier", sourceID=result.source, identifier=result.attempt),
        sourcedId=result.learner,
    )
    earned = _outcome("SCORE", result.score, result.maximum, result.enough)
    took = _variable(Variable(identifier="duration", base="duration", values=(str(result.seconds),)))
    test = made("testResult", took, earned, identifier=result.test, datestamp=_when(result.submitted))
    return version.results(made("assessmentResult", context, test, *(_item(each, version) for each in result.items)))


def _item(item: ItemResult, version: Version) -> Element:
    waits = "pendingExternalScoring" if version.says_more else "pendingResponseProcessing"
    return made(
        "itemResult",
        *_answers(item, version),
        _outcome("SCORE", item.score if item.is_marked else None, item.maximum),
        identifier=item.identifier,
        sequenceIndex=str(item.place),
        datestamp=_when(item.at),
        sessionStatus="final" if item.is_marked else waits,
    )


def _answers(item: ItemResult, version: Version) -> Iterator[Element]:
    right = {each.identifier: each.values for each in item.right}
    for each in item.answered:
        status = ("answered" if each.values else "presented") if version.says_more else None
        order = " ".join(item.shown) or None
        yield _variable(each, right.get(each.identifier, ()), choiceSequence=order, answeredStatus=status)


def _variable(variable: Variable, right: Sequence[str] = (), **about: str | None) -> Element:
    key = made("correctResponse", *_values(right)) if right else None
    answer = made("candidateResponse", *_values(variable.values))
    said = {"identifier": variable.identifier, "cardinality": variable.cardinality, "baseType": variable.base}
    return made("responseVariable", key, answer, **said, **about)


def _values(values: Sequence[str]) -> Iterator[Element]:
    return (made("value", each) for each in values)


def _outcome(name: str, score: float | None, maximum: float | None, enough: float | None = None) -> Element | None:
    """Without a value where only what could be earned may be shown."""
    if score is None and maximum is None:
        return None
    value = None if score is None else made("value", _number(score))
    about = {"identifier": name, "cardinality": "single", "baseType": "float"}
    most, least = (None if each is None else _number(each) for each in (maximum, enough))
    return made("outcomeVariable", value, normalMaximum=most, masteryValue=least, **about)


def _number(value: float) -> str:
    return f"{round(value, 6) + 0.0:.10g}"


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
