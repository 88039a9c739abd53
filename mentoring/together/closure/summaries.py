"""The parts of a summary that belong to the mentorship itself, and the summary as a text file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from lti_tool.panels import Card
from mentoring.mentorships.agreement.forms import CHANNELS
from mentoring.mentorships.agreement.standing import agreed, reader
from mentoring.mentorships.days import in_words
from mentoring.mentorships.models import Membership, Part
from mentoring.mentorships.naming import title_of
from mentoring.mentorships.sections import Look
from mentoring.mentorships.timeline.section import seen_in
from mentoring.mentorships.timeline.words import title_of_entry
from mentoring.mentorships.wording import STATES
from mentoring.together.summing_up import Said, SummaryPart, Summed, summary_of


def program(look: Look) -> Summed:
    found = look.mentorship.cohort.program
    goal = look.mentorship.cohort.version.goal
    return Summed(
        title=_("The program"),
        facts=[(_("Program"), found.title), (_("Course"), found.course.title)],
        said=[Said(heading=_("What it is for"), words=goal)] if goal else (),
    )


def people(look: Look) -> Summed:
    mentorship = look.mentorship
    ended = mentorship.ended
    days = [(_("From"), in_words(mentorship.started or mentorship.created))]
    days.append((_("To"), in_words(ended)) if ended else (_("Planned until"), _planned_end(look)))
    return Summed(
        title=_("Who and when"),
        facts=[(_named(each), each.participant.name) for each in _to_the_last(look)]
        + days
        + [(_("How it ended") if ended else _("State"), str(STATES[mentorship.state][0]))],
    )


def _planned_end(look: Look) -> str:
    ends = look.mentorship.planned_end
    return in_words(ends) if ends else ""


def _to_the_last(look: Look) -> list[Membership]:
    return [each for each in look.mentorship.members if each.until == look.mentorship.ended]


def _named(member: Membership) -> str:
    if member.part is Part.MENTEE:
        return str(_("Mentee"))
    return str(_("In the circle") if member.part is Part.PEER else _("Mentor"))


def agreement(look: Look) -> Summed | None:
    """The version that holds, or the newest: its words for whoever may read them."""
    so_far = agreed(look.session, look.mentorship)
    version = so_far.holds or so_far.newest
    if version is None:
        return None
    facts = [
        (_("Meetings"), ngettext("every day", "every %(num)d days", version.rhythm_days)),
        (_("How"), str(CHANNELS[version.channel])),
        (_("Until"), in_words(version.ends)),
        (_("Signed by all"), in_words(version.signed) if version.signed else _("no")),
    ]
    words = (
        (_("What the mentor expects"), version.mentor_expects),
        (_("What the mentee expects"), version.mentee_expects),
        (_("What each of you expects"), version.all_expect),
        (_("Boundaries"), version.boundaries),
    )
    said = [Said(heading=heading, words=text) for heading, text in words if text] if reader(look)(version) else []
    return Summed(title=_("What was agreed"), facts=facts, said=said)


def tasks(look: Look) -> Summed | None:
    done = [task for task in look.mentorship.tasks if task.done is not None]
    if not look.mentorship.tasks:
        return None
    return Summed(
        title=_("Tasks"),
        facts=[(_("Done"), _("%(done)d of %(all)d", done=len(done), all=len(look.mentorship.tasks)))],
        lines=[f"{task.title} ({in_words(task.done)})" for task in done if task.done],
    )


def timeline(look: Look) -> Summed | None:
    reached = [each for each in seen_in(look) if each.done is not None]
    if not reached:
        return None
    reached.sort(key=lambda each: each.done or each.due)
    lines = [f"{title_of_entry(each)} ({in_words(each.done)})" for each in reached if each.done]
    return Summed(title=_("What you reached"), lines=lines)


PARTS: Sequence[SummaryPart] = (
    SummaryPart(key="program", order=10, fill=program, is_passed_on=True),
    SummaryPart(key="people", order=15, fill=people, is_passed_on=True),
    SummaryPart(key="agreement", order=20, fill=agreement),
    SummaryPart(key="tasks", order=40, fill=tasks, is_passed_on=True),
    SummaryPart(key="timeline", order=50, fill=timeline, is_passed_on=True),
)


def passed_on(look: Look) -> Card:
    """For a new mentor whom the mentee lets read it: without what has a tick of its own, and without thanks."""
    parts = summary_of(look, is_passed_on=True)
    return Card(title=_("Summary"), template="closure/_summary.html", context={"parts": parts})


def as_text(look: Look, parts: Sequence[tuple[str, Summed]]) -> str:
    """The same as a plain text file, which opens everywhere."""
    title = title_of(look.mentorship)
    lines = [title, "=" * len(title), ""]
    for _key, part in parts:
        lines += _lines(part)
    return "\n".join(lines)


def _lines(part: Summed) -> Iterator[str]:
    yield part.title
    yield "-" * len(part.title)
    for label, value in part.facts:
        yield f"{label}: {value}"
    for line in part.lines:
        yield f"- {line}"
    for said in part.said:
        yield ""
        yield f"{said.heading}:"
        yield from (f"    {line}" for line in said.words.splitlines())
    yield ""
