"""What in a design cannot stand together, each with a sentence that says how to put it right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from mentoring.pairing.matching.gathering import MOST_IN_CIRCLE
from mentoring.programs.choices import EvaluationPoint, Manner, MentoringType, MustAgree, StepManner
from mentoring.programs.design import ProgramDesign, StepPlan


@dataclass(frozen=True)
class Contradiction:
    """What is wrong, and with which part of the design."""

    field: str
    sentence: str


def contradictions(design: ProgramDesign) -> list[Contradiction]:
    """Everything that cannot stand together within this design."""
    checks = (_kinds, _type, _groups, _times, _training, _steps, _questions, _weights, _evaluation)
    return [Contradiction(*found) for check in checks for found in check(design)]


def against_the_run(before: ProgramDesign, after: ProgramDesign) -> list[Contradiction]:
    """What cannot be changed any more because a run of the program is open."""
    if EvaluationPoint.BASELINE in after.evaluations and EvaluationPoint.BASELINE not in before.evaluations:
        sentence = _(
            "The run is open already, so nothing can be measured before it begins. Take that tick away, or set it"
            " after closing the run, for the next one."
        )
        return [Contradiction("evaluations", sentence)]
    found = []
    if before.kpis and before.kpis != after.kpis:
        sentence = _(
            "What success is measured by was fixed when the run opened, so that its end can be compared with its"
            " beginning. Leave it as it was: %(kpis)s. Or change it after closing the run.",
            kpis="; ".join(before.kpis),
        )
        found.append(Contradiction("kpis", sentence))
    if before.evaluations and _plan(before) != _plan(after):
        sentence = _(
            "When the program is evaluated was fixed when the run opened. Leave it as it was, or change it after"
            " closing the run."
        )
        found.append(Contradiction("evaluations", sentence))
    return found


def _plan(design: ProgramDesign) -> tuple[frozenset[str], int]:
    has_intervals = EvaluationPoint.INTERVAL in design.evaluations
    return frozenset(design.evaluations), design.evaluation_days if has_intervals else 0


Found = Iterator[tuple[str, str]]


def _kinds(design: ProgramDesign) -> Found:
    if not design.kinds:
        yield "kinds", _("Name at least one kind of mentor, such as Mentor.")
    for label in _twice(kind.label for kind in design.kinds):
        yield "kinds", _("Two kinds of mentor are called %(name)s. Give one of them another name.", name=label)


def _type(design: ProgramDesign) -> Found:
    if design.mentoring_type == MentoringType.PEER:
        if len(design.kinds) > 1 or any(kind.needed > 1 for kind in design.kinds):
            yield (
                "kinds",
                _(
                    "Peers have no kinds of mentor: leave one, needed once, or choose another type."
                    " How many come together is said by the group size."
                ),
            )
        if design.level_rule in ("junior", "senior"):
            yield "level_rule", _("Peers are at the same level. Choose that, or that it does not matter.")
        if design.takes_requests:
            yield "takes_requests", _("Among peers nobody is a mentor who could be asked. Take the requests away.")
        if design.must_agree != MustAgree.NOBODY:
            yield (
                "must_agree",
                _("Among peers nobody takes on more than the others, so nobody has to agree. Choose nobody."),
            )
    if design.mentoring_type == MentoringType.REVERSE and design.level_rule in ("senior", "same"):
        yield (
            "level_rule",
            _("In reverse mentoring the mentor is the junior. Choose a level below the mentee, or another type."),
        )


def _groups(design: ProgramDesign) -> Found:
    if not design.has_groups:
        return
    if design.largest_group < design.smallest_group:
        yield (
            "largest_group",
            _(
                "The largest group, %(most)d, is smaller than the smallest, %(least)d."
                " Make the largest %(least)d or more.",
                most=design.largest_group,
                least=design.smallest_group,
            ),
        )
    if design.mentoring_type == MentoringType.PEER and design.largest_group > MOST_IN_CIRCLE:
        yield (
            "largest_group",
            _("More than %(most)d people are no circle. Make the largest group %(most)d or less.", most=MOST_IN_CIRCLE),
        )
    if design.smallest_group < 2:
        yield "smallest_group", _("Fewer than two people are no group. Make the smallest group 2 or more.")
    if design.mentoring_type == MentoringType.GROUP and design.default_capacity < design.smallest_group:
        yield (
            "default_capacity",
            _(
                "A mentor with %(places)d places cannot hold a group of %(least)d. Give %(least)d places or more.",
                places=design.default_capacity,
                least=design.smallest_group,
            ),
        )


def _times(design: ProgramDesign) -> Found:
    for task in design.tasks:
        if task.days > design.length_days:
            yield (
                "tasks",
                _(
                    "%(task)s is due on day %(day)d, and a mentorship lasts %(days)d days."
                    " Name an earlier day, or make it longer.",
                    task=task.title,
                    day=task.days,
                    days=design.length_days,
                ),
            )
    if design.mentoring_type != MentoringType.FLASH and design.meeting_days > design.length_days:
        yield (
            "meeting_days",
            _("With a meeting every %(every)d days there is none within %(days)d days. Let them meet more often.",
              every=design.meeting_days, days=design.length_days),
        )  # fmt: skip
    if design.reply_days > design.length_days:
        yield "reply_days", _("The time to answer is longer than a mentorship lasts. Give fewer days to answer.")


def _training(design: ProgramDesign) -> Found:
    for item in design.training:
        if item.manner == Manner.QUIZ and not item.address:
            yield "training", _("Choose which quiz is to be passed for %(title)s.", title=item.title)
        if item.manner == Manner.LINK and item.address and not item.address.startswith(("https://", "http://")):
            yield (
                "training",
                _("The address of %(title)s has to begin with https://. Copy it from the browser.", title=item.title),
            )
    for side in (True, False):
        for title in _twice(item.title for item in design.training if item.is_for_mentors == side):
            yield "training", _("%(title)s stands in the training twice. Take one away.", title=title)


def _steps(design: ProgramDesign) -> Found:
    tasks = {task.title for task in design.tasks}
    for step in design.steps:
        if (step.days is None) == (step.share is None):
            yield (
                "steps",
                _("Say when %(step)s is due: either by which day, or by how many percent.", step=step.title),
            )
        if step.days is not None and step.days > design.length_days:
            yield (
                "steps",
                _(
                    "%(step)s is due on day %(day)d, and a mentorship lasts %(days)d days."
                    " Name an earlier day, or make it longer.",
                    step=step.title,
                    day=step.days,
                    days=design.length_days,
                ),
            )
        for sentence in _what_of(step, tasks):
            yield "steps", sentence
    for title in _twice(step.title for step in design.steps):
        yield "steps", _("%(title)s stands among the steps twice. Take one away.", title=title)


def _what_of(step: StepPlan, tasks: Collection[str]) -> Iterator[str]:
    if step.manner == StepManner.ACTIVITY and not step.address:
        yield _("Choose which quiz or review %(step)s is.", step=step.title)
    if step.manner == StepManner.TASK and not step.address:
        yield _("Choose which task %(step)s waits for.", step=step.title)
    if step.manner == StepManner.TASK and step.address and step.address not in tasks:
        yield _(
            "The step %(step)s waits for the task %(task)s, which is not there."
            " Change the step first, or keep the task.",
            step=step.title,
            task=step.address,
        )
    is_bare = step.address and (not step.address.startswith("https://") or len(step.address.split()) > 1)
    if step.manner == StepManner.LINK and is_bare:
        yield _(
            "The address of %(title)s has to begin with https:// and has no spaces. Copy it from the browser.",
            title=step.title,
        )


def _questions(design: ProgramDesign) -> Found:
    for question in design.questions:
        if len(question.answers) < 2:
            yield "questions", _("Give at least two answers to choose from to: %(question)s", question=question.text)
    for text in _twice(question.text for question in design.questions):
        yield "questions", _("This question stands there twice: %(question)s Take one away.", question=text)


def _weights(design: ProgramDesign) -> Found:
    if design.weights and not any(design.weights.values()):
        yield (
            "weights",
            _("Nothing counts, so every pair would be as good as any other. Give something a weight above 0."),
        )


def _evaluation(design: ProgramDesign) -> Found:
    if EvaluationPoint.INTERVAL in design.evaluations and not 0 < design.evaluation_days < design.length_days:
        yield (
            "evaluation_days",
            _(
                "Evaluations at intervals need a number of days between them, fewer than the %(days)d"
                " a mentorship lasts.",
                days=design.length_days,
            ),
        )
    in_between = {EvaluationPoint.MID, EvaluationPoint.INTERVAL} & set(design.evaluations)
    if design.mentoring_type == MentoringType.FLASH and in_between:
        yield "evaluations", _("One short meeting has no middle. Evaluate before and at the end only.")


def _twice(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once, as they were first written, whatever their case."""
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name in names:
        key = " ".join(name.casefold().split())
        first.setdefault(key, name)
        counts[key] += 1
    return [first[key] for key, times in counts.items() if times > 1]
