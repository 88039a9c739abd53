"""What the pages of banks share: their addresses, who may open them, and how they find what an address names."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from lti_tool.db import db
from lti_tool.models import Enrolment, Role
from quizzes.bank import queries
from quizzes.questions import Bank, Category, Question, QuestionVersion

bp = Blueprint("banks", __name__)

WRITERS = (Role.INSTRUCTOR, Role.DESIGNER)
READERS = (*WRITERS, Role.ASSISTANT)

BANKS = "/courses/<course>/banks"
BANK = f"{BANKS}/<bank_id>"
CATEGORIES = f"{BANK}/categories"
QUESTIONS = f"{BANK}/questions"
QUESTION = f"{QUESTIONS}/<question_id>"


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """It was not read to its end, so there is no form to show again."""
    db.session.rollback()
    words = {
        "heading": _("That was too much at once"),
        "cause": _(
            "The texts of a question have 100,000 characters at most, many questions together 250,000 characters, "
            "a picture 10 MB, and a file with questions 64 MB. Nothing was kept."
        ),
        "cure": _("Go back: what you typed is still there. Make it shorter, or choose a smaller picture."),
    }
    return render_template("errors/error.html", code=413, **words), 413


def may_write(me: Enrolment, bank: Bank) -> bool:
    return me.role in WRITERS and bank.course_id == me.course_id


def bank_of(me: Enrolment, bank_id: str) -> Bank:
    """A bank of my course or one that all courses share, or a 404."""
    found = db.session.scalar(queries.seen_by(me.course).where(Bank.public_id == bank_id))
    return found or abort(404)


def own_bank(me: Enrolment, bank_id: str) -> Bank:
    """A bank that is my course's to change, or a 404."""
    found = db.session.scalar(select(Bank).where(Bank.course_id == me.course_id, Bank.public_id == bank_id))
    return found or abort(404)


def category_in(bank: Bank, category_id: str) -> Category:
    wanted = select(Category).where(Category.bank_id == bank.id, Category.public_id == category_id)
    return db.session.scalar(wanted) or abort(404)


def question_in(bank: Bank, question_id: str) -> Question:
    wanted = select(Question).where(Question.bank_id == bank.id, Question.public_id == question_id)
    return db.session.scalar(wanted) or abort(404)


def version_in(question: Question, version_id: str) -> QuestionVersion:
    wanted = select(QuestionVersion).where(
        QuestionVersion.question_id == question.id, QuestionVersion.public_id == version_id
    )
    return db.session.scalar(wanted) or abort(404)
