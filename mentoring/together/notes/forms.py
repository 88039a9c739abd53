"""A note as a form: the words, and who reads them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired

from mentoring.mentorships.sections import Look
from mentoring.together.notes.models import Note, Visibility
from mentoring.together.notes.wording import may_choose, readers
from mentoring.together.words import Words


class NoteForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms that `note_form` makes."""

    text = Words(_l("Note"), without=_l("Write something into the note."))
    visibility = RadioField(  # type: ignore[call-arg]
        _l("Who reads it"),
        validators=[InputRequired(_l("Choose who reads it."))],
        invalid_choice_message=_l("Choose one of those who may read it."),
    )

    @property
    def chosen(self) -> Visibility:
        return Visibility(self.visibility.data)


def note_form(*, look: Look, note: Note | None = None, is_sent: bool = True) -> NoteForm:
    """Filled with the note as it is; a new one is private until somebody chooses otherwise."""
    said = {"text": note.text, "visibility": note.visibility} if note else {"visibility": Visibility.PRIVATE}
    form = NoteForm(data=said) if is_sent else NoteForm(formdata=None, data=said)
    form.visibility.choices = [SelectChoice(each.value, readers(each, look)) for each in _choices(look, note)]
    return form


def _choices(look: Look, note: Note | None) -> list[Visibility]:
    """What they can write, and what the note is: an instructor may have become one of the people meanwhile."""
    found = list(may_choose(look))
    return found if note is None or note.visibility in found else [*found, note.visibility]
