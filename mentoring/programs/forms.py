"""What instructors decide about the program of their course."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField


class SettingsForm(FlaskForm):  # type: ignore[misc]
    observers = BooleanField(_l("Observers may follow the learners they are linked to"))
