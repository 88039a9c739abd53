"""For operators: where mail goes, and what is missing for that."""

from __future__ import annotations

from flask import current_app
from flask_babel import gettext as _

from lti_tool.notifying.post_offices import ServerOffice, post_office
from lti_tool.operating.checking import Advice, Cell, Fact, Section, code, words
from lti_tool.outgoing.mail_settings import Encryption


def sections() -> list[Section]:
    office = post_office()
    advice = []
    if isinstance(office, ServerOffice):
        goes_to = words(office.server.name)
        private = _private(office.server.encryption)
    else:
        goes_to, private = words(_("a folder on this machine, and to nobody"), "waiting"), words(_("nothing is sent"))
        if current_app.config["IS_HTTPS"]:
            sentence = _("No mail server is named, so nobody gets mail. Start the tool with the server's address.")
            command = "MAIL_URL=smtp://user:password@mail.example.org MAIL_FROM=mentoring@example.org"
            advice.append(Advice(sentence=sentence, command=command))
    facts = [
        Fact(label=_("Mail goes to"), cell=goes_to),
        Fact(label=_("Kept private by"), cell=private),
        Fact(label=_("Sent from"), cell=code(office.sender.addr_spec)),
    ]
    return [Section(key="mail", title=_("Mail"), facts=facts, advice=advice)]


def _private(encryption: Encryption) -> Cell:
    return words(_("nothing"), "waiting") if encryption is Encryption.NONE else words(encryption.value, "done")
