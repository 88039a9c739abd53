"""Every page says who it is open to, and every page that changes something is asked for by POST."""

from __future__ import annotations

import inspect

from flask import Flask

from tests.house.routes import OWN_SESSION, PUBLIC


def test_every_page_says_who_it_is_open_to(app: Flask):
    """Or `PUBLIC` in tests/house/routes.py says why it is open to all."""
    unguarded = {
        rule.endpoint for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], "open_to")
    }

    assert unguarded == PUBLIC.keys() | OWN_SESSION


def test_every_guarded_page_lives_under_its_course(app: Flask):
    strays = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if hasattr(app.view_functions[rule.endpoint], "open_to") and not rule.rule.startswith("/courses/<course>/")
    }

    assert strays == set()


def test_no_page_that_is_only_shown_commits(app: Flask):
    """GET shows, POST changes: a view for GET alone has no commit in it."""
    changing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods is not None
        and "POST" not in rule.methods
        and ".commit()" in inspect.getsource(inspect.unwrap(app.view_functions[rule.endpoint]))
    }

    assert changing == set()
