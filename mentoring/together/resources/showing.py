"""Resources on the page of a mentorship, and what the templates are given beside them."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from lti_tool.files.kinds import ACCEPT
from lti_tool.files.wording import kind_and_size
from lti_tool.panels import Card
from mentoring.mentorships.sections import Look, Section
from mentoring.names import in_sentence
from mentoring.together.resources import queries
from mentoring.together.resources.models import Resource

FEW = 5


def what(resource: Resource) -> str:
    """*PDF, 1.3 MB*; of a link the host that it leads to."""
    if not resource.is_file:
        return resource.url.partition("://")[2].partition("/")[0]
    return kind_and_size(resource.file_name, resource.size)


WORDS = {"what": what, "accept": ACCEPT}


def names_in(look: Look) -> Mapping[int, str]:
    """Of whoever belongs to the mentorship: what others shared who have left it, stays without a name."""
    return {person.enrolment_id: in_sentence(person.name) for person in look.mentorship.people}


def section(look: Look) -> Card | None:
    """The newest; where there is nothing and nobody can share anything, nothing."""
    found = queries.few_for(look, FEW)
    if not found and not look.can_write:
        return None
    return Card(
        title=_("Resources"),
        template="resources/_section.html",
        context={"look": look, "resources": found, "words": WORDS},
    )


SECTION = Section(key="resources", order=45, fill=section)
