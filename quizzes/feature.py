"""How quizzes join the application: pages, activity, home cards, navigation, closing of overdue attempts."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lti_tool import activities, clock, gradebook, observing, outbox, panels
from lti_tool.activities import Activity
from lti_tool.db import db
from lti_tool.models import Enrolment, Placement, Role
from lti_tool.names import in_sentence
from lti_tool.panels import Card, NavigationItem, NextStep, Panel, Urgency
from lti_tool.placing import copies
from lti_tool.roster import groups
from quizzes import copying, offering, personal, previewing, queries, showing, telling
from quizzes import results_views as _results_pages  # noqa: F401
from quizzes import taking_views as _taking_pages  # noqa: F401
from quizzes import views as _pages  # noqa: F401
from quizzes.accommodations import override_views as _override_pages  # noqa: F401
from quizzes.accommodations import overriding
from quizzes.accommodations import views as accommodations
from quizzes.addresses import address_of
from quizzes.attempts import check_views as _check_pages  # noqa: F401
from quizzes.attempts import views as attempts
from quizzes.bank import wing as bank
from quizzes.blueprint import STAFF, bp
from quizzes.class_results import class_numbers
from quizzes.closing import LANE, ClosingCarrier
from quizzes.coming_next import by_urgency, everywhere, is_due
from quizzes.designing import choosing_views as _choosing_pages  # noqa: F401
from quizzes.designing import plan_views as _plan_pages  # noqa: F401
from quizzes.designing import views as designing
from quizzes.designing import words
from quizzes.difficulty import measuring
from quizzes.exchange import commands as exchange
from quizzes.exchange.bringing import wing as bringing
from quizzes.files import wing as files
from quizzes.marks import wing as marks
from quizzes.progress import Progress
from quizzes.reports import wing as reports


def init_app(app: Flask) -> None:
    showing.init_app(app)
    app.register_blueprint(bp)
    app.register_blueprint(designing.bp)
    app.register_blueprint(accommodations.bp)
    app.register_blueprint(attempts.bp)
    groups.when_joined(app, overriding.follow_groups)
    files.init_app(app)
    bringing.init_app(app)
    bank.init_app(app)
    measuring.init_app(app)
    exchange.init_app(app)
    marks.init_app(app)
    reports.init_app(app)
    outbox.register_carrier(app, LANE, ClosingCarrier())
    activities.register(
        app,
        Activity(
            key="quiz",
            title=_l("Onboarding quiz"),
            is_graded=True,
            open=open_placed,
            offers=lambda course: offering.offers(db.session, course),
            settle=lambda course, offer: offering.settle(db.session, course, offer, at=clock.now()),
            review=review,
        ),
    )
    copies.register(app, copying.COPIER)
    personal.init_app(app)
    observing.register_teller(app, telling.lines, order=20)
    panels.register(app, previewing.PANEL)
    panels.register(app, Panel(key="quiz", order=30, open_to=(Role.LEARNER,), fill=learner_card))
    panels.register(app, Panel(key="quiz-results", order=30, open_to=STAFF, fill=class_card))
    panels.register_navigation(
        app,
        NavigationItem(
            label=_l("Quiz"),
            endpoint="quizzes.index",
            order=30,
            open_to=(Role.LEARNER, *STAFF),
            under_it=("designing", "banks", "accommodations", "attempts", "marks", "quiz_reports"),
        ),
    )


def open_placed(me: Enrolment, placement: Placement | None) -> str:
    """The address of the quiz that a link in the course page opens; made if the course has none yet."""
    if placement is None:
        quiz = offering.offer(db.session, me.course, at=clock.now())
    else:
        quiz = offering.place(db.session, placement, me.course, at=clock.now())
    return address_of(quiz, me)


def review(me: Enrolment, reference: str, learner: Enrolment) -> str | None:
    """Where I see what this learner has made of a quiz: a teacher on a page about them, a learner on the quiz's own."""
    quizzes = queries.quizzes_of(db.session, me.course)
    quiz = next((quiz for quiz in quizzes if not reference or quiz.reference == reference), None)
    if quiz is None:
        return None
    if me.role not in STAFF:
        return address_of(quiz, me)
    return url_for("quizzes.learner", course=me.course.public_id, quiz_id=quiz.public_id, learner_id=learner.public_id)


def learner_card(me: Enrolment) -> Card | None:
    """The quiz that comes next for me, as far as I have got with it, and the others that are due."""
    at = clock.now()
    quizzes = by_urgency(everywhere(db.session, me, at=at), at)
    if not quizzes:
        return None
    progress, *others = quizzes
    urgency, step = _next_step(me, progress, at)
    shows_score = progress.shows_score(at)
    return Card(
        title=progress.quiz.title,
        template="quizzes/_learner_card.html",
        context={
            "quiz": progress.quiz,
            "progress": progress,
            "size": _size(progress),
            "quiz_url": address_of(progress.quiz, me),
            "shows_score": shows_score,
            "shows_maximum": progress.shows_maximum(at),
            "others": [(each, address_of(each.quiz, me), _size(each)) for each in others if is_due(each, at)],
            "all_url": url_for("quizzes.index", course=me.course.public_id) if others else "",
            "reached": gradebook.own(me, progress.quiz.reference) if progress.finished and shows_score else None,
        },
        urgency=urgency,
        next_step=step,
    )


def _size(progress: Progress) -> str:
    return words.size(progress.quiz.published.outlined.asks, progress.settings)


def _next_step(me: Enrolment, progress: Progress, at: datetime) -> tuple[Urgency, NextStep | None]:
    quiz, url = progress.quiz, address_of(progress.quiz, me)
    if progress.running is not None:
        there = url_for("quizzes.attempt", course=me.course.public_id, attempt_id=progress.running.public_id)
        sentence = _("Your quiz is running. Answer the open questions and hand it in.")
        return Urgency.WAITING, NextStep(sentence=sentence, label=_("Continue the quiz"), url=there)
    if not progress.turn(at).is_allowed or progress.settings.is_practice:
        return Urgency.QUIET, None
    if not progress.attempts:
        size = _size(progress)
        sentence = _("Take the quiz %(title)s: %(size)s", title=in_sentence(quiz.title), size=size)
        return Urgency.NEXT, NextStep(sentence=sentence, label=_("Go to the quiz"), url=url)
    if not progress.has_passed:
        sentence = _(
            "You have another attempt at the quiz. %(counts)s", counts=words.counting(progress.settings.grading)
        )
        return Urgency.USEFUL, NextStep(sentence=sentence, label=_("Go to the quiz"), url=url)
    return Urgency.QUIET, None


def class_card(me: Enrolment) -> Card | None:
    """How far the class has got with the course's first quiz."""
    quizzes = queries.quizzes_of(db.session, me.course)
    if not quizzes:
        return None
    learners, best = queries.best_shares(db.session, quizzes[0])
    found = class_numbers(quizzes[0], learners, best)
    return Card(
        title=quizzes[0].title,
        template="quizzes/_class_card.html",
        context={"results": found, "results_url": address_of(quizzes[0], me)},
    )
