"""What people send about meetings: when and how they meet, and what they say afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lti_tool.fields import chosen, number, ticked
from lti_tool.notifying.forms import WHEN, ClockField
from mentoring.programs.choices import Channel
from mentoring.together.meetings.attending import Log
from mentoring.together.meetings.links import is_link, is_number, looks_like_link
from mentoring.together.meetings.models import LONGEST, LONGEST_PLACE, SHORTEST, Function, Meeting, MeetingEntry
from mentoring.together.meetings.scheduling import Plan
from mentoring.together.meetings.wording import FUNCTIONS, HOW, OUTLINES, PROMPTS

LONGEST_TEXT = 4000
USUAL_MINUTES = 60
MOST_WEEKS, MOST_TIMES = 12, 52
_DAY = _l("Say on which day.")


class DayField(DateField):
    """A day; what is none is told in our words and stays as it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_DAY) from None


def _words(label: LazyString) -> TextAreaField:
    too_long = _l("%(what)s: keep it to 4,000 characters. Shorten it here; nothing of it is lost.", what=label)
    return TextAreaField(label, validators=[Optional(), Length(max=LONGEST_TEXT, message=too_long)])


def _said(field: TextAreaField | StringField) -> str:
    return (field.data or "").strip()


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """When and how; `zone` is that of whoever fills it in."""

    day = DayField(_l("Day"), validators=[InputRequired(_DAY)])
    clock = ClockField(_l("Time"), validators=[InputRequired(WHEN)])
    minutes = number(_l("Minutes"), least=SHORTEST, most=LONGEST)
    channel = chosen(_l("How do you meet?"), HOW)
    place = StringField(
        _l("Place, number or link"),
        validators=[Optional(), Length(max=LONGEST_PLACE, message=_l("Keep the place to 500 characters."))],
    )
    agenda = _words(_l("What to talk about"))

    def validate_place(self, field: StringField) -> None:
        said, how = _said(field), self.channel.data
        if any(ord(letter) < 32 or ord(letter) == 127 for letter in said):
            raise ValidationError(_("Write the place in one line."))
        is_meant_as_link = how in (Channel.VIDEO, Channel.ONLINE) or looks_like_link(said)
        if said and is_meant_as_link and not is_link(said):
            raise ValidationError(
                _("Give a link that begins with https:// and has no spaces, or leave this empty until you have one.")
            )
        if said and how == Channel.PHONE and not is_number(said):
            raise ValidationError(_("Give a telephone number in digits, such as +43 1 234567, or leave this empty."))

    def plan(self, zone: str) -> Plan:
        assert isinstance(self.day.data, date)
        assert isinstance(self.clock.data, time)
        return Plan(
            day=self.day.data,
            clock=self.clock.data,
            zone=zone,
            minutes=self.minutes.data,
            channel=Channel(self.channel.data),
            place=_said(self.place),
            agenda=self.words_of_agenda(),
        )

    def words_of_agenda(self) -> str:
        return _said(self.agenda)


class NewMeetingForm(MeetingForm):
    outline = SelectField(  # type: ignore[call-arg]
        _l("Begin with an outline"),
        choices=[
            SelectChoice("", _l("None")),
            *(SelectChoice(key, name) for key, (name, _lines) in OUTLINES.items()),
        ],
        invalid_choice_message=_l("Choose one of the outlines, or none."),
        validators=[Optional()],
    )
    weeks = number(_l("Every how many weeks"), least=1, most=MOST_WEEKS, is_optional=True)
    times = number(_l("How many times in all"), least=1, most=MOST_TIMES, is_optional=True)

    def validate(self, extra_validators: object = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.weeks.data is not None and self.times.data is None and not self.times.errors:
            self.times.errors = [_("Say how many times in all, or clear the number of weeks.")]
            is_valid = False
        if (self.times.data or 1) > 1 and self.weeks.data is None and not self.weeks.errors:
            self.weeks.errors = [_("Say every how many weeks, or clear the number of times.")]
            is_valid = False
        return is_valid

    def words_of_agenda(self) -> str:
        """Their own words, else those of the outline."""
        return _said(self.agenda) or outline_of(self.outline.data or "")


class ChangeForm(MeetingForm):
    with_rest = BooleanField(_l("The rest of the series as well"))
    seen = HiddenField()
    """How the meeting stood when the form was filled in."""

    def is_overtaken(self, meeting: Meeting) -> bool:
        """Whether somebody has changed it since; from now on the form knows how it stands."""
        seen, self.seen.data = self.seen.data, _as_it_stands(meeting)
        return bool(seen) and seen != self.seen.data


def _as_it_stands(meeting: Meeting) -> str:
    said = f"{meeting.sequence}:{meeting.agenda}"
    return sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def outline_of(key: str) -> str:
    """The lines of the outline with this key; nothing for any other word."""
    found = OUTLINES.get(key)
    return str(found[1]) if found else ""


def change_form(meeting: Meeting, zone: ZoneInfo, *, outline: str = "") -> ChangeForm:
    """Filled with how it is planned now, by clocks in this zone; with an outline where nothing is written yet."""
    there = meeting.starts.astimezone(zone)
    return ChangeForm(
        day=there.date(),
        clock=there.time(),
        minutes=meeting.minutes,
        channel=meeting.channel.value,
        place=meeting.place,
        agenda=meeting.agenda or outline_of(outline),
        seen=_as_it_stands(meeting),
    )


class LogForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `log_form` makes: one small form that takes twenty seconds."""

    has_attended = RadioField(  # type: ignore[call-arg]
        _l("Did you meet?"),
        validators=[InputRequired(_l("Say whether you were there; everybody says it of themselves."))],
        invalid_choice_message=_l("Choose yes or no."),
    )
    topics = _words(_l("What did you talk about?"))
    actions = _words(_l("Who does what until next time?"))
    functions = ticked(_l("What was it good for?"), FUNCTIONS)
    progress = _words(PROMPTS["progress"])
    difficulties = _words(PROMPTS["difficulties"])
    feedback = _words(PROMPTS["feedback"])
    strengths = _words(PROMPTS["strengths"])

    @property
    def prompts(self) -> Sequence[TextAreaField]:
        return [self[key] for key in PROMPTS]

    @property
    def says_more(self) -> bool:
        return any(field.data or field.errors for field in self.prompts)

    def log(self) -> Log:
        more = {field.name: _said(field) for field in self.prompts if _said(field)}
        return Log(
            has_attended=self.has_attended.data == "yes",
            topics=_said(self.topics),
            actions=_said(self.actions),
            more=more,
            functions=tuple(Function(each) for each in self.functions.data or ()),
        )


def log_form(*, is_circle: bool, entry: MeetingEntry | None) -> LogForm:
    """Filled with what they have said already."""
    said = (
        {
            "has_attended": "yes" if entry.has_attended else "no",
            "topics": entry.topics,
            "actions": entry.actions,
            "functions": entry.functions,
            **{key: str(words) for key, words in entry.more.items() if key in PROMPTS},
        }
        if entry
        else {}
    )
    form = LogForm(data=said)
    form.has_attended.choices = [
        SelectChoice("yes", _("Yes, I was there") if is_circle else _("Yes, we met")),
        SelectChoice("no", _("No, I was not there") if is_circle else _("No, we did not meet")),
    ]
    return form


def moment_said(words: str) -> datetime | None:
    """A moment as a button of ours sends it."""
    try:
        said = datetime.fromisoformat(words)
    except ValueError:
        return None
    return said if said.tzinfo is not None else None
