"""A file whose quizzes draw from banks: those in it become topics, those that are here are found, the rest is named."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course
from quizzes.bank import sorting
from quizzes.designing.models import QuizRevision
from quizzes.exchange import banks
from quizzes.formats import registry
from quizzes.formats.model import Draw, Fixed
from quizzes.formats.packages import Wrong as OfZips
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Severity
from quizzes.questions import Category, Question
from tests.cast import Cast
from tests.mentoring.reading import words
from tests.quizzes.exchange.bringing.conftest import Bringing
from tests.quizzes.formats.qti.making import zipped


def item(name: str, asked: str) -> str:
    said = "<qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>essay_question</fieldentry>"
    return (
        f'<item ident="{name}" title="{name}"><itemmetadata><qtimetadata>{said}</qtimetadatafield></qtimetadata>'
        f'</itemmetadata><presentation><material><mattext texttype="text/html">{asked}</mattext></material>'
        '<response_str ident="r"><render_fib/></response_str></presentation></item>'
    )


def bank(name: str, title: str, *items: str) -> bytes:
    said = f"<qtimetadatafield><fieldlabel>bank_title</fieldlabel><fieldentry>{title}</fieldentry></qtimetadatafield>"
    about = f"<qtimetadata>{said}</qtimetadata>" if title else ""
    return interop(f'<objectbank ident="{name}">{about}{"".join(items)}</objectbank>')


def interop(inner: str) -> bytes:
    return f'<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">{inner}</questestinterop>'.encode()


def drawing(title: str, name: str, number: int = 1) -> str:
    chosen = f"<sourcebank_ref>{name}</sourcebank_ref><selection_number>{number}</selection_number>"
    selection = f"<selection_ordering><selection>{chosen}</selection></selection_ordering>"
    return f'<section ident="s-{name}" title="{title}">{selection}</section>'


def quiz(*sections: str, title: str = "Safety quiz") -> bytes:
    inner = f'<section ident="root_section">{"".join(sections)}</section>'
    return interop(f'<assessment ident="quiz" title="{title}">{inner}</assessment>')


def package(files: dict[str, bytes], *, needs: Sequence[str] = ()) -> bytes:
    """The first of the files depends on what it `needs`."""
    needed = "".join(f'<dependency identifierref="{each}"/>' for each in needs)
    listed = "".join(
        f'<resource identifier="{name}" type="imsqti_xmlv1p2"><file href="{name}"/>{"" if place else needed}</resource>'
        for place, name in enumerate(files)
    )
    head = '<manifest xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"><resources>'
    return zipped({"imsmanifest.xml": f"{head}{listed}</resources></manifest>".encode(), **files})


FIRE = bank("i-fire", "Fire safety", item("f1", "Where is the alarm?"), item("f2", "Whom do you call?"))
WHOLE = package(
    {
        "quiz.xml": quiz(item("q1", "Who are you?"), drawing("Fire", "i-fire", 2), drawing("Tools", "i-tools")),
        "banks/fire.xml": FIRE,
    }
)


def test_a_bank_in_the_package_is_a_topic_and_the_quiz_draws_from_it():
    found = registry.read(WHOLE)

    [read] = found.bank.quizzes
    assert read.sections[0].slots == (
        Fixed(question="q1"),
        Draw(count=2, bank="i-fire", category=("Fire safety",), questions=("f1", "f2")),
        Draw(count=1, bank="i-tools"),
    )
    assert [(each.identifier, each.category) for each in found.bank.questions] == [
        ("q1", ()),
        ("f1", ("Fire safety",)),
        ("f2", ("Fire safety",)),
    ]
    told = [(each.odd, each.about["what"]) for each in found.report.findings if each.severity is Severity.LOSS]
    assert told == [(Wrong.BANK_MISSING, "Tools (i-tools)")]


def test_a_bank_without_a_title_and_one_with_sections_keep_their_order():
    inner = f'<section ident="x" title="Exits">{item("e1", "Where is the exit?")}</section>'

    found = registry.read(package({"a.xml": bank("House", "", inner, item("h1", "How many floors?"))}))

    assert [each.category for each in found.bank.questions] == [("House", "Exits"), ("House",)]


def test_an_item_that_is_named_elsewhere_in_the_file_is_found_and_one_that_is_not_is_told():
    named = '<itemref linkrefid="q1"/><itemref linkrefid="gone"/>'

    found = registry.read(quiz(named, f'<section ident="s" title="More">{item("q1", "Who are you?")}</section>'))

    assert found.bank.quizzes[0].sections[0].slots[0] == Fixed(question="q1")
    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [(Wrong.ITEM_MISSING, "gone")]


def test_what_a_package_depends_on_and_does_not_have_is_told():
    found = registry.read(
        package({"fire.xml": FIRE, "quiz.xml": quiz(item("q1", "Who?"))}, needs=["quiz.xml", "r-gone"])
    )

    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [(OfZips.MISSING, "r-gone")]


def test_what_is_missing_is_named_on_the_page_and_what_is_here_as_well(bringing: Bringing):
    bringing.bring(WHOLE, "quiz.zip")

    seen = words(bringing.client.get(bringing.address))

    assert "Banks that its quizzes draw from" in seen
    assert "Tools" in seen
    assert "It is known there as i-tools." in seen
    assert "It becomes a topic." in seen


def test_a_bank_that_came_before_is_known_when_the_quiz_comes(session: Session, bringing: Bringing):
    bringing.bring(FIRE, "fire.xml")
    bringing.decide("take")
    topic = session.scalars(select(Category).where(Category.title == "Fire safety")).one()
    assert topic.name == "i-fire"

    bringing.bring(package({"quiz.xml": quiz(item("q1", "Who are you?"), drawing("Fire", "i-fire"))}), "quiz.zip")

    seen = words(bringing.client.get(bringing.address))
    assert "Our questions / Fire safety" in seen
    assert "Missing" not in seen


def test_a_draft_of_its_quiz_draws_from_the_topic_that_its_bank_has_become(session: Session, bringing: Bringing):
    bringing.bring(WHOLE, "quiz.zip")
    ticked = bringing.ticked()
    bringing.client.post(bringing.address, data={"do": "take", "shown": ticked, "wanted": ticked, "quiz": ["1"]})

    session.rollback()
    draft = session.scalars(select(QuizRevision)).one().plan
    topic = session.scalars(select(Category).where(Category.title == "Fire safety")).one()
    assert [slot.get("category") for slot in draft["sections"][0]["slots"]] == [None, topic.id]


def test_a_draft_draws_from_a_bank_that_was_there_before(session: Session, bringing: Bringing):
    bringing.bring(FIRE, "fire.xml")
    bringing.decide("take")
    topic = session.scalars(select(Category).where(Category.name == "i-fire")).one()
    whole = quiz(item("q1", "Who are you?"), drawing("Fire", "i-fire", 2), drawing("Tools", "i-tools"))
    bringing.bring(package({"quiz.xml": whole}), "quiz.zip")

    bringing.client.post(bringing.address, data={"do": "take", "shown": ["1"], "wanted": ["1"], "quiz": ["1"]})

    session.rollback()
    draft = session.scalars(select(QuizRevision)).one()
    rules = draft.outlined.rules
    assert [(each.bank, each.category, each.count) for each in rules] == [(topic.bank_id, topic.id, 2)]
    assert draft.outlined.asks == 3


def test_banks_of_other_courses_are_nobodys_business_here(
    session: Session, cast: Cast, course: Course, bringing: Bringing
):
    other = cast.course("Elsewhere")
    theirs = sorting.new_bank(session, other, title="Theirs", language="en", first_category="General")
    sorting.add_category(session, theirs, "Their tools", name="i-tools")
    session.commit()

    assert "i-tools" in banks.known(session, theirs)
    assert "i-tools" not in banks.known(session, bringing.bank)


def test_the_same_bank_brought_again_is_the_same_topic(session: Session, bringing: Bringing):
    bringing.bring(FIRE, "fire.xml")
    bringing.decide("take")
    more = bank("i-fire", "Fire safety", item("f3", "What is a blanket for?"))
    bringing.bring(more, "fire.xml")
    bringing.decide("take")

    session.rollback()
    topics = session.scalars(select(Category.title).join(Question).distinct()).all()
    assert list(topics) == ["Fire safety"]
