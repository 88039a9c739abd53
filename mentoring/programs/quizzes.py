"""The quizzes of a course as trainings name them: features are strangers, so they come as what can be placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lti_tool import activities
from lti_tool.activities import Offer
from lti_tool.models import Course
from mentoring.programs.choices import Manner
from mentoring.programs.design import ProgramDesign, TrainingPlan

ACTIVITY = "quiz"


def quizzes_of(course: Course) -> Sequence[Offer]:
    """What can be passed in this course."""
    return [offer for offer in activities.offers(course) if offer.activity == ACTIVITY]


def settled(design: ProgramDesign, course: Course) -> ProgramDesign:
    """The design with every quiz that a training names in place, so that it is named for good; the caller commits."""
    offers = {offer.reference: offer for offer in quizzes_of(course)}
    return replace(design, training=tuple(_settled(item, offers, course) for item in design.training))


def _settled(item: TrainingPlan, offers: dict[str, Offer], course: Course) -> TrainingPlan:
    if item.manner != Manner.QUIZ or item.address not in offers:
        return item
    return replace(item, address=activities.settle(course, offers[item.address]).reference)


def of_course(design: ProgramDesign, origin: Course, course: Course) -> ProgramDesign:
    """The design of a copied course with this course's own quizzes; without those it does not have."""
    theirs = {offer.reference: offer.key for offer in quizzes_of(origin)}
    ours = {offer.key: offer.reference for offer in quizzes_of(course)}
    here = {reference: ours.get(key, "") for reference, key in theirs.items()}
    training = (
        replace(item, address=here.get(item.address, "")) if item.manner == Manner.QUIZ else item
        for item in design.training
    )
    kept = tuple(item for item in training if item.manner != Manner.QUIZ or item.address)
    return settled(replace(design, training=kept), course)
