"""An example of each statement: of events made up here, told as ours are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from lti_tool.events import Event, Where, Who
from xapi.profile import matching
from xapi.profile.parts import Template
from xapi.translations import TRANSLATIONS, Statement, translate

MadeUp = TypeVar("MadeUp", bound=Event)
BASE = "https://mentoring.example.org"
AT = datetime(2026, 9, 1, 10, 30, tzinfo=UTC)
_ISSUER = "https://moodle.example.org"
_PEOPLE = {"mentor": "4", "by": "3", "to": "6"}
_WORDS = {
    "far": "half_way",
    "outcome": "ended_early",
    "kind": "Mentor",
    "language": "en",
    "title": "Onboarding quiz",
    "program_title": "Mentoring for newcomers",
    "cohort_title": "Autumn",
    "OfCampaign.title": "Spring round",
    "told_of": "campaign",
    "CompetencyResult.key": "listening",
    "CompetencyResult.name": "Listening",
    "QuestionAsked.text": "Whom do you ask first?",
    "Interaction.type": "choice",
    "Interaction.pattern": "b",
    "Interaction.response": "b",
    "Component.name": "choices",
    "Option.id": "b",
    "Option.text": "My mentor",
}
_NUMBERS = {
    "raw": 9,
    "mark": 1,
    "maximum": 10,
    "QuestionAsked.maximum": 1,
    "place": 1,
    "version": 1,
    "done": 2,
    "of": 4,
    "mean": 3.8,
    "lowest": 1,
    "highest": 5,
    "groups": 3,
}
_TRUE = {"has_passed", "is_marked", "is_complete", "is_right", "was_answered"}
_MORE: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "MentorAssigned": ({}, {"is_agreed": True}),
    "MentorshipEnded": ({}, {"outcome": "cancelled"}, {"reason": "rematched"}),
    "ResourceShared": ({}, {"is_file": True}),
    "QuizSubmitted": ({}, {"has_passed": False, "raw": 4.0}),
}
"""Events that are told in several ways."""


@cache
def examples() -> Mapping[str, Statement]:
    """By the key of each template the first example of it."""
    found: dict[str, Statement] = {}
    for kind in TRANSLATIONS:
        for each in made_up(kind):
            for statement in translate(each, BASE):
                template = matching.template_of(statement)
                if template is not None:
                    found.setdefault(template.key, statement)
    return found


def example_of(template: Template) -> Statement:
    return examples()[template.key]


def made_up(kind: type[MadeUp]) -> list[MadeUp]:
    """Events of this kind, as they might be announced."""
    named = {"event_id": "11111111-2222-4333-8444-555555555555", "at": AT}
    return [_filled(kind, {**named, **more}) for more in _MORE.get(kind.__name__, ({},))]


def _filled(kind: type[Any], said: Mapping[str, Any]) -> Any:
    hints = get_type_hints(kind)
    values = {each.name: _value(kind, each.name, hints[each.name]) for each in fields(kind) if each.init}
    return kind(**{**values, **said})


def _value(kind: type[Any], name: str, hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        return _several(kind, name, get_args(hint)[0])
    if hint is Who:
        return Who(platform="platform", issuer=_ISSUER, subject=_PEOPLE.get(name, "5"))
    if hint is Where:
        return Where(course="course7", title="Starting at work")
    if is_dataclass(hint) and isinstance(hint, type):
        return _filled(hint, {})
    if hint is datetime:
        return AT
    if hint is timedelta:
        return timedelta(minutes=12, seconds=30)
    if hint is bool:
        return name in _TRUE
    if hint in (int, float):
        return hint(_looked_up(_NUMBERS, kind, name, 30))
    return _looked_up(_WORDS, kind, name, f"{name.replace('_', '-')}7")


def _several(kind: type[Any], name: str, hint: Any) -> tuple[Any, ...]:
    if hint is Who:
        return tuple(Who(platform="platform", issuer=_ISSUER, subject=subject) for subject in ("5", "6"))
    return (_value(kind, name, hint),)


def _looked_up(values: Mapping[str, Any], kind: type[Any], name: str, otherwise: Any) -> Any:
    """What is said of this field of this kind, or of a kind it builds on, or of fields of this name."""
    for each in kind.__mro__:
        if (key := f"{each.__name__}.{name}") in values:
            return values[key]
    return values.get(name, otherwise)
