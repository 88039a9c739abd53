"""A design in plain words, section by section, and what tells two designs apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_percent, ngettext
from flask_babel import gettext as _

from mentoring.pairing.matching.people import DEFAULT_WEIGHTS
from mentoring.programs import words
from mentoring.programs.choices import EvaluationPoint, Manner, MentoringType, StepManner
from mentoring.programs.design import KindPlan, ProgramDesign, StepPlan, TaskPlan, TrainingPlan

GOAL, FORM, PEOPLE, STEPS, ANSWERS, MATCHING, EVALUATION = SECTIONS = (
    "goal",
    "form",
    "people",
    "steps",
    "answers",
    "matching",
    "evaluation",
)


@dataclass(frozen=True)
class Fact:
    """One thing that is decided, in words: one saying, or several."""

    label: str
    said: tuple[str, ...]
    is_short: bool = False
    """Whether the sayings are single words that may stand on one line."""


def facts(design: ProgramDesign) -> dict[str, list[Fact]]:
    """Everything that is decided, by section."""
    return {
        GOAL: _goal(design),
        FORM: _form(design),
        PEOPLE: _people(design),
        STEPS: _steps(design),
        ANSWERS: _answers(design),
        MATCHING: _matching(design),
        EVALUATION: _evaluation(design),
    }


def in_a_sentence(design: ProgramDesign) -> str:
    """What kind of program it is, at one glance."""
    days = ngettext("%(num)d day", "%(num)d days", design.length_days)
    kinds = _all_of([_kind(kind) for kind in design.kinds])
    sizes = _sizes(design)
    said: str
    if design.mentoring_type == MentoringType.PEER:
        said = _("People at the same stage help one another for %(days)s, %(sizes)s together.", days=days, sizes=sizes)
    elif design.mentoring_type == MentoringType.FLASH:
        said = _("One short meeting within %(days)s: each mentee has %(kinds)s.", days=days, kinds=kinds)
    elif design.mentoring_type == MentoringType.GROUP:
        said = _("Groups of %(sizes)s for %(days)s: each mentee has %(kinds)s.", sizes=sizes, days=days, kinds=kinds)
    else:
        said = _("Each mentee has %(kinds)s for %(days)s.", days=days, kinds=kinds)
    return said


def _sizes(design: ProgramDesign) -> str:
    if design.smallest_group == design.largest_group:
        return str(design.smallest_group)
    said: str = _("%(least)d to %(most)d", least=design.smallest_group, most=design.largest_group)
    return said


def differences(before: ProgramDesign, after: ProgramDesign) -> list[str]:
    """What the second says otherwise than the first, a sentence each."""
    found = []
    then, now = facts(before), facts(after)
    for section in SECTIONS:
        was = {fact.label: fact.said for fact in then[section]}
        for fact in now[section]:
            found += _difference(fact.label, was.pop(fact.label, ()), fact.said)
        for label, said in was.items():
            found += _difference(label, said, ())
    return found


def _difference(label: str, was: tuple[str, ...], said: tuple[str, ...]) -> list[str]:
    if was == said:
        return []
    if len(was) == len(said) == 1:
        return [_("%(what)s: %(now)s (before: %(before)s)", what=label, now=said[0], before=was[0])]
    added, gone = [each for each in said if each not in was], [each for each in was if each not in said]
    if not added and not gone:
        return [_("%(what)s: another order", what=label)]
    parts = [_("new: %(things)s", things="; ".join(added))] if added else []
    parts += [_("taken away: %(things)s", things="; ".join(gone))] if gone else []
    return [_("%(what)s, %(parts)s", what=label, parts=" · ".join(parts))]


def _goal(design: ProgramDesign) -> list[Fact]:
    return [
        Fact(_("Title"), (design.title,)),
        Fact(_("Objective"), (design.goal or _("Nothing is written yet."),)),
        Fact(_("Kind of goal"), tuple(str(words.GOALS[each]) for each in design.goal_types), is_short=True),
        Fact(
            _("What a circle does") if design.is_of_peers else _("What a mentor does"), tuple(map(_task, design.tasks))
        ),
    ]


def _task(task: TaskPlan) -> str:
    days = ngettext("by day %(num)d", "by day %(num)d", task.days)
    return f"{task.title} ({days})" + (f": {task.detail}" if task.detail else "")


def _form(design: ProgramDesign) -> list[Fact]:
    found = [Fact(_("Type"), (str(words.TYPES[design.mentoring_type]),))]
    if not design.is_of_peers:
        found.append(Fact(_("Each mentee has"), tuple(map(_kind, design.kinds)), is_short=True))
    if design.has_groups:
        found.append(Fact(_("Group size"), (_("%(sizes)s people", sizes=_sizes(design)),)))
    found += [
        Fact(_("Length"), (ngettext("%(num)d day", "%(num)d days", design.length_days),)),
        Fact(_("Rhythm"), (ngettext("A meeting a day", "A meeting every %(num)d days", design.meeting_days),)),
        Fact(_("Where they meet"), (str(words.CHANNELS[design.channel]),)),
    ]
    return found if design.is_of_peers else [*found, *_mentors_part(design)]


def _mentors_part(design: ProgramDesign) -> list[Fact]:
    return [
        Fact(_("Time to answer"), (ngettext("%(num)d day", "%(num)d days", design.reply_days),)),
        Fact(
            _("Places of a mentor"),
            (
                ngettext(
                    "%(num)d, unless they say otherwise", "%(num)d, unless they say otherwise", design.default_capacity
                ),
            ),
        ),
    ]


def _kind(kind: KindPlan) -> str:
    said: str = ngettext("one %(kind)s", "%(kind)s (%(num)d)", kind.needed, kind=kind.label)
    return said if kind.is_required else _("%(what)s (good to have)", what=said)


def _people(design: ProgramDesign) -> list[Fact]:
    mentors, mentees = _training(design, for_mentors=True), _training(design, for_mentors=False)
    consent = Fact(
        _("Consent"),
        (_("Nobody is matched before they have said yes") if design.needs_consent else _("Not asked for"),),
    )
    if design.is_of_peers:
        return [consent, Fact(_("Training"), mentees or (_("None"),))]
    return [
        consent,
        Fact(_("Who must agree to a match"), (str(words.AGREEMENTS[design.must_agree]),)),
        Fact(
            _("Requests"),
            (
                _("Mentees may ask a mentor themselves")
                if design.takes_requests
                else _("Mentees do not ask themselves"),
            ),
        ),
        Fact(_("Checklist for mentors"), tuple(str(words.CHECKS[each]) for each in design.checklist), is_short=True),
        Fact(_("Training of mentors"), mentors or (_("None"),)),
        Fact(_("Training of mentees"), mentees or (_("None"),)),
    ]


def _training(design: ProgramDesign, *, for_mentors: bool) -> tuple[str, ...]:
    return tuple(_item(item) for item in design.training if item.is_for_mentors == for_mentors)


def _item(item: TrainingPlan) -> str:
    how = {Manner.LINK: _("by themselves"), Manner.QUIZ: _("a quiz"), Manner.IN_PERSON: _("in person")}[item.manner]
    if item.valid_days is None:
        return f"{item.title} ({how})"
    valid = ngettext("valid for %(num)d day", "valid for %(num)d days", item.valid_days)
    return f"{item.title} ({how}, {valid})"


def _steps(design: ProgramDesign) -> list[Fact]:
    said = tuple(_step(step, design) for step in design.steps)
    return [Fact(_("Besides the six events"), said or (_("Nothing more"),))]


def _step(step: StepPlan, design: ProgramDesign) -> str:
    """*Read the handbook (they read or do it, mentees, by day 10)*."""
    if step.days is not None:
        due = ngettext("by day %(num)d", "by day %(num)d", step.days)
    else:
        due = _("by %(percent)s of the time", percent=format_percent((step.share or 0) / 100))
    manner = {
        StepManner.LINK: _("to read or do"),
        StepManner.ACTIVITY: _("a quiz or review"),
        StepManner.TASK: _("a task of the program"),
    }[step.manner]
    is_for_some = step.manner != StepManner.TASK and not design.is_of_peers
    whom = [str(words.WHOM[step.whom])] if is_for_some else []
    return f"{step.title} ({', '.join([manner, *whom, due])})"


def _answers(design: ProgramDesign) -> list[Fact]:
    return [
        Fact(_("Skills"), design.skills, is_short=True),
        Fact(_("Goals to choose from"), design.topics, is_short=True),
        Fact(_("Interests"), design.interests, is_short=True),
        Fact(
            _("Questions about values and ways of working"),
            tuple(f"{each.text} {' / '.join(each.answers)}" for each in design.questions),
        ),
    ]


def _matching(design: ProgramDesign) -> list[Fact]:
    weights: Mapping[str, int] = design.weights or {each.value: many for each, many in DEFAULT_WEIGHTS.items()}
    return [
        Fact(_("Rules"), tuple(_rules(design))),
        Fact(
            _("What counts, and how much"),
            tuple(f"{words.WEIGHTS[name]}: {weights[name]}" for name in words.WEIGHTS if weights.get(name)),
        ),
    ]


def _rules(design: ProgramDesign) -> list[str]:
    found = [_("They share a language.")]
    if design.least_minutes:
        found.append(
            ngettext(
                "They have at least %(num)d minute a week free in common.",
                "They have at least %(num)d minutes a week free in common.",
                design.least_minutes,
            )
        )
    if design.most_hours_apart is not None:
        found.append(
            ngettext(
                "Their clocks are at most %(num)d hour apart, where somebody has named no free time.",
                "Their clocks are at most %(num)d hours apart, where somebody has named no free time.",
                design.most_hours_apart,
            )
        )
    if design.least_experience:
        found.append(
            ngettext(
                "A mentor has at least %(num)d year of experience.",
                "A mentor has at least %(num)d years of experience.",
                design.least_experience,
            )
        )
    if design.level_rule != "any":
        found.append(_("The mentor's level: %(level)s.", level=words.LEVELS[design.level_rule]))
    if design.bars_same_manager:
        found.append(_("Two people with the same manager are not matched."))
    return found


def _evaluation(design: ProgramDesign) -> list[Fact]:
    points = [str(words.POINTS[each]) for each in design.evaluations]
    if EvaluationPoint.INTERVAL in design.evaluations:
        points.append(ngettext("Every day", "Every %(num)d days", design.evaluation_days))
    return [
        Fact(_("What success is measured by"), design.kpis),
        Fact(_("When it is evaluated"), tuple(points), is_short=True),
    ]


def _all_of(sayings: Sequence[str]) -> str:
    if len(sayings) < 2:
        return "".join(sayings)
    said: str = _("%(these)s and %(last)s", these=", ".join(sayings[:-1]), last=sayings[-1])
    return said
