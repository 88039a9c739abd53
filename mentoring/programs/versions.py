"""A design becomes a version: in place while nobody has used it, else the next one, with which the runs go on.

Pairs that stand keep what they were promised: length, kind and dates are theirs. Only the place they take is counted
among the new version's kinds, by the kind's key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from lti_tool.db import find_or_create, new_public_id
from lti_tool.models import Course, Enrolment
from mentoring.mentorships.models import Place
from mentoring.programs.choices import CURRENT, CohortState, EvaluationPoint, GoalType
from mentoring.programs.contradictions import Contradiction, against_the_run, contradictions
from mentoring.programs.design import KindPlan, ProgramDesign, QuestionPlan, StepPlan, TaskPlan, TrainingPlan
from mentoring.programs.models import (
    Cohort,
    MentorKind,
    MentorTask,
    Program,
    ProgramStep,
    ProgramVersion,
    TrainingItem,
)
from mentoring.programs.ready_made import KEYS, simple
from mentoring.programs.starting import FIRST, newest, plan

AS_THEY_ARE = (
    *("goal", "mentoring_type", "smallest_group", "largest_group", "length_days", "meeting_days", "channel"),
    *("reply_days", "default_capacity", "must_agree", "takes_requests", "needs_consent", "least_minutes"),
    *("most_hours_apart", "least_experience", "level_rule", "bars_same_manager", "evaluation_days"),
)
LISTS = ("checklist", "skills", "topics", "interests", "kpis")
NOTHING_YET = "0"
"""The stamp of a course without a program."""


@dataclass(frozen=True)
class Saved:
    """What became of a change."""

    version: ProgramVersion | None
    """The newest version now; none where the course has no program yet."""
    problems: Sequence[Contradiction] = field(default_factory=tuple)
    was_overtaken: bool = False
    """Whether somebody else had saved meanwhile: nothing was written."""
    is_new_version: bool = False
    has_changed: bool = False


def design_of(version: ProgramVersion) -> ProgramDesign:
    """What the version says."""
    said: dict[str, Any] = {name: getattr(version, name) for name in AS_THEY_ARE}
    said |= {name: tuple(getattr(version, name)) for name in LISTS}
    return ProgramDesign(
        title=version.program.title,
        goal_types=tuple(GoalType(each) for each in version.goal_types),
        tasks=tuple(TaskPlan(title=each.title, days=each.days, detail=each.detail) for each in version.tasks),
        kinds=tuple(
            KindPlan(key=each.key, label=each.label, needed=each.needed, is_required=each.is_required)
            for each in version.kinds
        ),
        training=tuple(
            TrainingPlan(
                key=each.key,
                title=each.title,
                manner=each.manner,
                is_for_mentors=each.is_for_mentors,
                address=each.address,
                valid_days=each.valid_days,
            )
            for each in version.training
        ),
        steps=tuple(
            StepPlan(
                title=each.title,
                manner=each.manner,
                whom=each.whom,
                address=each.address,
                days=each.days,
                share=each.share,
            )
            for each in version.steps
        ),
        questions=tuple(
            QuestionPlan(key=each["key"], text=each["text"], answers=tuple(each["answers"]))
            for each in version.questions
        ),
        weights=dict(version.weights),
        evaluations=tuple(EvaluationPoint(each) for each in version.evaluations),
        **said,
    )


def design_for(session: Session, course: Course) -> ProgramDesign:
    """The course's newest design; the simple one where nobody has begun."""
    version = newest(session, course)
    return simple() if version is None else design_of(version)


def stamp(version: ProgramVersion | None) -> str:
    """What a form remembers of the design it began with: the version's number, and what it said then."""
    return NOTHING_YET if version is None else f"{version.number}-{design_of(version).digest}"


def history(session: Session, course: Course) -> Sequence[ProgramVersion]:
    """Every version of the course's program, the newest first, with all its parts."""
    return session.scalars(
        select(ProgramVersion)
        .join(ProgramVersion.program)
        .where(Program.course_id == course.id)
        .options(
            selectinload(ProgramVersion.kinds),
            selectinload(ProgramVersion.tasks),
            selectinload(ProgramVersion.training),
            selectinload(ProgramVersion.steps),
            selectinload(ProgramVersion.made_by),
        )
        .order_by(ProgramVersion.program_id.desc(), ProgramVersion.number.desc())
    ).all()


def save(
    session: Session,
    course: Course,
    change: Callable[[ProgramDesign], ProgramDesign],
    *,
    seen: str,
    by: Enrolment | None,
    at: datetime,
) -> Saved:
    """Change the course's design, begun with the one whose stamp is `seen`; the caller commits if it was written.

    Of two who save at once the second is told, and nothing of theirs is written. Contradictions are told likewise.
    """
    program = _held(session, course, at)
    version = newest(session, course)
    if seen != stamp(version):
        return Saved(version, was_overtaken=True)
    before = simple() if version is None else design_of(version)
    after = _with_keys(change(before), before)
    problems = contradictions(after)
    if is_run_open(session, course):
        problems += against_the_run(before, after)
    if problems:
        return Saved(version, problems)
    if version is not None and after == before:
        return Saved(version)
    return _written(session, program, version, after, by, at)


def is_run_open(session: Session, course: Course) -> bool:
    """Whether a run of the course's program has opened and not closed, so that its measures are fixed."""
    return bool(
        session.scalar(
            select(func.count())
            .select_from(Cohort)
            .join(Cohort.version)
            .join(ProgramVersion.program)
            .where(Program.course_id == course.id, Cohort.state.in_(CURRENT))
        )
    )


def _held(session: Session, course: Course, at: datetime) -> Program:
    """The course's program, held until the caller commits, so that one saves after the other."""
    find_or_create(session, Program, {"course_id": course.id, "name": FIRST}, title=simple().title, created=at)
    return session.scalars(
        select(Program)
        .where(Program.course_id == course.id)
        .order_by(Program.id.desc())
        .limit(1)
        .with_for_update(of=Program)
        .execution_options(populate_existing=True)
    ).one()


def _written(
    session: Session,
    program: Program,
    version: ProgramVersion | None,
    design: ProgramDesign,
    by: Enrolment | None,
    at: datetime,
) -> Saved:
    program.title = design.title
    is_new = version is None or (version.used is not None and design_of(version) != design)
    if version is None or is_new:
        version = ProgramVersion(program=program, number=version.number + 1 if version else 1, created=at)
        session.add(version)
    if version.used is None:
        version.made_by = by
        write(session, version, design)
    _go_on_with(session, program, version, at)
    return Saved(version, is_new_version=is_new, has_changed=True)


def write(session: Session, version: ProgramVersion, design: ProgramDesign) -> None:
    """Let a version that nobody has used say this."""
    for name in AS_THEY_ARE:
        setattr(version, name, getattr(design, name))
    for name in (*LISTS, "goal_types", "evaluations"):
        setattr(version, name, [str(each) for each in getattr(design, name)])
    version.weights = dict(design.weights)
    version.questions = [
        {"key": each.key, "text": each.text, "answers": list(each.answers)} for each in design.questions
    ]
    session.flush()
    for part in (*version.kinds, *version.tasks, *version.training, *version.steps):
        session.delete(part)
    session.flush()
    session.expire(version, ["kinds", "tasks", "training", "steps"])
    session.add_all(_parts(version, design))
    session.flush()


def _parts(
    version: ProgramVersion, design: ProgramDesign
) -> list[MentorKind | MentorTask | TrainingItem | ProgramStep]:
    return [
        *(
            MentorKind(version_id=version.id, place=place, **_said(kind))
            for place, kind in enumerate(design.kinds, start=1)
        ),
        *(
            MentorTask(version_id=version.id, place=place, **_said(task))
            for place, task in enumerate(design.tasks, start=1)
        ),
        *(
            TrainingItem(version_id=version.id, place=place, **_said(item))
            for place, item in enumerate(design.training, start=1)
        ),
        *(
            ProgramStep(version_id=version.id, place=place, **_said(step))
            for place, step in enumerate(design.steps, start=1)
        ),
    ]


def _said(part: KindPlan | TaskPlan | TrainingPlan | StepPlan) -> dict[str, Any]:
    return dict(vars(part))


def _go_on_with(session: Session, program: Program, version: ProgramVersion, at: datetime) -> None:
    """Let every run that is not over go on with this version, and a program without any have one to open."""
    cohorts = session.scalars(
        select(Cohort)
        .join(Cohort.version)
        .where(
            ProgramVersion.program_id == program.id,
            Cohort.state.not_in((CohortState.CLOSED, CohortState.CANCELLED)),
        )
        .order_by(Cohort.id)
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    ).all()
    for cohort in cohorts:
        _move_places(session, cohort, cohort.version, version)
        cohort.version = version
        if cohort.state != CohortState.DRAFT and version.used is None:
            version.used = at
    if not cohorts:
        plan(session, version, starts=at, at=at)
    session.flush()


def _move_places(session: Session, cohort: Cohort, old: ProgramVersion, new: ProgramVersion) -> None:
    """Places that are taken are counted among the new kinds; what a mentorship calls its kind stays."""
    kinds = {kind.key: kind.id for kind in new.kinds}
    for kind in old.kinds:
        if old.id != new.id and kind.key in kinds:
            session.execute(update(Place).where(Place.kind_id == kind.id).values(kind_id=kinds[kind.key]))


def _with_keys(design: ProgramDesign, before: ProgramDesign) -> ProgramDesign:
    """What is new gets a key nobody has had; a key that neither the design nor a ready-made one has is none."""
    return replace(
        design,
        kinds=_keyed(design.kinds, before.kinds),
        training=_keyed(design.training, before.training),
        questions=_keyed(design.questions, before.questions),
    )


def _keyed(parts: Sequence[Any], before: Sequence[Any]) -> tuple[Any, ...]:
    known = {part.key for part in before} | KEYS
    found: list[Any] = []
    for part in parts:
        is_known = part.key in known - {each.key for each in found}
        found.append(part if is_known else replace(part, key=new_public_id()))
    return tuple(found)
