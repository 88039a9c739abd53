"""What somebody has said, as lines to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from mentoring.participants.models import Participant, Shows
from mentoring.participants.said import Lists
from mentoring.participants.suggesting import named
from mentoring.participants.words import times_of, type_labels


@dataclass(frozen=True)
class Fact:
    """A line: what it is about, and what was said."""

    label: str
    values: list[str]
    is_prose: bool = False
    """In somebody's own words, or long lines: each of `values` stands on a line of its own."""


def offer_facts(participant: Participant, lists: Lists, only: Collection[Shows] | None = None) -> list[Fact]:
    """What a mentor offers; with `only`, what the directory may show of it, which never is how many places."""
    offer = participant.offer
    if offer is None:
        return []
    years = _years(offer.experience)
    shown: dict[Shows | None, list[Fact]] = {
        None: [
            Fact(_("Places"), [str(offer.capacity) if offer.capacity else _("None this term")]),
            Fact(_("Ways of mentoring"), _labels(offer.types, type_labels())),
        ],
        Shows.KINDS: [Fact(_("Kind of mentor"), _labels(offer.kinds or lists.kinds, lists.kinds))],
        Shows.SKILLS: [Fact(_("Skills"), offer.skills)],
        Shows.TOPICS: [Fact(_("Helps with"), offer.topics)],
        Shows.EXPERIENCE: [Fact(_("Experience"), years)],
        Shows.WORDS: [Fact(_("Why mentor"), [offer.words], is_prose=True)],
        **_about(participant),
    }
    return _said(facts for key, facts in shown.items() if only is None or key in only)


def need_facts(participant: Participant, lists: Lists) -> list[Fact]:
    """What a mentee seeks."""
    need = participant.need
    if need is None:
        return []
    own = [
        Fact(_("Kind of mentor"), _labels(need.kinds or lists.kinds, lists.kinds)),
        Fact(_("Skills to learn"), need.skills),
        Fact(_("Goals"), need.topics),
        Fact(_("Hopes for"), [need.words], is_prose=True),
    ]
    return _said([own, *_about(participant).values()])


def _about(participant: Participant) -> dict[Shows | None, list[Fact]]:
    times = times_of(participant.hours)
    zone = [participant.timezone.replace("_", " ")]
    return {
        Shows.LANGUAGES: [Fact(_("Languages"), named(participant.languages))],
        Shows.TIMES: [Fact(_("Free"), times, is_prose=True), Fact(_("Time zone"), zone)],
        Shows.INTERESTS: [Fact(_("Interests"), participant.interests)],
        Shows.TEAM: [Fact(_("Team"), [participant.team])],
    }


def _said(groups: Iterable[list[Fact]]) -> list[Fact]:
    return [fact for facts in groups for fact in facts if any(fact.values)]


def _labels(keys: Iterable[str], labels: Mapping[str, str]) -> list[str]:
    return [labels[key] for key in keys if key in labels]


def _years(experience: int | None) -> list[str]:
    return [] if experience is None else [ngettext("%(num)d year", "%(num)d years", experience)]
