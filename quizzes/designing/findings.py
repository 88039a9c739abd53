"""What was found about a revision, in sentences that say how to put it right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from quizzes.designing.checking import Finding, Trouble
from quizzes.drawing.outline import Band
from quizzes.drawing.shortages import Shortage

NAMED = 5
"""So many questions a sentence names."""
LENGTH = 60


def said(finding: Finding, what: str = "") -> str:
    """`what` is what the plan's page says of the slot that it is about."""
    return _SENTENCES[finding.trouble](replace(finding, what=what))


def _number(finding: Finding) -> str:
    """*2*, or *2 (5 questions from First days)*."""
    if not finding.what:
        return str(finding.slot)
    return str(_("%(number)d (%(what)s)", number=finding.slot, what=_name(finding.what)))


def _names(finding: Finding) -> str:
    """The questions by the beginning of what they ask."""
    names = [_name(each) for each in finding.questions[:NAMED]]
    if len(finding.questions) > NAMED:
        more = len(finding.questions) - NAMED
        names.append(ngettext("%(num)d more", "%(num)d more", more))
    return ", ".join(names)


def _name(name: str) -> str:
    return name if len(name) <= LENGTH else f"{name[:LENGTH]}…"


def _short(finding: Finding) -> Shortage:
    assert finding.shortage is not None
    return finding.shortage


def _band(band: Band | None) -> str:
    if band is None:
        return ""
    said: dict[int, str] = {1: _("easy"), 2: _("medium"), 3: _("hard")}
    return said[int(band.lowest)]


def _too_few(finding: Finding) -> str:
    short, band = _short(finding), _band(_short(finding).band)
    if not short.available:
        return _none_fits(finding, band)
    if band:
        return str(
            ngettext(
                "Number %(slot)s wants %(wanted)d questions that are %(band)s, and there is %(num)d that fits. Ask"
                " fewer, write more, or leave the difficulty to chance.",
                "Number %(slot)s wants %(wanted)d questions that are %(band)s, and there are %(num)d that fit. Ask"
                " fewer, write more, or leave the difficulty to chance.",
                short.available,
                slot=_number(finding),
                wanted=short.wanted,
                band=band,
            )
        )
    return str(
        ngettext(
            "Number %(slot)s wants %(wanted)d questions, and there is %(num)d that fits. Ask fewer, or let more fit.",
            "Number %(slot)s wants %(wanted)d questions, and there are %(num)d that fit. Ask fewer, or let more fit.",
            short.available,
            slot=_number(finding),
            wanted=short.wanted,
        )
    )


def _none_fits(finding: Finding, band: str) -> str:
    if band:
        return str(
            _(
                "Number %(slot)s wants questions that are %(band)s, and none that fits is. Write some, or leave the"
                " difficulty to chance.",
                slot=_number(finding),
                band=band,
            )
        )
    return str(
        _(
            "Number %(slot)s: no question that is ready fits it. Look at its topic, tags and difficulty, or make"
            " questions ready in the bank.",
            slot=_number(finding),
        )
    )


def _together(finding: Finding) -> str:
    return str(
        ngettext(
            "Number %(slot)s lacks %(num)d question: others in the quiz need the same ones. Ask fewer there or here.",
            "Number %(slot)s lacks %(num)d questions: others in the quiz need the same ones. Ask fewer there or here.",
            _short(finding).missing,
            slot=_number(finding),
        )
    )


def _enemies(finding: Finding) -> str:
    return str(
        ngettext(
            "Number %(slot)s lacks %(num)d question, because some never stand together: %(names)s. Ask fewer, or let"
            " them stand together.",
            "Number %(slot)s lacks %(num)d questions, because some never stand together: %(names)s. Ask fewer, or let"
            " them stand together.",
            _short(finding).missing,
            slot=_number(finding),
            names=_names(finding),
        )
    )


def _repeats(finding: Finding) -> str:
    return str(
        _(
            "Number %(slot)s has too few questions for all attempts: whoever uses all of them meets some again. They"
            " come in another order then.",
            slot=_number(finding),
        )
    )


def _about_slot(sentence: Callable[[str, str], str]) -> Callable[[Finding], str]:
    return lambda finding: sentence(_number(finding), _names(finding))


def _about_question(sentence: Callable[[str, str], str]) -> Callable[[Finding], str]:
    """The question is named already, so the number is enough."""
    return lambda finding: sentence(str(finding.slot), _names(finding))


_SENTENCES: Mapping[Trouble, Callable[[Finding], str]] = {
    Trouble.NOTHING_ASKED: lambda _finding: _("It asks nothing yet. Add a question, or a rule that draws some."),
    Trouble.NOTHING_COUNTS: lambda _finding: _(
        "Nothing of it counts: all that it asks is only read. Add a question that can be answered."
    ),
    Trouble.STRANGE_BANK: _about_slot(
        lambda slot, _names: _(
            "Number %(slot)s draws from a bank that this course cannot use. Choose another.", slot=slot
        )
    ),
    Trouble.GONE: _about_question(
        lambda slot, _names: _("The question of number %(slot)s is gone. Take it out, or choose another.", slot=slot)
    ),
    Trouble.DRAFT: _about_question(
        lambda slot, names: _(
            "The question of number %(slot)s is a draft: %(names)s. Finish it, or choose another.",
            slot=slot,
            names=names,
        )
    ),
    Trouble.RETIRED: _about_question(
        lambda slot, names: _(
            "The question of number %(slot)s is retired: %(names)s. Take it out, or choose another.",
            slot=slot,
            names=names,
        )
    ),
    Trouble.TWICE: _about_question(
        lambda slot, names: _(
            "The question of number %(slot)s is asked twice: %(names)s. Take one of the two out.",
            slot=slot,
            names=names,
        )
    ),
    Trouble.TOO_FEW: _too_few,
    Trouble.TOO_FEW_TOGETHER: _together,
    Trouble.ENEMIES: _enemies,
    Trouble.NO_ALT: _about_slot(
        lambda slot, names: _(
            "Number %(slot)s may ask questions whose pictures or recordings say nothing to those who do not see or hear"
            " them: %(names)s. Give each its words.",
            slot=slot,
            names=names,
        )
    ),
    Trouble.CLOSES_FIRST: lambda _finding: _("It closes before it opens. Put the two moments right."),
    Trouble.CLOSED_ALREADY: lambda _finding: _("The moment at which it closes is over. Choose a later one, or none."),
    Trouble.WAS_PRACTICE: lambda _finding: _(
        "Some have practiced with it and know the answers, and what they did then would count. Leave it as practice,"
        " copy it, and grade the copy."
    ),
    Trouble.REPEATS: _repeats,
    Trouble.GUESSED: lambda _finding: _(
        "Somebody who only guesses passes too easily: the chance stands below. Ask more questions, or"
        " questions with more to choose from, or"
        " raise what it takes to pass."
    ),
    Trouble.CLOSES_BEFORE_LIMIT: lambda _finding: _(
        "It is open for less time than an attempt may take: nobody gets all of that time. Let it close later, or give"
        " attempts fewer minutes."
    ),
    Trouble.SECOND_TOO_LATE: lambda _finding: _(
        "The pause is so long that nobody can begin a second attempt before it closes. Make the pause shorter, or let"
        " it close later."
    ),
    Trouble.ONE_ATTEMPT: lambda _finding: _(
        "There is one attempt, so nobody tries again after failing. Allow another one, or untick that it is for those"
        " who have not passed."
    ),
    Trouble.MARKED_BY_HAND: lambda finding: _(
        "Whoever fails can try again only once people have marked the answers to: %(names)s",
        names=_names(finding),
    ),
}
