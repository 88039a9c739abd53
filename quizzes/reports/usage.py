"""How the questions of a quiz did, figure by figure, for files that tell it to others.

1EdTech's glossaries have words for marks that are all or nothing (`P-value`, `PTbis`); where part of a mark can be
earned they would not be true, and the same is said under a word of ours. What pages keep back of few answers is kept
back here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlalchemy.orm import Session

from quizzes.exchange.identifying import identifiers
from quizzes.formats.qti.writing.responses import names
from quizzes.formats.usage import Glossary, Statistic
from quizzes.models import Quiz
from quizzes.questions import Question, QuestionVersion
from quizzes.reports import explaining, reading
from quizzes.reports.asking import asked_of, versions_of
from quizzes.reports.columns import Which
from quizzes.reports.figures import ItemFigures, figures_of
from quizzes.statistics.options import Option

OURS: Mapping[str, str] = {
    "facility": "Facility",
    "corrected": "FacilityBeyondGuessing",
    "guess": "RandomGuess",
    "intended": "IntendedWeight",
    "effective": "EffectiveWeight",
    "discrimination": "DiscriminationIndex",
    "efficiency": "DiscriminativeEfficiency",
    "upper_lower": "BestAgainstWorst",
}
"""The words of our glossary by what pages show; docs/question-files.md says what each means."""
MET_BY = "MetBy"
Called = Callable[[Collection[Question]], Mapping[int, str]]


def statistics_of(
    session: Session,
    quiz: Quiz,
    which: Which,
    *,
    at: date,
    called: Called = identifiers,
    versions: Collection[int] | None = None,
) -> list[Statistic]:
    """Of each question in the newest version that was asked; only of these versions, where they are given.

    `called` says what a package calls these questions.
    """
    columns = reading.columns_of(session, quiz)
    figures = figures_of(columns, which, asked_of(session, columns.versions))
    asked = versions_of(session, [each.version for each in figures.items])
    names_of = called([each.question for each in asked.values()])
    newest = {each.question_id: each for each in sorted(asked.values(), key=lambda each: each.n)}
    context = f"{current_app.config['IRI_BASE']}/xapi/activities/quiz/{quiz.public_id}#{which.value}"
    found: list[Statistic] = []
    for each in figures.items:
        version = asked[each.version]
        if newest[version.question_id] is version and (versions is None or version.id in versions):
            found += _Item(each, version, names_of[version.question_id], context, at).statistics()
    return found


@dataclass(frozen=True)
class _Item:
    figures: ItemFigures
    version: QuestionVersion
    name: str
    context: str
    at: date

    def statistics(self) -> Iterator[Statistic]:
        item, moments = self.figures.item, self.figures.item.moments
        if moments.mean is None or not item.maximum:
            return
        values = explaining.values_of_item(self.figures)
        discrimination = values["discrimination"]
        yield self._said("AIS", moments.mean, deviation=moments.sd if self.figures.is_enough else None)
        if self._is_all_or_nothing and item.facility is not None:
            yield self._said("P-value", item.facility)
            if discrimination is not None:
                yield self._said("PTbis", discrimination / 100)
        for key, name in OURS.items():
            if (value := values[key]) is not None:
                yield self._said(name, value / 100, Glossary.OURS)
        yield self._said(MET_BY, self.figures.met, Glossary.OURS)
        # Options beyond those that facts remember have no figures.
        for choice, option in zip(names(self.version.kind, self.version.body), self.figures.options, strict=False):
            yield from self._of_option(choice, option)

    @property
    def _is_all_or_nothing(self) -> bool:
        """Whether every mark was nothing or everything: only then is its mean of squares that of the marks."""
        item, moments = self.figures.item, self.figures.item.moments
        if moments.n == 1:
            return item.facility in (0, 1)
        if item.facility is None or moments.variance is None:
            return False
        spread = moments.variance * (moments.n - 1) / moments.n / item.maximum**2
        return math.isclose(spread, item.facility * (1 - item.facility), abs_tol=1e-9)

    def _of_option(self, choice: str, option: Option) -> Iterator[Statistic]:
        yield self._said("NumberChoosingResponse", option.chosen, Glossary.CHOICE, choice)
        if self.figures.is_enough and option.correlation is not None:
            yield self._said("PTbis-Response", option.correlation, Glossary.CHOICE, choice)

    def _said(
        self,
        name: str,
        value: float,
        glossary: Glossary = Glossary.ITEM,
        choice: str = "",
        deviation: float | None = None,
    ) -> Statistic:
        return Statistic(
            name=name,
            glossary=glossary,
            item=self.name,
            choice=choice,
            value=value,
            cases=self.figures.n,
            deviation=deviation,
            context=self.context,
            updated=self.at,
        )
