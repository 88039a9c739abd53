"""What a mentee wrote to the mentor they asked, and what the two asked and answered: for those two."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lti_tool.models import Enrolment
from mentoring.mentorships.blueprint import look_at
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.earlier.reading import may_read_earlier
from mentoring.mentorships.models import Mentorship

KIND = EarlierKind(key="ask", order=5, label=_l("What you wrote when you asked for a mentor"))


def reads_ask(me: Enrolment, mentorship: Mentorship) -> bool:
    """Instructors do; a mentor who came later does if their mentee lets them."""
    look = look_at(me, mentorship)
    return look.mine is None or may_read_earlier(look, KIND.key)
