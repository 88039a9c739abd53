"""Where the address in a mail to somebody outside leads."""

from __future__ import annotations

from flask import Blueprint

public = Blueprint("review_outside", __name__, template_folder="../templates")
