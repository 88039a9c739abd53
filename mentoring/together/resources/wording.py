"""What is wrong with a file, in sentences: the cause, and what can be done."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from lti_tool.files.troubles import Trouble

TROUBLES: dict[Trouble, LazyString] = {
    Trouble.NOT_ALLOWED: _l(
        "Files of this kind are not taken. Share a PDF, an office file (docx, xlsx, pptx, odt, ods, odp), a picture "
        "(png, jpeg, gif, webp) or text (txt, md, csv), or put it elsewhere and share a link."
    ),
    Trouble.EMPTY: _l("This file is empty. Choose it once more."),
    Trouble.TOO_LARGE: _l("A file has 10 MB at most. Make it smaller, or put it elsewhere and share a link."),
    Trouble.NOT_WHAT_IT_SAYS: _l(
        "What is in this file is not what its name says. Open it in the program it was made with, save it anew, and "
        "choose that."
    ),
    Trouble.DAMAGED: _l("This file is damaged, or not all of it is there. Save it anew and choose that."),
    Trouble.BOMB: _l("This file unpacks to far more than it seems to hold, so it is not taken. Share a PDF of it."),
    Trouble.NESTED: _l("This file has other files packed within it. Share those by themselves."),
    Trouble.MACROS: _l("This file holds macros or programs, so it is not taken. Save it without them, or as a PDF."),
    Trouble.LOCKED: _l("This file is locked by a password, so nobody could look into it. Save it without one."),
    Trouble.PIXELS: _l("This picture has too many pixels to be opened safely. Make it smaller."),
    Trouble.WEB_PAGE: _l("This is a web page or a drawing that can hold scripts. Share a link to it, or a PDF or PNG."),
}
