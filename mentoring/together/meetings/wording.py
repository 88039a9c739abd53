"""Codes of meetings in words: states, channels, prompts, and what to talk about to begin with."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from mentoring.programs.choices import Channel
from mentoring.programs.words import CHANNELS
from mentoring.together.meetings.models import Function, MeetingState, Useful

STATES: dict[MeetingState, tuple[LazyString, str]] = {
    MeetingState.PLANNED: (_l("Planned"), "waiting"),
    MeetingState.HELD: (_l("Held"), "done"),
    MeetingState.MISSED: (_l("Did not take place"), "plain"),
    MeetingState.CANCELLED: (_l("Called off"), "plain"),
}
"""What a state is called, and its tone."""

HOW: Mapping[str, LazyString] = {**CHANNELS, Channel.ANY: _l("We settle that later")}

PLACES: dict[Channel, LazyString] = {
    Channel.ANY: _l("Where"),
    Channel.IN_PERSON: _l("Place"),
    Channel.PHONE: _l("Telephone number"),
    Channel.VIDEO: _l("Link"),
    Channel.ONLINE: _l("Link"),
}

PROMPTS: dict[str, LazyString] = {
    "progress": _l("What has moved on since last time?"),
    "difficulties": _l("What is difficult?"),
    "feedback": _l("What did we tell each other as feedback?"),
    "strengths": _l("What goes well, and what not yet?"),
}

USEFUL: dict[Useful, LazyString] = {
    Useful.VERY: _l("Very useful"),
    Useful.SOMEWHAT: _l("Somewhat"),
    Useful.NOT: _l("Not this time"),
}

FUNCTIONS: Mapping[str, LazyString] = {
    Function.GROWTH: _l("Growing"),
    Function.IDEAS: _l("Ideas and inspiration"),
    Function.ADVICE: _l("Knowledge and career advice"),
    Function.EMPATHY: _l("Being heard"),
    Function.NETWORK: _l("Getting to know people"),
    Function.PROJECTS: _l("Courage for something new"),
    Function.LEADING: _l("Working in a team, leading"),
    Function.FEEDBACK: _l("Feedback on my work"),
}

OUTLINES: dict[str, tuple[LazyString, LazyString]] = {
    "first": (
        _l("First meeting"),
        _l(
            "- Who are we, and what brought us here?\n- What do we each expect?\n"
            "- How often, where and how do we meet?\n- What stays between us?\n- What is the first step?"
        ),
    ),
    "goals": (
        _l("Setting goals"),
        _l(
            "- What would be different in three months?\n- Which one or two goals lead there?\n"
            "- How do we notice that they are reached?\n- What could stand in the way?\n"
            "- Who does what until next time?"
        ),
    ),
    "regular": (
        _l("Regular meeting"),
        _l(
            "- What has happened since last time?\n- What did we mean to do, and what became of it?\n"
            "- The one question of today\n- Who does what until next time?"
        ),
    ),
    "stuck": (
        _l("When something is stuck"),
        _l(
            "- What is it, in one sentence?\n- What has been tried, and what came of it?\n"
            "- What would be good enough?\n- Who could help or knows more?\n- What is the smallest next step?"
        ),
    ),
    "work": (
        _l("Feedback on a piece of work"),
        _l(
            "- What is it, and for whom?\n- What kind of feedback would help?\n- What is strong already?\n"
            "- What would make the most difference?\n- What changes until when?"
        ),
    ),
    "decision": (
        _l("A decision ahead"),
        _l(
            "- What is to be decided, and by when?\n- Which ways are there, one more included?\n"
            "- What matters most in choosing?\n- What would a good friend advise?\n- What is still to be found out?"
        ),
    ),
    "half_time": (
        _l("Half time"),
        _l(
            "- What have we reached?\n- What helps in how we work together, and what does not?\n"
            "- Do the goals still hold?\n- What do we change?"
        ),
    ),
    "last": (
        _l("Last meeting"),
        _l(
            "- What have we reached, and what did we learn?\n- What are we thankful for?\n"
            "- What comes next for each of us?\n- How do we stay in touch?"
        ),
    ),
}
"""Outlines of what to talk about: what each is called, and its lines."""
