"""The editor: one page for a question, made for writing thirty in a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import Field

from lti_tool import clock, sounds, uploads
from lti_tool.access import open_to
from lti_tool.db import db, new_public_id
from lti_tool.models import Enrolment
from lti_tool.pages import render
from quizzes import rich
from quizzes.bank import media, queries, sorting, trying, writing
from quizzes.bank.blueprint import QUESTION, QUESTIONS, WRITERS, bp, category_in, own_bank, question_in
from quizzes.bank.checking import Problem
from quizzes.bank.editing import FORMS, Place, QuestionForm
from quizzes.bank.models import Medium
from quizzes.bank.question_views import address_of
from quizzes.bank.trying import Trial
from quizzes.bank.wording import ABOUT_KINDS, KINDS, NOT_TAKEN, in_place
from quizzes.bank.writing import Said
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category, Question, QuestionVersion
from quizzes.rich import Named, TextFormat

KEPT = ("category", "tags", "difficulty")
"""What stays as it was from one question to the next."""
PREVIEW = "quizzes/bank/_preview.html"


@dataclass
class Desk:
    """A question on the desk: where it stands, what it was, and what the form says of it."""

    me: Enrolment
    bank: Bank
    kind: Kind
    question: Question | None = None
    version: QuestionVersion | None = None
    problems: list[Problem] = field(default_factory=list)
    trial: Trial | None = None
    is_looked_at: bool = False

    @property
    def place(self) -> Place:
        return Place(
            branches=queries.tree(db.session, self.bank),
            pictures=media.pictures_of(db.session, self.bank) if self.kind is Kind.HOTSPOT else (),
        )

    def said(self, form: QuestionForm) -> Said:
        return form.said(self.version.body if self.version else {})


@bp.get(f"{QUESTIONS}/new")
@open_to(*WRITERS)
def new(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    """Which kind comes first; what was chosen for the last question stays chosen."""
    bank = own_bank(me, bank_id)
    kind = _kind_said()
    if kind is None:
        kept = {name: request.args[name] for name in KEPT if name in request.args}
        kinds = [(kind, label, ABOUT_KINDS[kind]) for kind, label in KINDS.items()]
        return render("quizzes/bank/kinds.html", me=me, bank=bank, kinds=kinds, kept=kept)
    desk = Desk(me, bank, kind)
    form = FORMS[kind].begun(desk.place, **{name: request.args.get(name, "") for name in KEPT})
    return _page(desk, form)


def _kind_said() -> Kind | None:
    said = request.args.get("kind", "")
    return Kind(said) if said in list(Kind) else None


@bp.post(f"{QUESTIONS}/new")
@open_to(*WRITERS)
@uploads.takes_a_file
def write(me: Enrolment, bank_id: str) -> ResponseReturnValue:
    bank, kind = own_bank(me, bank_id), _kind_said()
    if kind is None:
        return redirect(url_for(".new", course=me.course.public_id, bank_id=bank.public_id))
    desk = Desk(me, bank, kind)
    return _answer(desk, FORMS[desk.kind](place=desk.place))


@bp.get(f"{QUESTION}/edit")
@open_to(*WRITERS)
def edit(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    desk = _desk_of(me, bank_id, question_id)
    assert desk.question is not None
    assert desk.version is not None
    return _page(desk, FORMS[desk.kind].of(desk.place, desk.question, desk.version))


@bp.post(f"{QUESTION}/edit")
@open_to(*WRITERS)
@uploads.takes_a_file
def change(me: Enrolment, bank_id: str, question_id: str) -> ResponseReturnValue:
    desk = _desk_of(me, bank_id, question_id)
    return _answer(desk, FORMS[desk.kind](place=desk.place))


def _desk_of(me: Enrolment, bank_id: str, question_id: str) -> Desk:
    bank = own_bank(me, bank_id)
    question = question_in(bank, question_id)
    version = writing.newest_of(db.session, question)
    return Desk(me, bank, version.kind, question, version)


def _answer(desk: Desk, form: QuestionForm) -> ResponseReturnValue:
    """Whichever button was pressed; what was typed stays, whatever comes of it."""
    what = request.form.get("do", "save")
    if "more" in request.form:
        form.one_more(request.form["more"])
        return _page(desk, form)
    if what == "picture":
        return _take_picture(desk, form)
    if what == "sound":
        return _take_sound(desk, form)
    desk.is_looked_at = what in ("preview", "try")
    if not form.validate_on_submit():
        return _page(desk, form, fragment=PREVIEW if desk.is_looked_at else ""), 422
    if desk.is_looked_at:
        return _preview(desk, form, is_answered=what == "try")
    return _save(desk, form, is_next=what == "next")


def _take_picture(desk: Desk, form: QuestionForm) -> ResponseReturnValue:
    """Kept at once, and named in the question; of a picture with places in it, chosen."""
    says = "image" in form and form.alt.data
    if not says and _lacks_words(
        form.picture_alt, form.picture, _("Say in words what the picture shows, then choose it once more.")
    ):
        return _page(desk, form), 422
    made = _taken(desk, form.picture, media.take_in)
    if made is None:
        return _page(desk, form), 422
    words = form.picture_alt.data or ""
    if "image" in form:
        form.place = desk.place
        form.offer_pictures()
        form.image.data, form.alt.data = made.public_id, form.alt.data or words
    else:
        _add_to_text(form, Named(made.public_id, words))
    form.picture_alt.data = ""
    return _page(desk, form)


def _take_sound(desk: Desk, form: QuestionForm) -> ResponseReturnValue:
    """The same of a recording, which stands in the text."""
    if _lacks_words(form.sound_words, form.sound, _("Write what is heard in the recording, then choose it once more.")):
        return _page(desk, form), 422
    made = _taken(desk, form.sound, media.take_in_sound)
    if made is None:
        return _page(desk, form), 422
    words = " ".join((form.sound_words.data or "").split())
    _add_to_text(form, Named(made.public_id, words, is_sound=True))
    form.sound_words.data = ""
    return _page(desk, form)


def _lacks_words(words: Field, file: Field, sentence: str) -> bool:
    """Whether nobody who cannot see or hear it would know what it says, which then stands beside the words."""
    sent = file.data
    is_lacking = isinstance(sent, FileStorage) and bool(sent.filename) and not (words.data or "").strip()
    if is_lacking:
        words.errors = [sentence]
    return is_lacking


def _taken(desk: Desk, field: Field, take_in: Callable[..., Medium]) -> Medium | None:
    """The file of this field, kept; None, which stands beside the field, where it is not taken."""
    sent = field.data
    if not isinstance(sent, FileStorage) or not sent.filename:
        field.errors = [_("Choose a file first.")]
        return None
    try:
        return take_in(db.session, desk.bank, sent, at=clock.now())
    except media.NotTaken as refused:
        db.session.rollback()
        field.errors = [str(NOT_TAKEN[refused.trouble])]
        return None


def _add_to_text(form: QuestionForm, named: Named) -> None:
    if form.text_format.data == TextFormat.PLAIN:
        form.text_format.data = TextFormat.MARKDOWN.value
    naming = rich.naming(named, TextFormat(form.text_format.data))
    form.text.data = "\n\n".join(part for part in (form.text.data, naming) if part)


def _preview(desk: Desk, form: QuestionForm, *, is_answered: bool) -> ResponseReturnValue:
    """As a learner would meet it, or what is missing yet; nothing is kept."""
    said = desk.said(form)
    desk.problems = writing.problems_of(db.session, desk.bank, said)
    if not desk.problems:
        version = QuestionVersion(
            kind=said.kind,
            text_format=said.text_format,
            body=said.body,
            maximum=said.maximum,
            difficulty=said.difficulty,
        )
        desk.trial = trying.marked(version, clock.now()) if is_answered else trying.shown(version)
    return _page(desk, form, fragment=PREVIEW)


def _save(desk: Desk, form: QuestionForm, *, is_next: bool) -> ResponseReturnValue:
    try:
        question = _kept(desk, form)
    except writing.NotComplete as refused:
        db.session.rollback()
        form.refuse(refused.problems)
        return _page(desk, form), 422
    except writing.Overtaken as overtaken:
        db.session.rollback()
        form.seen.data = str(overtaken.newest.n)
        form.form_errors.append(
            _("Somebody else changed this question meanwhile. Save again, and your text becomes the newest version.")
        )
        return _page(desk, form), 409
    db.session.commit()
    flash(_("Saved."), "success")
    return _next(desk, form) if is_next else redirect(address_of(desk.me, question, saved=form.token.data or ""))


def _kept(desk: Desk, form: QuestionForm) -> Question:
    """Raises NotComplete and Overtaken."""
    category, said, at = category_in(desk.bank, form.category.data), desk.said(form), clock.now()
    note = form.note.data or ""
    if desk.question is None:
        question = _written_once(desk, form, said, category)
    else:
        question = desk.question
        writing.change(
            db.session, question, said, state=form.wanted_state, by=desk.me, at=at, note=note, seen=_seen(form)
        )
        question.category, question.title = category, form.called
    sorting.tag(db.session, question, form.words)
    return question


def _seen(form: QuestionForm) -> int:
    said = form.seen.data or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def _written_once(desk: Desk, form: QuestionForm, said: Said, category: Category) -> Question:
    """However often the form is sent; somebody who went back to it and writes another question gets another."""
    token = form.token.data or new_public_id()
    before = db.session.scalar(select(Question).where(Question.bank_id == desk.bank.id, Question.name == token))
    if before is not None:
        if Said.of(writing.newest_of(db.session, before)).sha256 == said.sha256:
            return before
        token = new_public_id()
    return writing.create(
        db.session,
        said,
        category=category,
        state=form.wanted_state,
        by=desk.me,
        at=clock.now(),
        name=token,
        title=form.called,
    )


def _next(desk: Desk, form: QuestionForm) -> Response:
    """An empty form of the same kind, ready to be typed in; the address says which one was saved (see typed.js)."""
    kept = {name: form[name].data for name in KEPT if form[name].data}
    kept["saved"] = form.token.data
    ids = {"course": desk.me.course.public_id, "bank_id": desk.bank.public_id}
    return redirect(url_for(".new", kind=desk.kind.value, **ids, **kept, _anchor="text"))  # type: ignore[arg-type]


def _page(desk: Desk, form: QuestionForm, fragment: str = "") -> str:
    ids = {"course": desk.me.course.public_id, "bank_id": desk.bank.public_id}
    if desk.question is None:
        here = url_for(".write", kind=desk.kind.value, **ids)  # type: ignore[arg-type]
    else:
        here = url_for(".change", question_id=desk.question.public_id, **ids)  # type: ignore[arg-type]
    return render(
        "quizzes/bank/editor.html",
        me=desk.me,
        fragment=fragment,
        bank=desk.bank,
        desk=desk,
        form=form,
        here=here,
        kind=KINDS[desk.kind],
        about=ABOUT_KINDS[desk.kind],
        missing=[in_place(each) for each in desk.problems],
        trial=desk.trial,
        sounds_accepted=sounds.ACCEPT,
        words=queries.words_of(db.session, desk.bank),
        is_unsaved=request.method == "POST",
        is_in_a_row="saved" in request.args,
    )
