"""What is said about the rhythm and about somebody else to ask, and what somebody outside answers."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from lti_tool.contacts.forms import OutsiderForm
from lti_tool.fields import number
from lti_tool.tables.reading import cleaned
from mentoring.mentorships.forms import LONGEST
from mentoring.together.checkins.models import LONGEST_RELATION, MOST_WEEKS, CheckInContact, CheckInOwnRhythm, Seen
from mentoring.together.checkins.naming import Named
from mentoring.together.checkins.wording import CHANGES


class RhythmForm(FlaskForm):  # type: ignore[misc]
    weeks = number(_l("Weeks from one question to the next"), least=1, most=MOST_WEEKS, is_optional=True)


class OwnRhythmForm(FlaskForm):  # type: ignore[misc]
    """How often it is in a single mentorship."""

    how = RadioField(  # type: ignore[call-arg]
        _l("How often in this mentorship?"),
        choices=[
            SelectChoice("cohort", _l("As often as in all others")),
            SelectChoice("own", _l("In a rhythm of its own")),
            SelectChoice("off", _l("Nobody is asked here")),
        ],
        validators=[InputRequired(_l("Choose how often."))],
        invalid_choice_message=_l("Choose one of the list."),
    )
    weeks = number(_l("Weeks from one question to the next"), least=1, most=MOST_WEEKS, is_optional=True)

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.how.data == "own" and self.weeks.data is None:
            self.weeks.errors = [_("Say how many weeks.")]
            return False
        return True


def own_rhythm_form(own: CheckInOwnRhythm | None) -> OwnRhythmForm:
    """As it was sent, or as it is."""
    how = "cohort" if own is None else "off" if own.weeks is None else "own"
    return OwnRhythmForm(how=how, weeks=own.weeks if own else None)


class ContactForm(OutsiderForm):
    """Somebody else to ask."""

    without_name = _l("Write their name.")
    without_mail = _l("Write their mail, such as name@example.org.")
    relation = StringField(
        _l("Who they are to the mentee"),
        [
            InputRequired(_l("Write who they are, such as: team lead, tutor of the practice.")),
            Length(max=LONGEST_RELATION, message=_l("Use at most %(max)d characters.")),
        ],
    )
    is_instead = RadioField(  # type: ignore[call-arg]
        _l("And the manager?"),
        choices=[
            SelectChoice("", _l("Is asked as well, where one is recorded")),
            SelectChoice("yes", _l("Is not asked")),
        ],
        default="",
        invalid_choice_message=_l("Choose one of the list."),
    )

    @property
    def named(self) -> Named:
        return Named(
            outsider=self.outsider(),
            relation=cleaned(self.relation.data or ""),
            is_instead=self.is_instead.data == "yes",
        )


def contact_form(contact: CheckInContact | None) -> ContactForm:
    """As it was sent, or as it is."""
    if contact is None:
        return ContactForm()
    said = {"name": contact.name, "mail": contact.mail, "relation": contact.relation}
    return ContactForm(**said, is_instead="yes" if contact.is_instead else "")


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """Filled in by somebody without a session: the secret in the address is all the proof there can be."""

    class Meta:
        csrf = False

    seen = RadioField(  # type: ignore[call-arg]
        _l("What change do you see?"),
        choices=[SelectChoice(seen.value, label) for seen, (label, _tone) in CHANGES.items()],
        validators=[InputRequired(_l("Choose what change you see; that you cannot say is a choice, too."))],
        invalid_choice_message=_l("Choose one of the list."),
    )
    words = TextAreaField(
        _l("In a few words"),
        validators=[
            Optional(),
            Length(max=LONGEST, message=_l("Keep it to 4,000 characters. Shorten it here; nothing of it is lost.")),
        ],
    )

    @property
    def change(self) -> Seen:
        return Seen(self.seen.data)

    @property
    def said(self) -> str:
        return (self.words.data or "").strip()
