"""Every page says who it is open to, and every page that changes something is asked for by POST."""

from __future__ import annotations

import inspect

from flask import Flask

OPEN_DOORS = {
    "static",
    "quizzes.static",
    "lti.login",
    "lti.launch",
    "lti.open_window",
    "lti.jwks",
    "lti.front",
    "lti.healthz",
    "lti.readyz",
    # Each notice is signed by its platform.
    "lti.notices",
    # For operators: a code from the command line begins their session, and their forms carry a token of it.
    "lti.check",
    "lti.check_code",
    "lti.check_platform",
    "lti.check_end",
    "registration.ask",
    "registration.canvas",
    "registration.register",
}
"""Endpoints for everybody, or for an LMS that proves itself in the request."""
OWN_LOCK = "lrs."
"""The LRS asks for a credential with every request."""
WITHOUT_COURSE = {"deep_linking.choose_anywhere", "deep_linking.place_anywhere"}
"""A request to place something in no course in particular is open to the browser session it was launched in."""


def test_every_page_says_who_it_is_open_to(app: Flask):
    unguarded = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "open_to")
        and rule.endpoint not in OPEN_DOORS | WITHOUT_COURSE
        and not rule.endpoint.startswith(OWN_LOCK)
    }

    assert unguarded == set()


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
