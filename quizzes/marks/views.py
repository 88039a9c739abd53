"""Pages for those who mark: what waits, one answer at a time, and whether names are hidden."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lti_tool import clock
from lti_tool.access import open_to
from lti_tool.db import db, find_or_create
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes import showing
from quizzes.blueprint import STAFF
from quizzes.files import wording as file_words
from quizzes.files.views import handed_out
from quizzes.marks import giving, handed_in, queries, remarks
from quizzes.marks.forms import CRITERION, MarkingForm, marking_form
from quizzes.marks.giving import MarkedMeanwhile
from quizzes.marks.handed_in import HandedIn
from quizzes.marks.models import Grading, MarkingWay
from quizzes.marks.queries import By, Waiting
from quizzes.models import Answer, Attempt, Quiz
from quizzes.queries import attempt_to_change, quizzes_of
from quizzes.visiting import quiz_of

bp = Blueprint("marks", __name__, template_folder="templates")
HERE = "/courses/<course>/quizzes/<quiz_id>/marking"
OF_ONE = f"{HERE}/<attempt_id>/<int:place>"


@bp.get("/courses/<course>/quizzes/marking")
@open_to(*STAFF)
def index(me: Enrolment) -> ResponseReturnValue:
    """The quizzes of the course, each with how much waits."""
    quizzes = quizzes_of(db.session, me.course)
    if len(quizzes) == 1:
        return redirect(url_for(".quiz", course=me.course.public_id, quiz_id=quizzes[0].public_id))
    return render("marks/index.html", me=me, quizzes=quizzes, waiting=queries.in_course(db.session, me.course))


@bp.get(HERE)
@open_to(*STAFF)
def quiz(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    quiz, by = quiz_of(me, quiz_id), _by()
    is_blind = queries.is_blind(db.session, quiz)
    return render(
        "marks/quiz.html",
        me=me,
        quiz=quiz,
        by=by,
        heaps=queries.heaps(db.session, quiz, by, is_blind=is_blind),
        is_blind=is_blind,
        called=called,
    )


@bp.post(f"{HERE}/names")
@open_to(*STAFF)
def names(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """Hide names, or show them, for everybody who marks this quiz."""
    quiz = quiz_of(me, quiz_id)
    way, _is_new = find_or_create(db.session, MarkingWay, {"quiz_id": quiz.id}, is_blind=False)
    way.is_blind = request.form.get("names") == "hidden"
    db.session.commit()
    return redirect(_list(me, quiz, _by()))


@bp.get(f"{HERE}/next")
@open_to(*STAFF)
def begin(me: Enrolment, quiz_id: str) -> ResponseReturnValue:
    """To the first answer that waits, of a question or an attempt if one is named."""
    quiz, by = quiz_of(me, quiz_id), _by()
    first = queries.first_of(
        db.session,
        quiz,
        by,
        question=request.args.get("question", ""),
        attempt=request.args.get("attempt", ""),
        is_blind=queries.is_blind(db.session, quiz),
    )
    return redirect(_address(me, quiz, by, first) if first else _list(me, quiz, by))


@bp.get(OF_ONE)
@open_to(*STAFF)
def answer(me: Enrolment, quiz_id: str, attempt_id: str, place: int) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    answer = _answer(quiz, attempt_id, place)
    gradings = giving.gradings_of(db.session, answer)
    return _page(me, quiz, answer, marking_form(answer=answer, newest=next(iter(gradings), None)))


@bp.post(OF_ONE)
@open_to(*STAFF)
def give(me: Enrolment, quiz_id: str, attempt_id: str, place: int) -> ResponseReturnValue:
    quiz = quiz_of(me, quiz_id)
    answer = _answer(quiz, attempt_id, place)
    form = marking_form(answer=answer, newest=giving.newest_of(db.session, answer))
    if not form.validate_on_submit():
        return _page(me, quiz, answer, form), 422
    attempt = attempt_to_change(db.session, Attempt.id == answer.attempt_id) or abort(404)
    try:
        giving.give(db.session, attempt, place, form.given(), by=me, seen=form.seen.data or 0, at=clock.now())
    except MarkedMeanwhile as meanwhile:
        form.has_seen(meanwhile.grading)
        return _page(me, quiz, answer, form, meanwhile=meanwhile.grading), 409
    db.session.commit()
    return redirect(_after(me, quiz, _by()))


@bp.get(f"{OF_ONE}/files/<file_id>")
@open_to(*STAFF)
def file(me: Enrolment, quiz_id: str, attempt_id: str, place: int, file_id: str) -> ResponseReturnValue:
    """A file that was handed in, to be read; where names are hidden, by a name that gives nobody away."""
    quiz = quiz_of(me, quiz_id)
    answer = _answer(quiz, attempt_id, place)
    found = next((each for each in _files(quiz, answer) if each.file.public_id == file_id), None) or abort(404)
    back = _address(me, quiz, _by(), Waiting(attempt_id, place))
    return handed_out(found.file, called=found.called) or redirect(back)


def _files(quiz: Quiz, answer: Answer) -> Sequence[HandedIn]:
    return handed_in.files_of(answer, is_blind=queries.is_blind(db.session, quiz))


def _after(me: Enrolment, quiz: Quiz, by: By) -> str:
    """The answer that came next when this one was shown, or else the first that waits; the list, once none does."""
    waiting = queries.in_order(db.session, quiz, by, is_blind=queries.is_blind(db.session, quiz))
    if not waiting:
        flash(_("Saved. Nothing of this quiz waits for marking any more."), "success")
        return _list(me, quiz, by)
    flash(_("Saved. Here is the next answer."), "success")
    following = request.form.get("following", "")
    return _address(me, quiz, by, next((each for each in waiting if str(each) == following), waiting[0]))


def _page(me: Enrolment, quiz: Quiz, answer: Answer, form: MarkingForm, *, meanwhile: Grading | None = None) -> str:
    by, is_blind = _by(), queries.is_blind(db.session, quiz)
    waiting = queries.in_order(db.session, quiz, by, is_blind=is_blind)
    following = queries.after(waiting, Waiting(answer.attempt.public_id, answer.place))
    return render(
        "marks/answer.html",
        me=me,
        quiz=quiz,
        answer=answer,
        form=form,
        criteria=[(each, form[CRITERION + each.id]) for each in form.rubric],
        gradings=giving.gradings_of(db.session, answer),
        meanwhile=meanwhile,
        by=by,
        is_blind=is_blind,
        called=called,
        waiting=len(waiting),
        following=following,
        skip=_address(me, quiz, by, following) if following else "",
        said=showing.said,
        files=handed_in.files_of(answer, is_blind=is_blind),
        file_words=file_words,
        comment=remarks.comment_of,
    )


def called(attempt: Attempt, *, is_blind: bool) -> str:
    """Whose answers these are; where names are hidden, a word that leads nowhere: the same on every page."""
    if is_blind:
        word = attempt.public_id[:6].upper()
        return str(_("Attempt %(word)s", word=f"{word[:3]}-{word[3:]}"))
    return str(_("%(name)s, attempt %(n)d", name=attempt.enrolment.name, n=attempt.n))


def _by() -> By:
    return By.PERSON if request.args.get("by") == By.PERSON else By.QUESTION


def _list(me: Enrolment, quiz: Quiz, by: By) -> str:
    return url_for(".quiz", course=me.course.public_id, quiz_id=quiz.public_id, by=by.value)


def _address(me: Enrolment, quiz: Quiz, by: By, answer: Waiting) -> str:
    return url_for(
        ".answer",
        course=me.course.public_id,
        quiz_id=quiz.public_id,
        attempt_id=answer.attempt,
        place=answer.place,
        by=by.value,
    )


def _answer(quiz: Quiz, attempt_id: str, place: int) -> Answer:
    """An answer of a closed attempt at this quiz, or a 404."""
    return queries.answer_of(db.session, quiz, attempt_id, place) or abort(404)
