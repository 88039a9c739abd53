"""What panels ask of the database while a page is filled."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lti_tool import panels
from lti_tool.models import Enrolment, Role
from lti_tool.panels import Card, Panel, once_a_page
from tests.cast import Cast


class Asked:
    """Somebody's role, asked of a database that counts."""

    def __init__(self) -> None:
        self.times = 0

        @once_a_page
        def role(_session: Session, person: Enrolment, *_more: object) -> Role:
            self.times += 1
            return person.role

        self.role = role


@pytest.fixture
def leo(cast: Cast) -> Enrolment:
    return cast.enrol(cast.course(), "Leo Baum")


def hang(app: Flask, asked: Asked, session: Session, *, more: tuple[object, ...] = ()) -> None:
    def fill(me: Enrolment) -> Card:
        return Card(title=asked.role(session, me, *more).value, template="none.html")

    panels.register(app, Panel(key="asks", order=1, open_to=(Role.LEARNER,), fill=fill))


def test_what_two_panels_ask_is_asked_once_a_page_and_again_on_the_next(app: Flask, session: Session, leo: Enrolment):
    app.extensions["panels"], asked = [], Asked()
    hang(app, asked, session)
    hang(app, asked, session)

    first = [card.title for _key, card in panels.cards_for(leo)]
    leo.role = Role.LEARNER
    panels.cards_for(leo)

    assert (first, asked.times) == (["learner", "learner"], 2)


def test_another_question_is_asked_as_well(app: Flask, session: Session, leo: Enrolment):
    app.extensions["panels"], asked = [], Asked()
    hang(app, asked, session)
    hang(app, asked, session, more=("otherwise",))

    panels.cards_for(leo)

    assert asked.times == 2


def test_where_no_page_is_filled_every_question_is_asked(app: Flask, session: Session, leo: Enrolment):
    asked = Asked()

    answers = [asked.role(session, leo), asked.role(session, leo)]

    assert (answers, asked.times) == ([Role.LEARNER, Role.LEARNER], 2)


def test_a_panel_that_fails_leaves_no_answers_behind(app: Flask, session: Session, leo: Enrolment):
    app.extensions["panels"], asked = [], Asked()
    hang(app, asked, session)

    def stumble(_me: Enrolment) -> Card:
        raise RuntimeError("not this one")

    panels.register(app, Panel(key="stumbles", order=2, open_to=(Role.LEARNER,), fill=stumble))
    with pytest.raises(RuntimeError):
        panels.cards_for(leo)

    asked.role(session, leo)
    assert asked.times == 2
