"""What stands in the way of asking with an instrument, in sentences; no database, no web but words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from reviews.instruments.content import Content

MOST_LEVELS = 11
LONGEST_TEXT = 1000


@dataclass(frozen=True)
class Fault:
    """One thing to mend, and where."""

    where: str
    """`scale`, or the key of a competency, statement, question or profile."""
    sentence: str


def faults(content: Content) -> list[Fault]:
    """What has to be mended before anybody can be asked; nothing where it is sound."""
    return [*_of_scale(content), *_of_competencies(content), *_of_keys(content), *_of_profiles(content)]


def _of_scale(content: Content) -> Iterator[Fault]:
    scores = content.scale.scores
    if not 2 <= len(scores) <= MOST_LEVELS:
        yield Fault("scale", _("A scale has 2 to %(most)d levels. Add or remove some.", most=MOST_LEVELS))
    if any(later <= earlier for earlier, later in pairwise(scores)):
        yield Fault("scale", _("Each level of the scale has to score more than the one before. Change the scores."))
    for level in content.scale.levels:
        if not level.label.strip():
            yield Fault(
                "scale", _("The level with score %(score)d has no words. Say what it means.", score=level.score)
            )


def _of_competencies(content: Content) -> Iterator[Fault]:
    if not content.competencies and not content.questions:
        yield Fault("competencies", _("Nothing is asked yet. Add a competency or an open question."))
    for competency in content.competencies:
        if not competency.name.strip():
            yield Fault(competency.key, _("A competency has no name. Give it one."))
        if competency.weight <= 0:
            yield Fault(competency.key, _("%(name)s weighs nothing. Use a weight over 0.", name=competency.name))
        for statement in competency.asked:
            if not statement.text.strip():
                yield Fault(statement.key, _("A statement of %(name)s is empty. Write it.", name=competency.name))
            elif len(statement.text) > LONGEST_TEXT:
                yield Fault(statement.key, _("Keep a statement to %(most)d characters.", most=LONGEST_TEXT))
            if statement.weight <= 0:
                yield Fault(statement.key, _("A statement weighs nothing. Use a weight over 0, or remove it."))
            if foreign := [score for score in statement.anchors if score not in content.scale.scores]:
                words = _("%(score)d is no level of the scale, but a statement says what it means.", score=foreign[0])
                yield Fault(statement.key, words)
    for question in content.questions:
        if not question.text.strip():
            yield Fault(question.key, _("An open question is empty. Write it, or remove it."))


def _of_keys(content: Content) -> Iterator[Fault]:
    keys = [each.key for each in content.competencies]
    keys += [each.key for each in content.questions]
    keys += [each.key for each in content.profiles]
    keys += [each.key for competency in content.competencies for each in competency.asked]
    for key, count in Counter(keys).items():
        if count > 1:
            yield Fault(key, _("Two parts of the instrument go by the key %(key)s. Give one of them another.", key=key))


def _of_profiles(content: Content) -> Iterator[Fault]:
    known = {each.key for each in content.competencies}
    scale = content.scale
    for profile in content.profiles:
        if not profile.position.strip():
            yield Fault(profile.key, _("A target profile has no position. Say what position it describes."))
        for key, required in profile.levels.items():
            if key not in known:
                words = _("The profile %(position)s asks for a competency that is gone.", position=profile.position)
                yield Fault(profile.key, words)
            elif not scale.lowest <= required.level <= scale.highest:
                said = {"position": profile.position, "low": scale.lowest, "high": scale.highest}
                yield Fault(
                    profile.key, _("The profile %(position)s asks for more than %(low)d to %(high)d can say.", **said)
                )
