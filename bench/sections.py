"""Every promise of speed, in the order of the table. A later issue adds a module and a line here."""

from __future__ import annotations

from bench import beside, homes, launches, micro, quizzes, rosters, web_servers
from bench.bench import Section

SECTIONS = (
    Section(key="micro", title="Alone in one process", measure=micro.rows),
    Section(key="launches", title="Launches", measure=launches.rows),
    Section(key="peers", title="Beside others", measure=beside.rows),
    Section(key="servers", title="Web servers", measure=web_servers.rows),
    Section(key="homes", title="Home pages", measure=homes.rows),
    Section(key="quizzes", title="Quizzes", measure=quizzes.rows),
    Section(key="rosters", title="Rosters", measure=rosters.rows),
)
