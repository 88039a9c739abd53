"""The pages of banks: found again, several changed at once, topics, enemies, versions; and who may open them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.models import Course, Enrolment, Role
from quizzes import offering
from quizzes.bank import enemies, sorting, writing
from quizzes.kinds import Kind
from quizzes.questions import Bank, Category, Question, QuestionState, QuestionVersion
from quizzes.rich import TextFormat
from tests.cast import THEN, Cast
from tests.quizzes.bank.conftest import Write, said
from tests.quizzes.one_of_each import BODIES, as_entered


@pytest.fixture
def client(app, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


@pytest.fixture
def banks(course: Course) -> str:
    return f"/courses/{course.public_id}/banks"


@pytest.fixture
def here(banks: str, bank: Bank) -> str:
    return f"{banks}/{bank.public_id}"


def texts(page: str) -> list[str]:
    return re.findall(r'id="words-\d+"[^>]*><bdi>([^<]*)</bdi>', page)


def test_a_bank_is_begun_with_a_topic(session: Session, client: FlaskClient, banks: str, course: Course):
    assert "There is no bank yet." in client.get(f"{banks}/").text

    refused = client.post(f"{banks}/", data={"title": "", "language": "elvish"})
    made = client.post(f"{banks}/", data={"title": "Ours", "language": "pt_BR"}, follow_redirects=True)

    assert refused.status_code == 422
    assert "Give the bank a title." in refused.text
    assert "such as en, de or pt-BR" in refused.text
    assert "There is no question in this bank yet." in made.text
    [bank] = session.scalars(select(Bank).where(Bank.course_id == course.id))
    assert (bank.title, bank.language, [each.title for each in bank.categories]) == ("Ours", "pt-BR", ["General"])


def test_whoever_has_questions_in_a_file_begins_a_bank_with_them(client: FlaskClient, banks: str):
    page = client.get(f"{banks}/").text
    begun = client.post(f"{banks}/", data={"title": "Ours", "language": "en", "then": "bring"}, follow_redirects=True)

    assert "Begin it and bring questions from a file" in page
    assert begun.request.path.endswith("/bring")
    assert "Choose the file with its questions." in begun.text


def test_questions_are_found_by_all_that_is_said_of_them(session, client, here: str, bank: Bank, write: Write):
    outer = sorting.add_category(session, bank, "Outer")
    inner = sorting.add_category(session, bank, "Inner", outer)
    one = write(text="Where is the fire alarm?", category=inner)
    write(said(Kind.TRUE_FALSE, text="Überall 100%?"), category=outer)
    write(text="Draft", state=QuestionState.DRAFT)
    sorting.tag(session, one, ["fire"])
    session.commit()

    def found(**args: object) -> list[str]:
        return texts(client.get(here, query_string=args).text)

    assert found() == ["Draft", "Überall 100%?", "Where is the fire alarm?"]
    assert found(q="FIRE al") == ["Where is the fire alarm?"]
    assert found(q="100%") == found(kind="true_false") == ["Überall 100%?"]
    assert found(q="%") == ["Überall 100%?"]
    assert found(tag="fire") == ["Where is the fire alarm?"]
    assert found(category=outer.public_id) == ["Überall 100%?", "Where is the fire alarm?"]
    assert found(category=inner.public_id, difficulty=1) == ["Where is the fire alarm?"]
    assert found(state="draft") == ["Draft"]
    assert found(difficulty=3) == []
    assert found(kind="nonsense", category="nowhere", page="-4") == found()


def test_words_are_found_in_every_part_and_the_part_is_said(session, client, here: str, write: Write):
    write(text="**Ähnlich**?", why="Der Straßenverkehr")
    write(options=[{"id": "a", "text": "ÄPFEL & Birnen"}, {"id": "b", "text": "Nüsse"}])
    write(said(Kind.CLOZE))
    write(said(Kind.MATCHING, text="Capitals?"))
    write(said(Kind.SHORT_TEXT, text="Short?"))
    areas = [{**each, "shape": "rect", "coords": []} for each in BODIES[Kind.HOTSPOT]["areas"]]
    write(said(Kind.HOTSPOT, text="Where?", alt="A plan", areas=areas), state=QuestionState.DRAFT)
    tagged = write(text="Tagged?")
    sorting.tag(session, tagged, ["évacuation"])
    session.commit()

    def found(words: str) -> list[tuple[str, str]]:
        page = client.get(here, query_string={"q": words}).text
        return re.findall(r'id="words-\d+"[^>]*><bdi>([^<]*)</bdi></a>\s*(?:<p class="detail">(Found [^<]*))?', page)

    assert found("ähnLICH") == [("Ähnlich?", "")]
    assert found("STRASSEN") == [("Ähnlich?", "Found in the explanation")]
    assert found("äpfel & b") == [("Which one?", "Found in an option")]
    assert found("ÉVACU") == [("Tagged?", "Found in a tag")]
    assert found("Paris") == [("Capitals?", "Found in one of its rows")]
    assert found("FIRE ALARM") == [("Short?", "Found in an answer")]
    assert found("the alarm") == [
        ("Where?", "Found in its picture"),
        ("The alarm is …; leave within … minutes.", ""),
    ]
    assert found("a plan") == [("Where?", "Found in its picture")]
    assert ("The alarm is …; leave within … minutes.", "Found in a gap") in found("Blue")
    # Ids and kinds of a body are no words.
    assert found("nominal") == found("short_text") == found("%") == []


def test_words_are_looked_for_in_pages_too(session: Session, client, here: str, write: Write, queries):
    write(text="Number 0, green?")
    client.get(here, query_string={"q": "green"})
    with queries() as few:
        client.get(here, query_string={"q": "green"})
    for number in range(1, 52):
        write(text=f"Number {number}?", options=[{"id": "a", "text": "Green"}, {"id": "b", "text": "Blue"}])

    with queries() as many:
        page = client.get(here, query_string={"q": "green"}).text
    second = client.get(here, query_string={"q": "green", "page": 2}).text

    assert len(few) == len(many)
    assert "52 questions, page 1 of 2" in page
    assert texts(second) == ["Number 1?", "Number 0, green?"]


def test_all_of_a_page_are_ticked_without_a_script(client: FlaskClient, here: str, write: Write):
    write(), write(text="Two?")

    none, ticked = client.get(f"{here}?q=?").text, client.get(f"{here}?q=?&ticked=all").text

    boxes = r'<input type="checkbox" id="question-\d+"[^>]* checked'
    assert (len(re.findall(boxes, none)), len(re.findall(boxes, ticked))) == (0, 2)
    assert "Tick all on this page" in none
    assert "Tick none" in ticked


def test_long_lists_come_in_pages_and_ask_as_often_as_short_ones(session, client, here: str, write: Write, queries):
    first = write(text="Number 0?")
    sorting.tag(session, first, ["a", "b"])
    session.commit()
    client.get(here)
    with queries() as few:
        client.get(here)
    for number in range(1, 52):
        each = write(text=f"Number {number}?")
        sorting.tag(session, each, ["a", str(number)])
    session.commit()

    with queries() as many:
        page = client.get(here).text
    second = client.get(here, query_string={"page": 2}).text

    assert len(few) == len(many)
    assert "52 questions, page 1 of 2" in page
    assert texts(page)[0] == "Number 51?"
    assert texts(second) == ["Number 1?", "Number 0?"]


def test_several_are_changed_at_once(session: Session, client, here: str, bank: Bank, write: Write):
    one, two, draft = write(), write(text="Two?"), write(text="Half", right=[], state=QuestionState.DRAFT)
    topic = sorting.add_category(session, bank, "Elsewhere")
    session.commit()
    ids = [each.public_id for each in (one, two, draft)]

    def do(what: str, **more: str) -> str:
        return client.post(f"{here}/selected", data={"question": ids, "do": what, **more}, follow_redirects=True).text

    moved = do("move", category=topic.public_id)
    tagged = do("tag", tags="Fire, exits")
    ready = do("ready")
    retired = do("retire")

    assert "3 questions are changed." in moved
    assert "3 questions are changed." in tagged
    assert "1 question is not complete and stays as it was." in ready
    assert "2 questions are changed." in ready
    assert "3 questions are changed." in retired
    for each in (one, two, draft):
        session.refresh(each)
        assert (each.category, [tag.word for tag in each.tags]) == (topic, ["exits", "fire"])
        assert each.state is QuestionState.RETIRED


def test_nothing_ticked_changes_nothing_and_says_so(client: FlaskClient, here: str, write: Write):
    write()

    page = client.post(f"{here}/selected?q=Which", data={"do": "retire"}, follow_redirects=True)

    assert "Choose questions first" in page.text
    assert page.request.query_string == b"q=Which"


def test_topics_are_added_renamed_moved_and_removed(session: Session, client, here: str, bank: Bank, write: Write):
    write()
    client.post(f"{here}/categories", data={"title": "Fire", "parent": ""})
    fire = session.scalars(select(Category).where(Category.title == "Fire")).one()
    client.post(f"{here}/categories", data={"title": "Exits", "parent": fire.public_id})
    exits = session.scalars(select(Category).where(Category.title == "Exits")).one()

    def change(category: Category, title: str, parent: str):
        name = category.public_id
        return client.post(f"{here}/categories/{name}", data={f"{name}-title": title, f"{name}-parent": parent})

    within = change(fire, "Fire", exits.public_id)
    change(exits, "Ways out", "")
    general = bank.categories[0].public_id
    kept = client.post(f"{here}/categories/{general}/remove", follow_redirects=True)
    gone = client.post(f"{here}/categories/{fire.public_id}/remove", follow_redirects=True)

    assert within.status_code == 422
    assert "A topic cannot stand within itself." in within.text
    assert "Only an empty topic can be removed" in kept.text
    assert "The topic is gone." in gone.text
    session.expire_all()
    left = session.scalars(select(Category).order_by(Category.id))
    assert [(each.title, each.name, each.parent_id) for each in left] == [
        ("General", "general", None),
        ("Ways out", "exits", None),
    ]


def test_a_question_is_kept_apart_from_another(session: Session, client, here: str, write: Write):
    one, two = write(text="What is 2 + 2?"), write(text="What is half of 4, if 2 + 2 is 4?")
    page = f"{here}/questions/{one.public_id}"

    assert "What is half of 4" in client.get(page, query_string={"find": "half"}).text
    client.post(f"{page}/enemies", data={"other": two.public_id})
    both = client.get(page).text
    itself = client.post(f"{page}/enemies", data={"other": one.public_id}, follow_redirects=True).text
    client.post(f"{page}/enemies/remove")

    assert "At most one of all these stands in an attempt." in both
    assert "only kept apart from another one" in itself
    assert "may stand beside any other" in client.get(page).text


def test_versions_stand_side_by_side_and_an_older_one_comes_back(session, client, here: str, write: Write, ines):
    question = write()
    worse = said(text="Which one, then?", options=[*BODIES[Kind.SINGLE]["options"], {"id": "c", "text": "Green"}])
    writing.change(session, question, worse, state=QuestionState.READY, by=ines, at=THEN, note="A third option")
    session.commit()
    page = f"{here}/questions/{question.public_id}/versions"

    shown = client.get(page).text
    first = session.scalars(select(QuestionVersion).where(QuestionVersion.n == 1)).one()
    back = client.post(f"{page}/{first.public_id}", follow_redirects=True).text

    assert "A third option" in shown
    assert re.findall(r"<th[^>]*>([^<]*) <span[^>]*>changed", shown) == ["Text", "Option 3"]
    assert "Version 3 says what version 1 said." in back
    assert writing.newest_of(session, question).text == "Which one?"


@pytest.mark.parametrize("kind", list(BODIES))
def test_every_kind_is_tried_and_marked(session: Session, client, here: str, write: Write, kind: Kind):
    body = {"text": "This is *it*?", "why": "So it is.", **BODIES[kind]}
    question = Question(bank_id=write().bank_id, name="raw", category_id=write(text="?").category_id)
    session.add(
        QuestionVersion(
            question=question,
            n=1,
            kind=kind,
            text_format=TextFormat.MARKDOWN,
            body=body,
            difficulty=1,
            sha256="",
            created=THEN,
        )
    )
    session.commit()
    address = f"{here}/questions/{question.public_id}"

    shown = client.get(address)
    tried = client.post(address, data=as_entered(kind, 1))

    assert (shown.status_code, tried.status_code) == (200, 200)
    assert len(session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).all()) == 1
    if kind is Kind.ESSAY:
        assert "marks this by hand" in tried.text
    elif kind is not Kind.DESCRIPTION:
        assert "This answer earns 1 of 1." in tried.text


def test_what_is_no_answer_is_said_on_trial_as_well(client: FlaskClient, here: str, write: Write):
    question = write(said(Kind.NUMERIC))

    page = client.post(f"{here}/questions/{question.public_id}", data={"q1-number": "soon"})

    assert "Write a number, such as 12.5, without its unit." in page.text


def test_a_draft_says_what_is_missing(client: FlaskClient, here: str, write: Write):
    question = write(right=[], options=[{"id": "a", "text": "Red"}, {"id": "b", "text": ""}], state=QuestionState.DRAFT)

    page = client.get(f"{here}/questions/{question.public_id}").text

    assert "Row 2: Write something here, or clear the whole row." in page
    assert "Say what is right." in page


def test_a_question_is_duplicated_as_a_draft_and_opened(session: Session, client, here: str, write: Write):
    one = write(text="One?", why="So.")
    sorting.tag(session, one, ["fire", "exits"])
    session.commit()

    done = client.post(f"{here}/questions/{one.public_id}/duplicate", follow_redirects=True)

    [first, copy] = session.scalars(select(Question).order_by(Question.id)).all()
    assert done.request.path == f"{here}/questions/{copy.public_id}/edit"
    assert "This is the copy, a draft." in done.text
    assert (first.state, copy.state) == (QuestionState.READY, QuestionState.DRAFT)
    assert (copy.category, [tag.word for tag in copy.tags], copy.enemies) == (first.category, ["exits", "fire"], None)
    assert writing.newest_of(session, copy).body == writing.newest_of(session, first).body


def test_a_question_nobody_was_asked_is_deleted(session: Session, client, here: str, write: Write):
    question = write()

    page = client.post(f"{here}/questions/{question.public_id}/remove", follow_redirects=True)

    assert "The question is deleted." in page.text
    assert session.scalars(select(Question)).all() == []


def test_the_shared_bank_is_read_and_copied_from(session: Session, client, banks: str, course: Course, bank: Bank):
    shared = offering.offer(session, course, at=THEN).bank
    session.commit()
    one, two = session.scalars(select(Question).where(Question.bank_id == shared.id).order_by(Question.id).limit(2))
    enemies.keep_apart(session, one, two)
    session.commit()
    ids = [one.public_id, two.public_id]
    there = f"{banks}/{shared.public_id}"

    page = client.get(there).text
    assert "Version 1" in client.get(f"{there}/questions/{one.public_id}/versions").text
    asked = {"question": ids, "do": "copy", "bank": bank.public_id}
    copied = client.post(f"{there}/selected", data=asked, follow_redirects=True).text
    again = client.post(f"{there}/selected", data=asked, follow_redirects=True).text
    refused = [
        client.post(f"{there}/selected", data={"question": ids, "do": "retire"}).status_code,
        client.post(f"{there}/categories", data={"title": "Mine", "parent": ""}).status_code,
        client.get(f"{there}/questions/new").status_code,
        client.get(f"{there}/questions/{one.public_id}/edit").status_code,
    ]

    assert "Write a question" not in page
    assert "2 questions are copied to Our questions." in copied
    assert "0 questions are copied to Our questions. 2 stood there already." in again
    assert refused == [404] * 4
    mine = session.scalars(select(Question).where(Question.bank_id == bank.id).order_by(Question.id)).all()
    assert [writing.newest_of(session, each).text for each in mine] == [
        writing.newest_of(session, each).text for each in (one, two)
    ]
    assert len({each.enemy_set_id for each in mine} - {None}) == 1
    assert writing.newest_of(session, mine[0]).author_id is not None


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.DESIGNER, Role.LEARNER, Role.OBSERVER])
def test_assistants_read_designers_write_and_learners_see_nothing(app, cast, course, here: str, write: Write, role):
    question = write()
    visitor = cast.visit(app.test_client(), cast.enrol(course, "Somebody", role))

    read = [
        visitor.get(f"{here}{rest}").status_code for rest in ("", f"/questions/{question.public_id}", "/categories")
    ]
    written = visitor.get(f"{here}/questions/new").status_code

    assert read == [200 if role in (Role.ASSISTANT, Role.DESIGNER) else 403] * 3
    assert written == (200 if role is Role.DESIGNER else 403)


def test_another_course_sees_nothing_of_a_bank(app, cast: Cast, bank: Bank, write: Write):
    question, other = write(), cast.course("Elsewhere")
    stranger = cast.visit(app.test_client(), cast.enrol(other, "Otto", Role.INSTRUCTOR))
    there = f"/courses/{other.public_id}/banks"

    assert "Our questions" not in stranger.get(f"{there}/").text
    assert stranger.get(f"{there}/{bank.public_id}").status_code == 404
    assert stranger.get(f"{there}/{bank.public_id}/questions/{question.public_id}").status_code == 404
