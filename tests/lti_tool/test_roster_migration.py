"""The seventh migration with people in the tables: nobody is lost, and what cannot be known is left open."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, inspect, text

from lti_tool import migrating

BEFORE = """
INSERT INTO platform
  VALUES (1, 'p', 'Campus', 'https://c.example', 'tool', 'a', 't', NULL, 'j', '', 'active', '2026-01-01');
INSERT INTO deployment VALUES (1, 1, '1', 'active', '2026-01-01');
INSERT INTO person (id, public_id, platform_id, subject, name, given_name, email, locale, time_zone, created)
  VALUES (1, 'a', 1, 'leo', 'Leo', '', '', '', '', '2026-01-01'),
         (2, 'b', 1, 'ines', 'Ines', '', '', '', '', '2026-01-01');
INSERT INTO course (id, public_id, deployment_id, context_id, title, label, line_item_scopes, next_number, created)
  VALUES (1, 'c', 1, '101', 'Starting', 'S', '[]', 3, '2026-01-01');
INSERT INTO enrolment (id, public_id, course_id, person_id, role, number, is_active, is_test, last_launch, created)
  VALUES (1, 'e', 1, 1, 'learner', 1, '1', '0', NULL, '2026-01-01'),
         (2, 'f', 1, 2, 'instructor', 2, '1', '0', '2026-01-02', '2026-01-01');
INSERT INTO letter (id, lane, key, body, edition, due, state, attempts, error, created)
  VALUES (1, 'roster:p', 'roster:1', '{}', 1, '2026-01-01', 'waiting', 0, '', '2026-01-01'),
         (2, 'gradebook:p', 'grade:1', '{}', 1, '2026-01-01', 'waiting', 0, '', '2026-01-01')
"""


def test_people_keep_their_seats_and_letters_about_rosters_make_way_for_jobs(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), "0004")
    with old_database.begin() as connection:
        for statement in BEFORE.split(";\n"):
            connection.execute(text(statement))

    command.upgrade(migrating.alembic_config(old_database), "0007")

    with old_database.connect() as connection:
        seats = connection.execute(
            text('SELECT id, role, roster_role, is_active, "left" FROM enrolment ORDER BY 1')
        ).all()
        lanes = connection.execute(text("SELECT lane FROM letter")).scalars().all()
    assert [tuple(row) for row in seats] == [(1, "learner", "learner", True, None), (2, "instructor", None, True, None)]
    assert lanes == ["gradebook:p"]
    assert "uq_job_unfinished_key" in {each["name"] for each in inspect(old_database).get_indexes("job")}
