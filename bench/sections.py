"""Every promise of speed, in the order of the table. A later issue adds a module and a line here."""

from __future__ import annotations

from bench import (
    beside,
    boards,
    deliveries,
    formats,
    home_bases,
    homes,
    launches,
    matching,
    micro,
    quiz_reports,
    quiz_statistics,
    quizzes,
    regrades,
    results,
    reviews,
    rosters,
    silence,
    starts,
    statements,
    storms,
    waiting,
    web_servers,
)
from bench.bench import Section

SECTIONS = (
    Section(key="micro", title="Alone in one process", measure=micro.rows),
    Section(key="starts", title="Starts", measure=starts.rows),
    Section(key="launches", title="Launches", measure=launches.rows),
    Section(key="peers", title="Beside others", measure=beside.rows),
    Section(key="servers", title="Web servers", measure=web_servers.rows),
    Section(key="homes", title="Home pages", measure=homes.rows),
    Section(key="quizzes", title="Quizzes", measure=quizzes.rows),
    Section(key="statistics", title="Statistics of quizzes", measure=quiz_statistics.rows),
    Section(key="storms", title="Storms on a quiz", measure=storms.rows),
    Section(key="regrades", title="Marking anew", measure=regrades.rows),
    Section(key="reports", title="Reports of quizzes", measure=quiz_reports.rows),
    Section(key="formats", title="Questions from files", measure=formats.rows),
    Section(key="reviews", title="Reviews", measure=reviews.rows),
    Section(key="results", title="Results of reviews", measure=results.rows),
    Section(key="waiting", title="Who has not answered", measure=waiting.rows),
    Section(key="matching", title="Matching", measure=matching.rows),
    Section(key="boards", title="Pairing pages", measure=boards.rows),
    Section(key="rosters", title="Rosters", measure=rosters.rows),
    Section(key="bases", title="Home bases", measure=home_bases.rows),
    Section(key="silence", title="Reminders", measure=silence.rows),
    Section(key="statements", title="Statements", measure=statements.rows),
    Section(key="deliveries", title="Deliveries", measure=deliveries.rows),
)
