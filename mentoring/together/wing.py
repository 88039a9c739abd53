"""What a wing of `mentoring.together` brings along: its pages, what it hangs on those of others, what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from lti_tool import mail, panels
from lti_tool.mail import NoticeKind
from lti_tool.models import Person
from lti_tool.panels import BriefPanel, Panel
from mentoring.mentorships import sections
from mentoring.mentorships.earlier import kinds
from mentoring.mentorships.earlier.kinds import EarlierKind
from mentoring.mentorships.sections import Section
from mentoring.together import summing_up
from mentoring.together.summing_up import SummaryPart


def _nothing_more(_app: Flask) -> None:
    """For wings that listen to nothing and carry no letters."""


@dataclass(frozen=True, kw_only=True)
class Wing:
    """One thing people of a mentorship do together."""

    key: str
    """Names its part of what is given out about a person."""
    export: Callable[[Session, Person, Sequence[int]], Any]
    """What it holds about a person, as plain JSON; they are these participants."""
    forget: Callable[[Session, Person, Sequence[int]], None]
    """Takes away what it holds about them; what others wrote stays. Commits nothing."""
    blueprints: Sequence[Blueprint] = ()
    sections: Sequence[Section] = ()
    """Of the page of a mentorship."""
    panels: Sequence[Panel] = ()
    """Of home pages."""
    brief: Sequence[BriefPanel] = ()
    """Of what a mentor reads before they meet their mentee."""
    notices: Sequence[NoticeKind] = ()
    earlier: Sequence[EarlierKind] = ()
    """What of it a mentee may let a new mentor read."""
    summary: Sequence[SummaryPart] = ()
    """What of it stands in the summary that each keeps."""
    begin: Callable[[Flask], None] = _nothing_more
    """Subscribes to events, registers carriers of letters and runners of jobs."""

    def init_app(self, app: Flask) -> None:
        for bp in self.blueprints:
            app.register_blueprint(bp)
        for section in self.sections:
            sections.register(app, section)
        for panel in self.panels:
            panels.register(app, panel)
        for brief_panel in self.brief:
            panels.register_brief(app, brief_panel)
        for kind in self.notices:
            mail.register_kind(app, kind)
        for earlier in self.earlier:
            kinds.register(app, earlier)
        for part in self.summary:
            summing_up.register(app, part)
        self.begin(app)
