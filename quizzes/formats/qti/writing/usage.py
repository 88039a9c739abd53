"""How questions did, as usage data: one statistic after the other, each with the item it is about."""

from __future__ import annotations

from collections.abc import Iterable

from quizzes.formats.qti.writing.identifiers import identifier_of
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.qti.writing.reporting import Version
from quizzes.formats.safe_xml import Element
from quizzes.formats.usage import Glossary, Statistic


def usage_data(statistics: Iterable[Statistic], version: Version) -> bytes:
    rows = [_statistic(each, version) for each in statistics]
    return version.usage_data(made("usageData", *rows, glossary=version.glossary(Glossary.ITEM)))


def _statistic(each: Statistic, version: Version) -> Element:
    about = {"identifier": identifier_of(each.item), "partIdentifier": each.choice or None}
    if version.says_more:
        about["objectType"] = "choice" if each.choice else "item"
    return made(
        "ordinaryStatistic",
        made("targetObject", **about),
        made("value", _number(each.value)),
        name=each.name,
        glossary=None if each.glossary is Glossary.ITEM else version.glossary(each.glossary),
        context=each.context,
        caseCount=str(each.cases),
        stdDeviation=None if each.deviation is None else _number(each.deviation),
        lastUpdated=each.updated.isoformat(),
    )


def _number(value: float) -> str:
    return f"{round(value, 6) + 0.0:.10g}"
