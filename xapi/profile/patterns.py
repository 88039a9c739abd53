"""In which order the statements of one run come: of a mentorship's life, and of an attempt's."""

from __future__ import annotations

from xapi.profile import templates as t
from xapi.profile.parts import Pattern, Template


def _one_of(key: str, *members: Template | Pattern) -> Pattern:
    return Pattern(key=key, how="alternates", members=[each.iri for each in members])


def _often(key: str, member: Template | Pattern) -> Pattern:
    return Pattern(key=key, how="zeroOrMore", members=[member.iri])


def _in_turn(key: str, *members: Template | Pattern) -> Pattern:
    return Pattern(key=key, how="sequence", members=[each.iri for each in members])


_DONE_WITHIN = _one_of(
    "done-within",
    t.AGREEMENT_SIGNED,
    t.GOAL_SET,
    t.GOAL_PROGRESSED,
    t.GOAL_REACHED,
    t.TASK_GIVEN,
    t.TASK_GOT,
    t.TASK_DONE,
    t.LINK_SHARED,
    t.FILE_SHARED,
    t.MEETING_SCHEDULED,
    t.MEETING_MISSED,
    t.MEETING_ATTENDED,
    t.CHECK_IN_ANSWERED,
)
_SAID_YES = _one_of("said-yes", t.ASSIGNED, t.ACCEPTED)
_EACH_IS_IN = Pattern(key="each-is-in", how="oneOrMore", members=[t.WAS_ASSIGNED.iri])
_BEGINNING = _in_turn("beginning", _SAID_YES, _EACH_IS_IN)
_MEANWHILE = _one_of(
    "meanwhile", t.BEGAN, t.PAUSED, t.RESUMED, t.STALLED, t.RECOVERED, t.ASSIGNED, t.WAS_ASSIGNED, _DONE_WITHIN
)
_ON_AND_ON = _often("on-and-on", _MEANWHILE)
_EACH_COMPLETED = Pattern(key="each-completed", how="oneOrMore", members=[t.COMPLETED.iri])
_ENDING = _one_of("ending", _EACH_COMPLETED, t.CANCELLED, t.ENDED, t.REMATCHED)
_PERHAPS_ENDED = Pattern(key="perhaps-ended", how="optional", members=[_ENDING.iri])
_AFTERWARDS = _often("afterwards", _DONE_WITHIN)
LIFE = Pattern(
    key="life-of-a-mentorship",
    how="sequence",
    members=[_BEGINNING.iri, _ON_AND_ON.iri, _PERHAPS_ENDED.iri, _AFTERWARDS.iri],
    label="Life of a mentorship",
    definition=(
        "Somebody pairs or agrees, each is in it; they meet, work and perhaps pause; at last it is completed, ended "
        "early, cancelled before it began, or its mentee is rematched. What was begun in it may still be done later."
    ),
    is_primary=True,
)
NOTHING_CAME = Pattern(
    key="nothing-came-of-it",
    how="alternates",
    members=[t.DECLINED.iri, t.EXPIRED.iri, t.CANCELLED.iri],
    label="Nothing came of it",
    definition="Somebody was asked and said no, nobody answered in time, or the ask was taken back.",
    is_primary=True,
)

_ANSWERS = _often("answers", t.QUESTION_ANSWERED)
_VERDICT = _one_of("verdict", t.ATTEMPT_PASSED, t.ATTEMPT_FAILED)
_END_OF_ATTEMPT = _in_turn("end-of-attempt", t.ATTEMPT_COMPLETED, _VERDICT)
_PERHAPS_MARKED = Pattern(key="perhaps-marked", how="optional", members=[_END_OF_ATTEMPT.iri])
_ANEW = _one_of("anew", t.QUESTION_ANSWERED, _VERDICT)
_MARKED_ANEW = _often("marked-anew", _ANEW)
ATTEMPT = Pattern(
    key="attempt",
    how="sequence",
    members=[_ANSWERS.iri, _PERHAPS_MARKED.iri, _MARKED_ANEW.iri],
    label="Attempt",
    definition=(
        "Each answer that was given, then how the attempt ended, as soon as all of it is marked. Where it is marked "
        "anew, the answers and the verdict that changed are told again: the newest holds."
    ),
    is_primary=True,
)

PATTERNS: tuple[Pattern, ...] = tuple(found for found in list(globals().values()) if isinstance(found, Pattern))
