"""What a file is, in a few words beside its name."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from lti_tool.files.called import ending_of


def kind_and_size(name: str, size: int) -> str:
    """*PDF, 1.3 MB*."""
    kind, kilobytes = ending_of(name).upper(), max(round(size / 1000), 1)
    if kilobytes < 1000:
        return str(_("%(kind)s, %(size)s kB", kind=kind, size=format_decimal(kilobytes)))
    return str(_("%(kind)s, %(size)s MB", kind=kind, size=format_decimal(round(kilobytes / 1000, 1))))
