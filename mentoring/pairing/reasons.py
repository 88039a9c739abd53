"""Why a pair was proposed and why another was not, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from mentoring.mentorships.models import Part
from mentoring.names import in_sentence
from mentoring.pairing.matching.people import Mentee, Mentor, Question
from mentoring.pairing.rules import Rule
from mentoring.participants.suggesting import named

QUESTIONS = {
    Question.SKILLS: _l("Skills"),
    Question.GOALS: _l("Goals"),
    Question.INTERESTS: _l("Interests"),
    Question.VALUES: _l("Values and ways of working"),
    Question.WISH_OF_MENTEE: _l("Wishes of mentees"),
    Question.WISH_OF_MENTOR: _l("Wishes of mentors"),
    Question.HOURS: _l("Common free time"),
    Question.LEVEL: _l("Seniority"),
    Question.SECTION: _l("Same section"),
    Question.BEFORE: _l("A good pair before"),
    Question.WAITED: _l("Left over last time"),
    Question.OTHER_TEAM: _l("Another team"),
}
HIDDEN_FROM: Mapping[Part, Collection[Question]] = {
    Part.MENTEE: (Question.WISH_OF_MENTOR, Question.WAITED, Question.LEVEL),
    Part.MENTOR: (Question.WISH_OF_MENTEE, Question.WAITED, Question.LEVEL),
}
"""What one of the two is not told, because it is the other's own or would hurt."""

PAIR = {
    Rule.ONESELF: _l("Nobody mentors themselves."),
    Rule.SAME_PAIR: _l("%(mentor)s mentors %(mentee)s already."),
    Rule.KIND_FILLED: _l("%(mentee)s has every mentor of this kind that is needed."),
    Rule.NO_OFFER: _l("%(mentor)s does not mentor at present."),
    Rule.NO_PLACE: _l("%(mentor)s has no free place."),
    Rule.EXCLUDED: _l("These two are not to be matched: one of them, or an instructor, has said so."),
    Rule.CONFLICT: _l(
        "A conflict of interest stands between these two: one manages, grades or assesses the other, or they have"
        " parted before."
    ),
    Rule.MENTEE_GONE: _l(
        "%(mentee)s cannot be matched now: they have left the course, take a break, have not agreed to take part, or"
        " still have a training to do."
    ),
    Rule.MENTOR_GONE: _l(
        "%(mentor)s cannot be matched now: they have left the course, take a break, have not agreed to take part, or"
        " still have a training to do."
    ),
    Rule.LANGUAGE: _l("%(mentor)s and %(mentee)s have no language in common."),
    Rule.HOURS: _l("%(mentor)s and %(mentee)s have too little free time in common."),
    Rule.NOT_OFFERED: _l("%(mentor)s does not offer this kind of mentoring."),
    Rule.LEVEL: _l("How senior the two are does not fit this kind of program."),
    Rule.EXPERIENCE: _l("%(mentor)s has less experience than the program asks of mentors."),
}
"""What stands between two people."""

COUNTED: Mapping[Rule, Callable[[int], str]] = {
    Rule.ONESELF: lambda n: _("one is the person themselves"),
    Rule.SAME_PAIR: lambda n: ngettext("one mentors them already", "%(num)d mentor them already", n),
    Rule.NO_PLACE: lambda n: ngettext(
        "one would be allowed and has no place left", "%(num)d would be allowed and have no place left", n
    ),
    Rule.EXCLUDED: lambda n: ngettext(
        "one is not to be matched with them", "%(num)d are not to be matched with them", n
    ),
    Rule.CONFLICT: lambda n: ngettext("one has a conflict of interest", "%(num)d have a conflict of interest", n),
    Rule.MENTEE_GONE: lambda n: _("they cannot be matched now themselves"),
    Rule.MENTOR_GONE: lambda n: ngettext("one cannot be matched now", "%(num)d cannot be matched now", n),
    Rule.LANGUAGE: lambda n: ngettext(
        "one has no language in common with them", "%(num)d have no language in common with them", n
    ),
    Rule.HOURS: lambda n: ngettext(
        "one has too little free time in common with them", "%(num)d have too little free time in common with them", n
    ),
    Rule.NOT_OFFERED: lambda n: ngettext(
        "one does not offer this kind of mentoring", "%(num)d do not offer this kind of mentoring", n
    ),
    Rule.LEVEL: lambda n: ngettext(
        "one is not as senior, or not as junior, as the program asks",
        "%(num)d are not as senior, or not as junior, as the program asks",
        n,
    ),
    Rule.EXPERIENCE: lambda n: ngettext("one has too little experience", "%(num)d have too little experience", n),
}
"""How many mentors a rule keeps from somebody; `%(num)d` of them."""


@dataclass(frozen=True)
class Two:
    """A mentee and a mentor with what they are called."""

    mentee: Mentee
    mentor: Mentor
    names: Mapping[str, str]
    """By `mentee` and `mentor`, as they are written in a sentence."""

    @classmethod
    def of(cls, mentee: Mentee, mentor: Mentor, *, mentee_name: str, mentor_name: str) -> Two:
        return cls(mentee, mentor, {"mentee": in_sentence(mentee_name), "mentor": in_sentence(mentor_name)})


def sentence_against(rule: Rule, names: Mapping[str, str]) -> str:
    return str(PAIR[rule]) % names


def counted(barred: Mapping[str, int]) -> list[str]:
    """For each rule, in words, how many mentors it keeps away; those that concern most of them first."""
    known = sorted(barred.items(), key=lambda each: (-each[1], each[0]))
    return [COUNTED[Rule(rule)](count) for rule, count in known if Rule(rule) in COUNTED]


def reasons(two: Two, *, weights: Mapping[Question, int], to: Part | None = None) -> list[str]:
    """What speaks for the pair, most weighty question first: all of it, or what one of the two may know."""
    hidden = HIDDEN_FROM.get(to, ()) if to else ()
    told = [
        sentence
        for question in sorted(TOLD, key=lambda question: -weights.get(question, 0))
        if weights.get(question, 0) > 0 and question not in hidden
        if (sentence := TOLD[question](two))
    ]
    return [*told, *_language(two)]


def _skills(two: Two) -> str:
    shared = two.mentee.wanted & two.mentor.skills
    return _("knows %(skills)s", skills=listed(shared)) if shared else ""


def _goals(two: Two) -> str:
    shared = two.mentee.goals & two.mentor.goals
    return _("helps with %(goals)s", goals=listed(shared)) if shared else ""


def _interests(two: Two) -> str:
    shared = two.mentee.interests & two.mentor.interests
    return _("both like %(interests)s", interests=listed(shared)) if shared else ""


def _values(two: Two) -> str:
    both = set(two.mentee.values) & set(two.mentor.values)
    alike = sum(two.mentee.values[each] == two.mentor.values[each] for each in both)
    if not alike:
        return ""
    return str(
        ngettext(
            "the same answer to %(alike)d of %(num)d question about values",
            "the same answer to %(alike)d of %(num)d questions about values",
            len(both),
            alike=alike,
        )
    )


def _wish_of_mentee(two: Two) -> str:
    if two.mentor.who not in two.mentee.wishes:
        return ""
    rank = two.mentee.wishes.index(two.mentor.who) + 1
    if rank == 1:
        return str(_("the first wish of %(mentee)s", **two.names))
    return str(_("wish number %(rank)d of %(mentee)s", rank=rank, **two.names))


def _wish_of_mentor(two: Two) -> str:
    if two.mentee.who not in two.mentor.wishes:
        return ""
    return str(_("%(mentor)s has named %(mentee)s", **two.names))


def _hours(two: Two) -> str:
    weeks = min(len(two.mentee.hours), len(two.mentor.hours))
    if not weeks:
        return ""
    halves = min(len(two.mentee.hours[week] & two.mentor.hours[week]) for week in range(weeks))
    return (
        ngettext("%(num)d hour a week in common", "%(num)d hours a week in common", halves // 2) if halves > 1 else ""
    )


def _section(two: Two) -> str:
    return _("in the same section") if two.mentee.sections & two.mentor.sections else ""


def _before(two: Two) -> str:
    return _("they were a good pair before") if two.mentor.who in two.mentee.good_before else ""


def _waited(two: Two) -> str:
    return _("%(mentee)s was left over last time", **two.names) if two.mentee.has_waited else ""


def _other_team(two: Two) -> str:
    teams = two.mentee.team, two.mentor.team
    return _("from another team") if all(teams) and teams[0] != teams[1] else ""


def _level(two: Two) -> str:
    levels = two.mentee.level, two.mentor.level
    known = [level for level in levels if level is not None]
    return _("one step apart in seniority") if len(known) == 2 and known[1] - known[0] == 1 else ""


TOLD: Mapping[Question, Callable[[Two], str]] = {
    Question.SKILLS: _skills,
    Question.GOALS: _goals,
    Question.WISH_OF_MENTEE: _wish_of_mentee,
    Question.VALUES: _values,
    Question.INTERESTS: _interests,
    Question.WISH_OF_MENTOR: _wish_of_mentor,
    Question.HOURS: _hours,
    Question.LEVEL: _level,
    Question.SECTION: _section,
    Question.BEFORE: _before,
    Question.WAITED: _waited,
    Question.OTHER_TEAM: _other_team,
}


def _language(two: Two) -> list[str]:
    shared = two.mentee.languages & two.mentor.languages
    return [_("both speak %(languages)s", languages=listed(named(shared)))] if shared else []


def listed(words: Iterable[str]) -> str:
    """*Python, SQL and Writing*."""
    in_order: Sequence[str] = sorted(words)
    return str(format_list(list(in_order), locale=get_locale()))
