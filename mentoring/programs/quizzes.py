"""The quizzes of a course as trainings name them, and all that steps wait for: features are strangers, so they come as
what can be placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from lti_tool import activities
from lti_tool.activities import Offer
from lti_tool.models import Course
from mentoring.programs.choices import Manner, StepManner
from mentoring.programs.design import ProgramDesign, StepPlan, TrainingPlan

ACTIVITY = "quiz"
Part = TypeVar("Part", TrainingPlan, StepPlan)


def activities_of(course: Course) -> Sequence[Offer]:
    """What can be completed in this course: each names itself when it is."""
    return [offer for offer in activities.offers(course) if offer.reference]


def quizzes_of(course: Course) -> Sequence[Offer]:
    """What can be passed in this course."""
    return only_quizzes(activities.offers(course))


def only_quizzes(offers: Sequence[Offer]) -> Sequence[Offer]:
    return [offer for offer in offers if offer.activity == ACTIVITY]


def settled(design: ProgramDesign, course: Course) -> ProgramDesign:
    """The design with everything that a training or a step names in place, so that it is named for good; the caller
    commits."""
    offers = {offer.reference: offer for offer in activities_of(course)}
    named = {
        address: activities.settle(course, offers[address]).reference
        for address in sorted({part.address for part in _naming(design)})
        if address in offers
    }
    return _renamed(design, named)


def _naming(design: ProgramDesign) -> list[TrainingPlan | StepPlan]:
    """The parts that name something that can be completed."""
    return [
        *(item for item in design.training if item.manner == Manner.QUIZ),
        *(step for step in design.steps if step.manner == StepManner.ACTIVITY),
    ]


def _renamed(design: ProgramDesign, named: Mapping[str, str]) -> ProgramDesign:
    """The design with other names for what can be completed; what is not among these stays as it is."""
    parts = _naming(design)
    return replace(
        design,
        training=tuple(_called(item, named) if item in parts else item for item in design.training),
        steps=tuple(_called(step, named) if step in parts else step for step in design.steps),
    )


def _called(part: Part, named: Mapping[str, str]) -> Part:
    return replace(part, address=named.get(part.address, part.address))


def of_course(design: ProgramDesign, origin: Course, course: Course) -> ProgramDesign:
    """The design of a copied course with this course's own quizzes and reviews; without those it does not have."""
    theirs = {offer.reference: offer.key for offer in activities_of(origin)}
    ours = {offer.key: offer.reference for offer in activities_of(course)}
    here = {part.address: ours.get(theirs.get(part.address, ""), "") for part in _naming(design)}
    said = _renamed(design, here)
    gone = [part for part in _naming(said) if not part.address]
    training = tuple(item for item in said.training if item not in gone)
    steps = tuple(step for step in said.steps if step not in gone)
    return settled(replace(said, training=training, steps=steps), course)
