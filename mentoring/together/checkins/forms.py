"""What an instructor says about the rhythm, and what somebody outside answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, Optional

from mentoring.mentorships.forms import LONGEST
from mentoring.programs.fields import number
from mentoring.together.checkins.models import MOST_WEEKS, Seen
from mentoring.together.checkins.wording import CHANGES


class RhythmForm(FlaskForm):  # type: ignore[misc]
    weeks = number(_l("Weeks from one question to the next"), least=1, most=MOST_WEEKS, is_optional=True)


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
