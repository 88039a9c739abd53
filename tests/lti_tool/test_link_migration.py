"""The sixth migration with links in the tables: each keeps what it opens, and counts as it did."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, text

from lti_tool import migrating

BEFORE = """
INSERT INTO platform
  (id, public_id, name, issuer, client_id, auth_url, token_url, jwks_url, family, standing, is_self_registered,
   granted_scopes, remarks, created)
  VALUES (1, 'p', 'Campus', 'https://c.example', 'tool', 'a', 't', 'j', '', 'active', '0', '[]', '[]',
          '2026-01-01 00:00:00+00:00');
INSERT INTO deployment (id, platform_id, deployment_id, standing, created)
  VALUES (1, 1, '1', 'active', '2026-01-01 00:00:00+00:00');
INSERT INTO course (id, public_id, deployment_id, context_id, title, label, line_item_scopes, next_number, created)
  VALUES (1, 'c', 1, '101', 'Starting', 'S', '[]', 3, '2026-01-01 00:00:00+00:00');
INSERT INTO placement
  (id, public_id, deployment_id, course_id, resource_link_id, title, activity, reference, line_item, created)
  VALUES (1, 'l', 1, 1, '7', 'Quiz', 'quiz', 'quiz:abc', 'https://c.example/1', '2026-01-01 00:00:00+00:00'),
         (2, 'm', 1, 1, '8', 'Home', '', '', NULL, '2026-01-01 00:00:00+00:00')
"""


def test_links_placed_before_keep_what_they_open_and_count_as_they_did(old_database: Engine):
    command.upgrade(migrating.alembic_config(old_database), "0005")
    with old_database.begin() as connection:
        for statement in BEFORE.split(";\n"):
            connection.execute(text(statement))

    command.upgrade(migrating.alembic_config(old_database), "0006")

    with old_database.connect() as connection:
        rows = connection.execute(
            text("SELECT activity, reference, line_item, resource, is_graded FROM placement ORDER BY id")
        ).all()
    assert [tuple(row) for row in rows] == [
        ("quiz", "quiz:abc", "https://c.example/1", "", True),
        ("", "", None, "", True),
    ]
