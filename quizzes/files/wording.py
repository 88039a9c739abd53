"""What a question says of the files it takes, and what is wrong with one, in sentences: the cause and the cure."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import uploads
from lti_tool.files.troubles import Trouble
from lti_tool.files.wording import kind_and_size
from quizzes.files import taking
from quizzes.kinds import Body

__all__ = ["MOST_BYTES", "TOO_LARGE", "UNREADABLE", "kind_and_size", "limits", "too_many", "trouble"]
MEGABYTE, MOST_BYTES = 1024 * 1024, uploads.MOST_BYTES
TOO_LARGE = _l("A file has 10 MB at most. Make it smaller.")
UNREADABLE = _l("The file was moved or changed after you chose it. Choose it once more.")


def limits(body: Body) -> str:
    """How many files of which kinds, and how large."""
    count = ngettext("One file", "%(num)d files at most", taking.most(body))
    return str(
        _(
            "%(count)s, %(megabytes)d MB at most each: %(endings)s.",
            count=count,
            megabytes=MOST_BYTES // MEGABYTE,
            endings=", ".join(taking.endings(body)),
        )
    )


def too_many(body: Body) -> str:
    if taking.most(body) == 1:
        return str(_("The question takes one file. Choose one."))
    return str(_("The question takes %(most)d files at most. Take one away first.", most=taking.most(body)))


def trouble(found: Trouble, body: Body, name: str) -> str:
    if found is Trouble.NOT_ALLOWED:
        cure = _("The question takes these: %(endings)s. Save yours as one of them.", endings=_named(body))
    else:
        cure = str(TROUBLES[found])
    return str(_("%(name)s was not taken. %(cure)s", name=name, cure=cure))


def _named(body: Body) -> str:
    return ", ".join(taking.endings(body))


TROUBLES: Mapping[Trouble, LazyString] = {
    Trouble.EMPTY: _l("The file is empty. Choose it once more."),
    Trouble.TOO_LARGE: TOO_LARGE,
    Trouble.NOT_WHAT_IT_SAYS: _l(
        "What is in it is not what its name says. Open it in the program it was made with, save it anew, and choose "
        "that."
    ),
    Trouble.DAMAGED: _l("The file is damaged, or not all of it is there. Save it anew and choose that."),
    Trouble.BOMB: _l("The file unpacks to far more than it seems to hold. Make a PDF of it."),
    Trouble.NESTED: _l("The file has other files packed within it. Hand in those by themselves."),
    Trouble.MACROS: _l("The file holds macros or programs. Save it without them, or as a PDF."),
    Trouble.LOCKED: _l("The file is locked by a password. Save it without one."),
    Trouble.PIXELS: _l("The picture has too many pixels to be opened safely. Make it smaller."),
    Trouble.WEB_PAGE: _l("It is a web page or a drawing that can hold scripts. Make a PDF or PNG of it."),
}
