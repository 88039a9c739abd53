"""What parts, sources and free times are called on pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flask_babel import gettext as _

from mentoring.participants.models import ExclusionSource, Participant, ParticipantState, Shows
from mentoring.participants.nominating import Obstacle
from mentoring.participants.week import Window, others_in, usual_in
from mentoring.participants.week_fields import day_name, spoken_time, usual_labels
from mentoring.programs.choices import MentoringType


def type_labels() -> dict[str, str]:
    return {
        MentoringType.ONE_ON_ONE: _("One on one"),
        MentoringType.PEER: _("Among peers"),
        MentoringType.GROUP: _("A group"),
        MentoringType.REVERSE: _("Reverse: the junior mentors"),
        MentoringType.FLASH: _("Flash: one short meeting"),
    }


def shows_labels() -> dict[str, str]:
    return {
        Shows.NAME: _("My name (without it I do not stand in the directory)"),
        Shows.KINDS: _("What kind of mentor I am"),
        Shows.SKILLS: _("My skills"),
        Shows.LANGUAGES: _("My languages"),
        Shows.TOPICS: _("The goals I help with"),
        Shows.TIMES: _("When I am free, and my time zone"),
        Shows.EXPERIENCE: _("My years of experience"),
        Shows.INTERESTS: _("My interests"),
        Shows.TEAM: _("My team"),
        Shows.WORDS: _("Why I mentor"),
    }


def source_labels() -> dict[ExclusionSource, str]:
    return {
        ExclusionSource.COORDINATOR: _("Decided by an instructor"),
        ExclusionSource.GRADER: _("One grades or assesses the other"),
        ExclusionSource.PAST_END: _("An earlier mentorship is not to be repeated"),
        ExclusionSource.ASKED: _("One of the two asked for it"),
    }


def checklist_labels(keys: Collection[str]) -> dict[str, str]:
    """What an instructor ticks about a mentor; an item of the program's own is called by its key."""
    known = {
        "performs_well": _("Performs well"),
        "dedicated": _("Dedicated"),
        "ready_to_share": _("Ready to share knowledge"),
        "field_experience": _("Experienced in the field"),
        "communication": _("Communicates well"),
        "trust": _("Builds trust"),
    }
    return {key: known.get(key, key) for key in keys}


def obstacle_sentence(obstacle: Obstacle, name: str) -> str:
    sentences: Mapping[Obstacle, str] = {
        Obstacle.ONESELF: _("You need nobody's nomination: say on your own part that you would mentor."),
        Obstacle.NOT_HERE: _("%(name)s is no longer in the course.", name=name),
        Obstacle.MENTORS: _("%(name)s mentors already.", name=name),
        Obstacle.ALREADY: _("You have nominated %(name)s before.", name=name),
        Obstacle.TOO_MANY: _("Wait for an answer to the nominations you have made, then nominate %(name)s.", name=name),
    }
    return sentences[obstacle]


def state_of(participant: Participant | None) -> tuple[str, str]:
    """How somebody stands in the cohort: a word, and the tone to say it in."""
    if participant is None:
        return _("Has not said anything"), "plain"
    return {
        ParticipantState.INVITED: (_("Invited"), "waiting"),
        ParticipantState.TAKING_PART: (_("Takes part"), "done"),
        ParticipantState.WAITING_LIST: (_("On the waiting list"), "waiting"),
        ParticipantState.PAUSED: (_("Pauses"), "waiting"),
        ParticipantState.LEFT: (_("Has left mentoring"), "plain"),
    }[participant.state]


def times_of(hours: Collection[int]) -> list[str]:
    """Somebody's free times, a line each: usual times first, then single days."""
    labels = usual_labels()
    return [*(labels[usual] for usual in usual_in(hours)), *map(_window, others_in(hours))]


def _window(window: Window) -> str:
    times = {"begins": spoken_time(window.begins), "ends": spoken_time(window.ends)}
    return str(_("%(day)s, %(begins)s to %(ends)s", day=day_name(window.day), **times))
