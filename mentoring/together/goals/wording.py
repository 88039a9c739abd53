"""Codes of goals in words: states, steps, prompts, and goals to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.programs.choices import GoalType
from mentoring.together.goals.models import GoalState, HowFar

STATES: dict[GoalState, tuple[LazyString, str]] = {
    GoalState.OPEN: (_l("Open"), "plain"),
    GoalState.REACHED: (_l("Reached"), "done"),
    GoalState.DROPPED: (_l("Given up"), "plain"),
}
"""What a state is called, and its tone."""

HOW_FAR: dict[HowFar, LazyString] = {
    HowFar.NOT_BEGUN: _l("Not begun"),
    HowFar.BEGUN: _l("Begun"),
    HowFar.HALF_WAY: _l("Half way"),
    HowFar.NEARLY: _l("Nearly there"),
    HowFar.REACHED: _l("Reached"),
}

PROMPTS: dict[str, tuple[LazyString, LazyString]] = {
    "specific": (
        _l("Specific: what exactly?"),
        _l("What will be different, and in which situation? Who else has to do with it?"),
    ),
    "measurable": (
        _l("Measurable: how will you see that it is reached?"),
        _l("What could somebody else see or count, now and then?"),
    ),
    "achievable": (
        _l("Achievable: what is the first step?"),
        _l("What is in your own hands, what do you need for it, and what could stand in the way?"),
    ),
    "relevant": (
        _l("Relevant: why does it matter to you?"),
        _l("What does it lead to? What if you do not reach it?"),
    ),
}
"""What helps to find the words, beside the day, which says by when: a question and what it means."""


@dataclass(frozen=True)
class Template:
    """A goal to begin with: a sentence to change, and answers to the prompts."""

    kind: GoalType
    statement: LazyString
    weeks: int
    specific: LazyString
    measurable: LazyString
    achievable: LazyString
    relevant: LazyString

    @property
    def prompts(self) -> dict[str, str]:
        return {key: str(getattr(self, key)) for key in PROMPTS}


TEMPLATES: Mapping[str, Template] = {
    "people": Template(
        GoalType.INTEGRATION,
        _l("I know whom to ask about ..., and have talked to each of them once."),
        6,
        _l("Five people in three places, each for half an hour: who they are, what they do, when to come to them."),
        _l("I can say without looking it up who helps with what, and each of them knows my name."),
        _l("My mentor introduces me to the first two; I ask those two for the next."),
        _l("I lose less time looking for help, and belong here sooner."),
    ),
    "first-weeks": Template(
        GoalType.INTEGRATION,
        _l("By the end of my first weeks I do ... on my own."),
        8,
        _l("The one piece of work that comes up most often, from the beginning to the end."),
        _l("I have done it three times without anybody having to correct it."),
        _l("I watch it once, do it together once, then alone with somebody looking over it."),
        _l("It is what I am needed for first."),
    ),
    "learn": Template(
        GoalType.SKILL,
        _l("I can do ... well enough to show it to somebody else."),
        10,
        _l("The part of it that I need now, and not all there is to know about it."),
        _l("I show it to two people, and they can do the first step themselves afterwards."),
        _l("Two hours a week, one small exercise each time, and my mentor looks at the results."),
        _l("I need it for what I want to do next."),
    ),
    "speak": Template(
        GoalType.SKILL,
        _l("I speak in front of ... people for ten minutes without reading it out."),
        8,
        _l("A talk of ten minutes about something I know, in front of people I work or study with."),
        _l("I have held it, and three listeners can say what its point was."),
        _l("First to my mentor, then to three people, then to all."),
        _l("What I know is heard only if I say it."),
    ),
    "work": Template(
        GoalType.PERFORMANCE,
        _l("I hand in ... on time and with fewer corrections than now."),
        12,
        _l("One kind of work, and the mistakes in it that come back most often."),
        _l("Half as many corrections in the last four weeks as in the first four, and nothing late."),
        _l("I note each correction, find the two most frequent, and change one habit at a time."),
        _l("I waste less time on mending, and others can count on me."),
    ),
    "direction": Template(
        GoalType.CAREER,
        _l("I have decided between ... and ..., and taken the first step."),
        12,
        _l("Two or three ways to go, what each asks of me, and what I would have to give up for it."),
        _l("I have talked to two people on each way, and written down my choice with its reasons."),
        _l("My mentor knows people to talk to; one talk every other week."),
        _l("I would rather choose than slide into it."),
    ),
    "lead": Template(
        GoalType.LEADERSHIP,
        _l("I lead ... from the beginning to the end, and others decide in it as well."),
        16,
        _l("One small project with two or three people, in which I hand out work instead of doing it."),
        _l("It is finished, and each of them says what they decided themselves."),
        _l("I settle with my mentor beforehand what I shall hand over, and we look back every two weeks."),
        _l("I want to find out how I lead while little can go wrong."),
    ),
    "team": Template(
        GoalType.TEAMWORK,
        _l("In our team we ... every week, and each of us is heard."),
        8,
        _l("One habit: a short look back together, a question to everybody, or help that is asked for early."),
        _l("We have done it six times, and each of us has said something each time."),
        _l("I propose it once, prepare the first two, and then somebody else takes over."),
        _l("We mend things sooner, and nobody is left alone with them."),
    ),
}
"""By a name that stands in addresses; the dots are for one's own words."""


def templates_for(kinds: Sequence[str]) -> dict[str, Template]:
    """Those of the kinds of goal a program has; all where it names none."""
    wanted = set(kinds) or set(GoalType)
    return {key: template for key, template in TEMPLATES.items() if template.kind in wanted}


def is_untouched(statement: str) -> bool:
    """Whether somebody left the sentence of a template as it stood."""
    return any(statement == str(template.statement) for template in TEMPLATES.values())
