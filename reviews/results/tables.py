"""A result as a table for Excel: the same figures and words, one a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from flask_babel import gettext as _

from lti_tool.tables import excel
from lti_tool.tables.writing import Cell as Value
from reviews.disclosure import Cell
from reviews.results.report import Figures, Finding, Result, Whole

Line = Sequence[Value]


def write(file: IO[bytes], result: Result) -> None:
    excel.write(file, _("Result"), _header(), rows(result))


def rows(result: Result) -> Iterator[Line]:
    yield from _about(result)
    yield from _figures(result)
    yield from _in_words(result)


def write_whole(file: IO[bytes], whole: Whole) -> None:
    excel.write(file, _("Everybody"), _header(), (*_about(whole), *_figures(whole), *_quality(whole)))


def _header() -> Sequence[str]:
    return [_("Part"), _("Competency"), _("What"), _("Who"), _("Mean"), _("About"), _("Raters"), _("In words")]


def _quality(whole: Whole) -> Iterator[Line]:
    for each in whole.quality:
        name, who = whole.content.competency(each.competency).name, whole.label((each.group,))
        figures = {
            _("One rater, ICC(1)"): each.icc_1,
            _("Their mean, ICC(1, k)"): each.icc_k,
            _("Statements, alpha"): each.alpha,
            _("Raters for .70"): each.raters_needed,
        }
        for what, value in figures.items():
            yield [_("Quality"), name, what, who, value, None, each.raters, ""]


def _figures(result: Figures) -> Iterator[Line]:
    for competency in result.competencies:
        for groups, cell in zip(result.columns, result.competency_cells(competency.key), strict=True):
            yield _of_cell(_("Competency"), competency.name, "", result.label(groups), cell)
        if result.has_others:
            yield _of_cell(_("Competency"), competency.name, "", _("All others"), result.others(competency.key))
        if result.content.asks_importance:
            yield _of_cell(_("Importance"), competency.name, "", _("All others"), result.importance(competency.key))
        for statement in competency.asked:
            for groups, cell in zip(result.columns, result.statement_cells(statement.key), strict=True):
                yield _of_cell(_("Statement"), competency.name, statement.text, result.label(groups), cell)
            for label, counts in result.chosen(statement):
                yield [_("How many chose what"), competency.name, statement.text, label, None, None, None, counts]


def _in_words(result: Result) -> Iterator[Line]:
    found: tuple[tuple[str, list[Finding]], ...] = (
        (_("Strength"), result.strengths),
        (_("Where to grow"), result.needs),
        (_("Blind spot"), result.blind_spots),
        (_("Hidden strength"), result.hidden_strengths),
        (_("Shortfall"), result.shortfalls),
        (_("Since the round before"), result.trends),
    )
    for part, findings in found:
        for each in findings:
            yield [part, each.competency.name, "", "", None, None, None, each.sentence]
    for heading, comments in result.comments:
        for comment in comments:
            yield [_("Comment"), "", heading, comment.whose, None, None, None, comment.text]


def _about(result: Figures) -> Iterator[Line]:
    for sentence in (result.answered, *result.withheld, result.purpose):
        yield [_("About this result"), "", "", "", None, None, None, sentence]


def _of_cell(part: str, competency: str, what: str, who: str, cell: Cell | None) -> Line:
    if cell is None:
        return [part, competency, what, who, None, None, None, _("not shown")]
    return [part, competency, what, who, round(cell.mean, 4), _("about") if cell.is_about else "", cell.n, ""]
