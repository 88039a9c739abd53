"""Figures in words: each with what it is called, how it reads, and one sentence that says what it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from babel.dates import format_skeleton
from flask_babel import LazyString, format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _

from quizzes.reports.columns import Which
from quizzes.reports.figures import ENOUGH, Flag, ItemFigures, QuizFigures
from quizzes.reports.meanings import OF_ITEM, OF_QUIZ
from quizzes.statistics.live import Sums
from quizzes.statistics.options import Option

PLAIN = ("skewness", "kurtosis")
"""Figures that are no percentages."""


@dataclass(frozen=True)
class Figure:
    label: str
    value: str
    """Empty where there is none, or none that says anything yet."""
    sentence: str


def of_quiz(figures: QuizFigures) -> list[Figure]:
    """The quiz as a test."""
    return _figures(values_of_quiz(figures), OF_QUIZ)


def values_of_quiz(figures: QuizFigures) -> dict[str, float | None]:
    """In percent, but what is `PLAIN`."""
    whole = figures.whole
    marks = {"mean": whole.mean, "median": whole.median, "sd": whole.sd, "standard_error": whole.standard_error}
    return {
        **{key: _percent_of(mark, figures.maximum) for key, mark in marks.items()},
        "skewness": whole.skewness,
        "kurtosis": whole.kurtosis,
        "consistency": whole.internal_consistency,
        "error_ratio": whole.error_ratio,
        "fairness": figures.fairness.sd if figures.fairness else None,
    }


def of_item(figures: ItemFigures) -> list[Figure]:
    return _figures(values_of_item(figures), OF_ITEM)


def values_of_item(figures: ItemFigures) -> dict[str, float | None]:
    """In percent; an index that would only be noise has no value."""
    item, moments = figures.item, figures.item.moments
    indices = {
        "corrected": _times_hundred(item.guess_corrected),
        "sd": _percent_of(moments.sd, item.maximum),
        "effective": item.effective_weight,
        "discrimination": moments.discrimination_index,
        "efficiency": item.discriminative_efficiency,
        "upper_lower": _times_hundred(item.upper_lower),
    }
    return {
        "facility": _times_hundred(item.facility),
        "guess": _times_hundred(item.guess),
        "intended": item.intended_weight,
        **(indices if figures.is_enough else dict.fromkeys(indices)),
    }


def _figures(values: Mapping[str, float | None], meanings: Mapping[str, tuple[LazyString, LazyString]]) -> list[Figure]:
    return [
        Figure(str(label), number(values[key]) if key in PLAIN else percent(values[key]), str(sentence))
        for key, (label, sentence) in meanings.items()
    ]


def of_live(sums: Sums, consistency: float | None, maximum: float) -> list[Figure]:
    """What stands by itself as soon as somebody hands in: of all first attempts."""
    if not sums.n:
        return []
    values = {
        "mean": _percent_of(sums.moments.mean, maximum),
        "sd": _percent_of(sums.moments.sd, maximum),
        "consistency": consistency if sums.n >= ENOUGH else None,
    }
    return _figures(values, {key: OF_QUIZ[key] for key in values})


def too_few(figures: ItemFigures) -> str:
    """Why there are no more figures yet."""
    return str(
        ngettext(
            "%(num)d answer so far. From %(enough)d on there are figures that say something.",
            "%(num)d answers so far. From %(enough)d on there are figures that say something.",
            figures.n,
            enough=ENOUGH,
        )
    )


def flags(figures: ItemFigures) -> list[tuple[str, str]]:
    """What is to be looked at: a word and a sentence each."""
    return [_flag(flag, figures) for flag in figures.flags]


def _flag(flag: Flag, figures: ItemFigures) -> tuple[str, str]:
    if flag is Flag.MISLEADS:
        return _("Misleading"), _(
            "More of the good learners chose a wrong answer than the right one. Look whether the text can be "
            "understood in another way, or the key is wrong."
        )
    if flag is Flag.AGAINST:
        return _("Works against the rest"), _(
            "Who does well otherwise does badly here. Look whether the key is right and the text is clear."
        )
    if flag is Flag.KNOWN:
        return _("Became known"), _(
            "Lately %(percent)s more of its marks is earned than before. It has probably become known: replace it.",
            percent=share(figures.rise),
        )
    if flag is Flag.WORN:
        return _("Worn out"), ngettext(
            "%(num)d learner has met it. Write others beside it, or let it rest.",
            "%(num)d learners have met it. Write others beside it, or let it rest.",
            figures.met,
        )
    if flag is Flag.TOO_HARD:
        return _("Too hard"), _("No more of its marks is earned than by guessing. Is it taught?")
    if flag is Flag.TOO_EASY:
        return _("Too easy"), _("Nearly everybody earns all of it, so it tells nobody apart.")
    return _("An idle answer"), _("A wrong answer is hardly ever chosen. One that people believe would do more.")


def of_option(option: Option, *, is_enough: bool) -> str:
    """What there is to say about an option; mostly nothing."""
    if not is_enough:
        return ""
    if option.misleads:
        return str(_("More of the good learners chose this wrong answer than the right one."))
    return str(_("Hardly anybody believes this.")) if option.is_rare else ""


def which_words(which: Which) -> str:
    words: dict[Which, str] = {
        Which.FIRST: _("First attempts"),
        Which.ALL: _("All attempts"),
        Which.BEST: _("Best attempts"),
        Which.LAST: _("Last attempts"),
    }
    return words[which]


def all_which() -> Sequence[tuple[str, str]]:
    return [(each.value, which_words(each)) for each in Which]


def month(number: int) -> datetime:
    """The first day of a month, counted since 1970."""
    return datetime(1970 + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def month_in_words(number: int) -> str:
    return str(format_skeleton("yMMMM", month(number), locale=get_locale()))


def number(value: float | None) -> str:
    return "" if value is None else str(format_decimal(round(value, 2) + 0.0))


def percent(value: float | None) -> str:
    return "" if value is None else str(format_percent((round(value, 1) + 0.0) / 100, "#,##0.#%"))


def share(value: float | None) -> str:
    """From 0 to 1, as a percentage."""
    return percent(_times_hundred(value))


def _times_hundred(value: float | None) -> float | None:
    return None if value is None else 100 * value


def _percent_of(mark: float | None, maximum: float | None) -> float | None:
    return None if mark is None or not maximum else 100 * mark / maximum
