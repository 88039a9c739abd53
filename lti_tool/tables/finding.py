"""Who is meant by a row: people of a course by their mail, or by their full name where nobody else has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from lti_tool.models import Enrolment
from lti_tool.names import in_sentence, plainly
from lti_tool.tables.reading import Column

MAILS = ("mail", "email", "e-mail", "email address", "e-mail address")
PERSON = (
    Column("mail", MAILS),
    Column("name", ("name", "full name")),
    Column("person", ("person",)),
)
"""The columns by which a table may say who is meant; under *person* stands either."""
WANTS_PERSON = tuple(column.key for column in PERSON)


@dataclass(frozen=True)
class Found:
    """Somebody, or the sentence that says why it is nobody."""

    person: Enrolment | None
    sentence: str = ""


class Directory:
    """The people of a course, to be found by what a row says of them."""

    def __init__(self, people: Iterable[Enrolment]) -> None:
        self._by_mail: dict[str, list[Enrolment]] = defaultdict(list)
        self._by_name: dict[str, list[Enrolment]] = defaultdict(list)
        for person in people:
            for name in {_key(person.name), _key(person.person.name)} - {""}:
                self._by_name[name].append(person)
            if person.person.email:
                self._by_mail[person.person.email.casefold()].append(person)

    def named_in(self, cells: Mapping[str, str]) -> Found:
        """Whom these cells of the columns `PERSON` mean."""
        either = cells["person"]
        mail = cells["mail"] or (either if "@" in either else "")
        name = cells["name"] or ("" if "@" in either else either)
        return self.find(mail=mail, name=name)

    def find(self, *, mail: str = "", name: str = "") -> Found:
        """The mail decides; the name counts where there is no mail, or for somebody whose mail is withheld."""
        if not (mail or name):
            return Found(None, _("It names nobody. Fill in the mail or the full name."))
        called = self._by_name.get(_key(name), []) if name else []
        if mail:
            withheld = [person for person in called if not person.person.email]
            return self._with_mail(mail, withheld)
        return _the_only(called, name, unknown=_unknown_name, shared=_shared_name)

    def with_mail(self, mail: str) -> Enrolment | None:
        """The one person with this mail; None if nobody or several have it."""
        found = self._by_mail.get(mail.casefold(), [])
        return found[0] if len(found) == 1 else None

    def _with_mail(self, mail: str, withheld: list[Enrolment]) -> Found:
        found = self._by_mail.get(mail.casefold()) or withheld
        if not self._by_mail and not found:
            return Found(
                None, _("Your learning platform shares no mails with this tool. Write full names, without mails.")
            )
        return _the_only(found, mail, unknown=_unknown_mail, shared=_shared_mail)


def _the_only(
    found: Sequence[Enrolment], said: str, *, unknown: Callable[[str], str], shared: Callable[[str], str]
) -> Found:
    if len(found) == 1:
        return Found(found[0])
    return Found(None, shared(said) if found else unknown(said))


def _key(name: str) -> str:
    return plainly(" ".join(name.split()))


def _unknown_mail(mail: str) -> str:
    return str(
        _(
            "Nobody in this course has the mail %(mail)s. Check how it is written, or read the class list again "
            "under People.",
            mail=mail,
        )
    )


def _shared_mail(mail: str) -> str:
    return str(_("Several people of this course have the mail %(mail)s. Use the full name instead.", mail=mail))


def _unknown_name(name: str) -> str:
    return str(
        _(
            "Nobody in this course is called %(name)s. Write the whole name as it stands under People, or use the "
            "mail.",
            name=in_sentence(name),
        )
    )


def _shared_name(name: str) -> str:
    return str(
        _(
            "Several people of this course are called %(name)s. Use the mail to say who is meant.",
            name=in_sentence(name),
        )
    )
