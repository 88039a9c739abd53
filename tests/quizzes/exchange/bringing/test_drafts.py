"""A file that holds a quiz: with its questions comes a draft that says the same, if that is wanted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from quizzes.bank import sorting
from quizzes.bank.many.reading import MOST_POINTS
from quizzes.designing import revising
from quizzes.designing.models import QuizRevision
from quizzes.designing.plan import FixedPlan, Plan, RulePlan, SectionPlan
from quizzes.designing.reviewing import PRESETS, Preset
from quizzes.designing.settings import DEFAULT, Navigation, Settings
from quizzes.drawing.outline import Seen
from quizzes.exchange import quiz_giving
from quizzes.exchange.bringing.instructions import as_markdown
from quizzes.exchange.bringing.shelving import Shelf
from quizzes.formats import registry
from quizzes.formats.model import Bank as Told
from quizzes.formats.model import Draw, Fixed, Question, Quiz, Section
from quizzes.formats.texts import as_html, rows_of
from quizzes.kinds import Kind
from quizzes.models import Quiz as OurQuiz
from quizzes.questions import Bank
from quizzes.questions import Question as OurQuestion
from quizzes.rich import TextFormat
from tests.cast import THEN, Cast
from tests.mentoring.reading import words
from tests.quizzes.bank.conftest import Write
from tests.quizzes.exchange.bringing.conftest import Bringing

ROWS = rows_of(["This", "That"])


def asked(name: str, **more: object) -> Question:
    body = {"text": f"<p>What is {name}?</p>", "options": ROWS, "right": [ROWS[0]["id"]]}
    told = Question(kind=Kind.SINGLE, body=body, text_format=TextFormat.HTML, identifier=name, title=f"What is {name}")
    return replace(told, **more)  # type: ignore[arg-type]


FIRE = tuple(asked(f"fire-{n}", category=("Fire",)) for n in range(3))
OTHERS = tuple(asked(f"other-{n}", category=("Others",)) for n in range(3))
QUIZ = Quiz(
    title="Fire drill",
    text_format=TextFormat.HTML,
    sections=(
        Section(
            slots=(Fixed(question="other-0", maximum=3.0), Draw(count=2, questions=("fire-0", "fire-1", "fire-2"))),
            title="First",
            instructions="<p>Be <b>quick</b>.</p>",
            is_shuffled=True,
        ),
        Section(slots=(Draw(count=1, questions=("fire-0", "other-1"), maximum=2.0),)),
    ),
    seconds=900,
    is_linear=True,
    pass_percent=60,
)


def package(quiz: Quiz = QUIZ, questions: tuple[Question, ...] = (*FIRE, *OTHERS)) -> bytes:
    return registry.write(Told(questions=questions, quizzes=(quiz,)), "qti30").content


def take(bringing: Bringing, *quizzes: int, wanted: list[str] | None = None) -> str:
    ticked = bringing.ticked() if wanted is None else wanted
    shown = [str(n) for n in range(1, 7)]
    form = {"do": "take", "shown": shown, "wanted": ticked, "quiz": [str(each) for each in quizzes]}
    bringing.client.post(bringing.address, data=form)
    return words(bringing.client.get(bringing.address))


def drafts(session: Session) -> list[QuizRevision]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(QuizRevision).order_by(QuizRevision.id)))


def names(session: Session) -> dict[str, int]:
    return {each.name: each.id for each in session.scalars(select(OurQuestion))}


def test_a_quiz_is_offered_and_not_made_unasked(session: Session, bringing: Bringing):
    bringing.bring(package(), "drill.zip")

    page = bringing.page()

    assert "Also make a draft of a quiz from it: Fire drill" in page
    assert 'name="quiz" value="1">' in page
    take(bringing)
    assert drafts(session) == []


def test_a_draft_says_what_the_file_says(session: Session, bringing: Bringing, bank: Bank):
    bringing.bring(package(), "drill.zip")

    seen = take(bringing, 1)

    [draft] = drafts(session)
    ids, topics = names(session), {each.title: each.id for each in bank.categories}
    [first, second] = draft.outlined.sections
    assert (draft.title, draft.is_draft, draft.quiz.is_published) == ("Fire drill", True, False)
    assert first == SectionPlan(
        title="First",
        instructions="Be **quick**.",
        is_markdown=True,
        is_shuffled=True,
        slots=(
            FixedPlan(question=ids["other-0"], mark=3.0),
            RulePlan(bank=bank.id, count=2, category=topics["Fire"]),
        ),
    )
    assert second.slots == (RulePlan(bank=bank.id, count=1, tags_all=("fire drill 1",), mark=2.0),)
    assert draft.rules == replace(
        DEFAULT, limit=timedelta(minutes=15), navigation=Navigation.SEQUENTIAL, pass_percent=60
    )
    assert "A draft of a quiz Fire drill" in seen
    assert "questions have new tags: fire drill 1." in seen


def test_of_questions_that_are_there_already_a_draft_can_still_be_made(session: Session, bringing: Bringing):
    bringing.bring(package(), "drill.zip")
    take(bringing)
    bringing.bring(package(), "drill.zip")

    seen = take(bringing, 1)

    [draft] = drafts(session)
    assert draft.outlined.asks == 4
    assert "0 questions were taken." in seen


def test_what_was_not_taken_is_not_asked_and_that_is_told(session: Session, bringing: Bringing):
    bringing.bring(package(), "drill.zip")

    seen = take(bringing, 1, wanted=["1", "2"])

    [draft] = drafts(session)
    [section, _second] = draft.outlined.sections
    assert [slot.asks for slot in section.slots] == [2]
    assert "3 questions that it names did not come" in seen


def test_taken_back_an_untouched_draft_goes_with_its_questions(session: Session, bringing: Bringing):
    bringing.bring(package(), "drill.zip")
    take(bringing, 1)

    bringing.client.post(f"{bringing.address}/undo")

    assert drafts(session) == []
    assert names(session) == {}


def test_taken_back_a_draft_that_was_changed_stays_with_its_questions(session: Session, bringing: Bringing):
    bringing.bring(package(), "drill.zip")
    take(bringing, 1)
    [draft] = drafts(session)
    draft.plan = replace(draft.outlined, is_shuffled=True).as_json()
    session.commit()

    bringing.client.post(f"{bringing.address}/undo")

    assert len(drafts(session)) == 1
    assert "other-0" in names(session)
    assert "4 stay" in words(bringing.client.get(bringing.address)) or "stay" in bringing.page()


def test_somebody_who_designs_no_quizzes_is_offered_none(
    session: Session, visit: Callable[[Enrolment], FlaskClient], cast: Cast, course: Course, bank: Bank
):
    zoe = Bringing(visit(cast.enrol(course, "Zoe", Role.DESIGNER)), bank, course)
    zoe.bring(package(), "drill.zip")

    assert "Also make a draft" not in zoe.page()
    take(zoe, 1)
    assert drafts(session) == []


def test_a_file_without_a_test_offers_no_quiz(bringing: Bringing):
    bringing.bring()

    assert "Also make a draft" not in bringing.page()


def test_a_time_without_end_becomes_the_longest_there_is(session: Session, bringing: Bringing):
    bringing.bring(package(replace(QUIZ, seconds=10**30)), "drill.zip")

    take(bringing, 1)

    [draft] = drafts(session)
    assert draft.rules.limit == timedelta(days=7)


NASTY = ("-1", "0", "1e308", "-1e308", "1e999", "NaN", "INF", "9" * 30, "9" * 5000, "0x10", "", "\u0663", "1e-400")
"""Of weights, times, counts and attempts."""


def spoiled(content: bytes, *replacing: tuple[str, str]) -> bytes:
    """The package with other words in its test."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for pattern, said in replacing:
                text = re.sub(pattern, lambda found, said=said: f"{found[1]}{said}{found[2]}", text)  # type: ignore[misc]
            new.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize("said", NASTY)
def test_numbers_that_no_quiz_has_make_a_draft_that_one_may_have(said: str, session: Session, bringing: Bringing):
    nasty = spoiled(
        package(),
        *((rf'({each}=")[^"]*(")', said) for each in ("max-time", "mastery-value", "normal-maximum", "select")),
        (r'(<qti-weight [^>]*value=")[^"]*(")', said),
    )

    bringing.bring(nasty, "drill.zip")
    take(bringing, 1)

    [draft] = drafts(session)
    slots = [each for section in draft.outlined.sections for each in section.slots]
    assert slots != []
    assert all(0 <= each.mark <= MOST_POINTS for each in slots)
    assert draft.rules.limit is None or timedelta(0) < draft.rules.limit <= timedelta(days=7)
    assert 0 <= draft.rules.pass_percent <= 100


OLDER = """<questestinterop><assessment ident="q" title="Fire drill"><qtimetadata>{about}</qtimetadata>
<section ident="root_section"><section ident="s" title="Some"><selection_ordering><selection>
<selection_number>{said}</selection_number><selection_extension><points_per_item>{said}</points_per_item>
</selection_extension></selection></selection_ordering>{items}</section></section></assessment></questestinterop>"""
OLDER_ITEM = """<item ident="i{n}" title="Fire {n}"><presentation><material><mattext>Fire {n}?</mattext></material>
<response_lid ident="r"><render_choice><response_label ident="a"><material><mattext>A</mattext></material>
</response_label><response_label ident="b"><material><mattext>B</mattext></material></response_label></render_choice>
</response_lid></presentation><resprocessing><outcomes><decvar varname="SCORE" maxvalue="{said}"/></outcomes>
<respcondition><conditionvar><varequal respident="r">a</varequal></conditionvar><setvar>{said}</setvar></respcondition>
</resprocessing></item>"""


@pytest.mark.parametrize("said", NASTY)
def test_so_do_those_of_older_files(said: str, session: Session, bringing: Bringing):
    about = "".join(
        f"<qtimetadatafield><fieldlabel>{each}</fieldlabel><fieldentry>{said}</fieldentry></qtimetadatafield>"
        for each in ("cc_maxattempts", "cc_timelimit")
    )
    items = "".join(OLDER_ITEM.format(n=n, said=said) for n in range(3))

    bringing.bring(OLDER.format(about=about, items=items, said=said), "drill.xml")
    seen = take(bringing, 1)

    assert "3 questions were taken." in seen
    [draft] = drafts(session)
    [slot] = [each for section in draft.outlined.sections for each in section.slots]
    assert (1 <= slot.count <= 3, 0 <= slot.mark <= MOST_POINTS) == (True, True)
    assert draft.rules.attempts is None or 1 <= draft.rules.attempts <= 100
    assert draft.rules.limit is None or timedelta(0) < draft.rules.limit <= timedelta(days=7)


def test_a_test_of_hundreds_of_questions_is_cut_and_that_is_told(session: Session, bringing: Bringing):
    many = Section(slots=tuple(Fixed(question="fire-0") for _n in range(250)))
    bringing.bring(package(replace(QUIZ, sections=(many,))), "drill.zip")

    seen = take(bringing, 1)

    [draft] = drafts(session)
    assert len(list(draft.outlined.slots)) == 200
    assert "longer than a quiz can be here" in seen


@pytest.mark.parametrize("name", sorted(registry.SAYING_MORE))
@pytest.mark.parametrize("is_same_bank", [True, False])
def test_what_goes_out_and_comes_in_again_is_the_same_quiz(
    session: Session, bringing: Bringing, course: Course, bank: Bank, ines: Enrolment, write: Write, name: str,
    is_same_bank: bool,
):  # fmt: skip
    fire = sorting.add_category(session, bank, "Fire")
    session.commit()
    fixed = write(text="Who calls?", options=ROWS, right=[ROWS[0]["id"]])
    pool = [write(text=f"What burns, {n}?", options=ROWS, right=[ROWS[0]["id"]], category=fire) for n in range(4)]
    sorting.add_tags(session, pool[:3], ["hot"])
    for n, each in enumerate([fixed, *pool]):
        each.name = f"q{n}"
    rule = RulePlan(bank=bank.id, count=2, category=fire.id, tags_all=("hot",), mark=2.0, seen=Seen.FIRST)
    plan = Plan(
        sections=(
            SectionPlan(title="One", instructions="Be **quick**.", is_markdown=True, slots=(rule,)),
            SectionPlan(slots=(FixedPlan(question=fixed.id, mark=1.5),), is_shuffled=False),
        ),
        is_shuffled=True,
    )
    rules = Settings(
        limit=timedelta(minutes=12), navigation=Navigation.SEQUENTIAL, pass_percent=55, review=PRESETS[Preset.AT_ONCE]
    )
    quiz = revising.make(session, course, bank, "Round", plan, rules, at=THEN)
    session.commit()
    went = quiz_giving.give(session, revising.newest(session, quiz), name).content
    if not is_same_bank:
        other = sorting.new_bank(session, course, title="Elsewhere", language="en", first_category="General")
        session.commit()
        bringing = Bringing(bringing.client, other, course)

    bringing.bring(went, "round.zip")
    take(bringing, 1)

    session.rollback()
    came = session.scalars(select(OurQuiz).where(OurQuiz.id != quiz.id)).one()
    draft = revising.newest(session, came)
    again = quiz_giving.give(session, draft, name).content
    assert the_test_in(again).replace(came.public_id, quiz.public_id) == the_test_in(went)
    assert draft.rules == rules
    if is_same_bank:
        assert draft.outlined == plan


def the_test_in(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("test1.xml").decode()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Read this.</p><p>Then that.</p>", ("Read this.\n\nThen that.", False)),
        ("One line<br>and another", ("One line\nand another", False)),
        ("<p>Use 2 * 3 &lt; 7_a</p>", ("Use 2 * 3 < 7_a", False)),
        ("<p>Be <b>quick</b> and <em>calm</em>: 2 * 3</p>", ("Be **quick** and *calm*: 2 \\* 3", True)),
        ("<ul><li>One</li><li>Two</li></ul>", ("- One\n- Two", True)),
        ("<ol><li>One</li><li>Two</li></ol>", ("1. One\n2. Two", True)),
        ('<p>See <a href="https://x.example/">there</a></p>', ("See [there](https://x.example/)", True)),
        ("", ("", False)),
    ],
)
def test_what_is_read_before_a_section_is_kept_as_authors_write_it(html: str, text: tuple[str, bool]):
    assert as_markdown(html) == text


@pytest.mark.parametrize("text", ["Be **quick** and *calm*.", "- One\n- Two", "1. One\n2. Two", "Plain _underlined_"])
def test_markdown_stays_what_it_was_on_the_way(text: str):
    html = as_html(text, TextFormat.MARKDOWN)

    back, is_marked = as_markdown(html)

    assert (as_html(back, TextFormat.MARKDOWN), is_marked) == (html, True)


SHELF = Shelf(
    bank=1,
    topic={1: 10, 2: 10, 3: 11, 4: 20, 5: 20},
    difficulty={1: 1, 2: 1, 3: 2, 4: 2, 5: 3},
    words={1: frozenset({"a"}), 3: frozenset({"a", "b"}), 4: frozenset({"a"})},
    above={10: None, 11: 10, 20: None},
)


@pytest.mark.parametrize(
    ("wanted", "rule"),
    [
        ({1, 2, 3}, RulePlan(bank=1, count=1, category=10)),
        ({1, 2}, RulePlan(bank=1, count=1, category=10, highest=1)),
        ({3}, RulePlan(bank=1, count=1, category=11)),
        ({4}, RulePlan(bank=1, count=1, category=20, lowest=2, highest=2)),
        ({1, 3}, RulePlan(bank=1, count=1, category=10, tags_all=("a",))),
        ({1, 3, 4}, RulePlan(bank=1, count=1, tags_all=("a",))),
        ({1, 2, 3, 4, 5}, RulePlan(bank=1, count=1)),
        ({3, 4}, RulePlan(bank=1, count=1, lowest=2, highest=2)),
        ({2, 4}, None),
    ],
)
def test_the_narrowest_rule_that_draws_just_these_is_found(wanted: set[int], rule: RulePlan | None):
    assert SHELF.rule(frozenset(wanted)) == rule
