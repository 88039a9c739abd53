"""The editor: thirty questions in a row, every kind, and nothing typed is ever lost."""

from __future__ import annotations

import io
import re
import struct
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lti_tool import clock
from lti_tool.models import Course, Enrolment
from quizzes import starting
from quizzes.bank import queries, sorting, writing
from quizzes.bank.editing import FORMS, Place
from quizzes.bank.lines import next_id
from quizzes.bank.models import Medium, Picture, Sound
from quizzes.kinds import Kind
from quizzes.questions import Bank, Question, QuestionState, QuestionVersion
from tests import recordings
from tests.cast import THEN, Cast
from tests.quizzes.bank.conftest import Write, said
from tests.quizzes.bank.test_checking import RUBRIC
from tests.quizzes.bank.test_checking import SOUND as WHOLE
from tests.quizzes.making import a_quiz

Data = dict[str, Any]


@pytest.fixture
def client(app, cast: Cast, ines: Enrolment) -> FlaskClient:
    return cast.visit(app.test_client(), ines)


@pytest.fixture
def here(course: Course, bank: Bank) -> str:
    return f"/courses/{course.public_id}/banks/{bank.public_id}/questions"


@pytest.fixture
def common(bank: Bank) -> Data:
    told = {"text": "Which one?", "why": "", "tags": "", "difficulty": "1", "maximum": "1", "note": "", "seen": ""}
    return {**told, "category": bank.categories[0].public_id, "state": "ready", "text_format": "markdown"}


def rows(name: str, *found: Data) -> Data:
    """The fields of a list, as a browser sends them: of boxes only those that are ticked."""
    return {
        f"{name}-{number}-{part}": value
        for number, row in enumerate(found)
        for part, value in row.items()
        if value is not False
    }


RED_AND_BLUE = rows(
    "options", {"id": "", "text": "Red", "is_right": "y"}, {"id": "", "text": "Blue"}, {"id": "", "text": ""}
)
MINE = "scoring"
ENTERED: dict[Kind, Data] = {
    Kind.SINGLE: RED_AND_BLUE,
    Kind.MULTIPLE: {**RED_AND_BLUE, MINE: "all_or_nothing"},
    Kind.TRUE_FALSE: {"right": "false"},
    Kind.MATCHING: {
        **rows("rows", {"text": "France", "belongs": "Paris"}, {"text": "Italy", "belongs": "Rome"}),
        **rows("others", {"text": "Oslo"}),
        MINE: "",
    },
    Kind.CATEGORIZE: {
        **rows("rows", {"text": "Cat", "belongs": "Animal"}, {"text": "Oak", "belongs": "Plant"}, {"text": "Rock"}),
        MINE: "",
    },
    Kind.ORDERING: {**rows("items", {"text": "Wake"}, {"text": "Rise"}), MINE: "next"},
    Kind.NUMERIC: {
        **rows("answers", {"value": "1 500,5", "tolerance": "10", "tolerance_kind": "nominal", "weight": ""}),
        **rows("units", {"unit": "m", "factor": ""}, {"unit": "km", "factor": "1000"}),
        "unit": "required",
        "unit_penalty": "25%",
    },
    Kind.SHORT_TEXT: rows("answers", {"text": "fire alarm"}, {"text": "alarm", "weight": "50%"}),
    Kind.CLOZE: {
        "text": "It is [[1]], in [[2]] of [[3]] minutes.",
        "scoring": "all_or_nothing",
        **rows(
            "gaps",
            {"id": "1", "kind": "single", "answers": "* Red\nBlue", "weight": "2"},
            {"id": "", "kind": "numeric", "answers": "3 +- 1\n5 | 50%", "weight": ""},
            {"id": "3", "kind": "short_text", "answers": "ten | 1/2\n10", "weight": "", "case": "y"},
        ),
    },
    Kind.DROP_DOWN: {
        "text": "Take the [[1]].",
        "scoring": "",
        **rows("gaps", {"id": "1", "answers": "Lift\n* Stairs", "weight": ""}),
    },
    Kind.ESSAY: {
        "least_words": "10",
        "most_words": "200",
        "lines": "5",
        **rows("rubric", {"text": "Clarity", "levels": "0: No\n2: Yes"}),
    },
    Kind.UPLOAD: {"most": "2", "types": ".PDF, docx", **rows("rubric", {"text": "", "levels": ""})},
    Kind.DESCRIPTION: {},
}


def called(text: str) -> str:
    """The name of what says this, where nothing else is called so."""
    return next_id(text, ())


EXPECTED: dict[Kind, Data] = {
    Kind.SINGLE: {
        "options": [
            {"id": called("Red"), "text": "Red", "fixed": False},
            {"id": called("Blue"), "text": "Blue", "fixed": False},
        ],
        "right": [called("Red")],
    },
    Kind.MATCHING: {
        "rows": [{"id": called("France"), "text": "France"}, {"id": called("Italy"), "text": "Italy"}],
        "choices": [
            {"id": called("Paris"), "text": "Paris"},
            {"id": called("Rome"), "text": "Rome"},
            {"id": called("Oslo"), "text": "Oslo"},
        ],
        "right": {called("France"): called("Paris"), called("Italy"): called("Rome")},
        "scoring": "",
    },
    Kind.CATEGORIZE: {
        "rows": [
            {"id": called("Cat"), "text": "Cat"},
            {"id": called("Oak"), "text": "Oak"},
            {"id": called("Rock"), "text": "Rock"},
        ],
        "choices": [{"id": called("Animal"), "text": "Animal"}, {"id": called("Plant"), "text": "Plant"}],
        "right": {called("Cat"): called("Animal"), called("Oak"): called("Plant")},
        "scoring": "",
    },
    Kind.NUMERIC: {
        "answers": [{"value": "1500.5", "tolerance": "10", "tolerance_kind": "nominal"}],
        "unit": "required",
        "units": [{"unit": "m", "factor": "1"}, {"unit": "km", "factor": "1000"}],
        "unit_penalty": "1/4",
    },
    Kind.SHORT_TEXT: {"answers": [{"text": "fire alarm"}, {"text": "alarm", "weight": "1/2"}], "case": False},
    Kind.CLOZE: {
        "scoring": "all_or_nothing",
        "gaps": [
            {
                "id": "1",
                "kind": "single",
                "options": [{"id": called("Red"), "text": "Red"}, {"id": called("Blue"), "text": "Blue"}],
                "right": [called("Red")],
                "weight": 2,
            },
            {
                "id": "2",
                "kind": "numeric",
                "answers": [{"value": "3", "tolerance": "1"}, {"value": "5", "weight": "1/2"}],
            },
            {
                "id": "3",
                "kind": "short_text",
                "answers": [{"text": "ten", "weight": "1/2"}, {"text": "10"}],
                "case": True,
            },
        ],
    },
    Kind.ESSAY: {
        "least_words": 10,
        "most_words": 200,
        "lines": 5,
        "rubric": [
            {
                "id": called("Clarity"),
                "text": "Clarity",
                "levels": [{"points": "0", "text": "No"}, {"points": "2", "text": "Yes"}],
            }
        ],
    },
    Kind.UPLOAD: {"most": 2, "types": ["pdf", "docx"], "rubric": []},
}


def newest(session: Session) -> QuestionVersion:
    return session.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc()).limit(1)).one()


@pytest.mark.parametrize("kind", list(ENTERED))
def test_every_kind_is_written_with_its_own_fields(session, client: FlaskClient, here: str, common: Data, kind: Kind):
    empty = client.get(f"{here}/new?kind={kind}")

    saved = client.post(f"{here}/new?kind={kind}", data={**common, **ENTERED[kind], "do": "save"})

    assert empty.status_code == 200
    assert saved.status_code == 302, re.findall(r"field-errors.*?</div>", saved.text, re.DOTALL)
    version = newest(session)
    assert (version.kind, version.author_id is not None) == (kind, True)
    expected = EXPECTED.get(kind, {})
    assert {name: version.body[name] for name in expected} == expected
    assert client.get(saved.location).status_code == 200


def test_a_question_may_be_called_something_and_is_found_by_it(
    session: Session, client: FlaskClient, here: str, common: Data
):
    client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "title": " Colors  one "})
    [question] = session.scalars(select(Question))
    assert question.title == "Colors one"
    edit = f"{here}/{question.public_id}/edit"
    assert 'value="Colors one"' in client.get(edit).text

    client.post(f"{here}/{question.public_id}/duplicate")

    session.expire_all()
    assert session.scalars(select(Question.title)).all() == ["Colors one", "Colors one"]


def test_names_tell_neither_the_right_order_nor_what_belongs_together(session, client: FlaskClient, here, common: Data):
    """Learners find them in their page."""
    texts = [f"Step {number}" for number in range(1, 11)]
    client.post(
        f"{here}/new?kind=ordering",
        data={**common, **rows("items", *({"text": text} for text in texts)), MINE: "next", "do": "save"},
    )
    items = [each["id"] for each in newest(session).body["items"]]
    client.post(
        f"{here}/new?kind=matching",
        data={
            **common,
            **rows("rows", *({"text": text, "belongs": f"{text}!"} for text in texts)),
            MINE: "",
            "do": "save",
        },
    )
    pairs = newest(session).body

    assert sorted(items) not in (items, items[::-1])
    assert not {each["id"] for each in pairs["rows"]} & {each["id"] for each in pairs["choices"]}
    assert sorted(pairs["rows"], key=lambda row: row["id"]) != pairs["rows"]


@pytest.mark.parametrize("kind", list(Kind))
def test_what_is_opened_and_saved_unchanged_says_the_same(session: Session, bank: Bank, app, kind: Kind):
    """Of every kind, with all that its fields can say: no version is made, and nothing is lost on the way."""
    picture = Picture(bank_id=bank.id, public_id="plan", file="0" * 32, name="a.png", mimetype="image/png", sha256="0")
    picture.size, picture.width, picture.height, picture.created = 1, 100, 50, THEN
    session.add(picture)
    body = {"text": "This [[way]] or [[color]] [[minutes]]?", "why": "So.", "from_afar": {"kept": [1]}, **WHOLE[kind]}
    body = {**body, "text": WHOLE[kind].get("text", "Which?")}
    first = {"text": "x", "why": "", **body}
    question = Question(bank=bank, name="x", category=bank.categories[0], tags=[])
    version = QuestionVersion(kind=kind, n=1, difficulty=2, maximum=1.0, body=first, text_format="markdown")

    with app.test_request_context(method="GET"):
        place = Place(branches=queries.tree(session, bank), pictures=[picture])
        once = FORMS[kind].of(place, question, version).said(first).body
        version = QuestionVersion(kind=kind, n=2, difficulty=2, maximum=1.0, body=once, text_format="markdown")
        twice = FORMS[kind].of(place, question, version).said(once).body

    assert once == twice
    assert once["from_afar"] == {"kept": [1]}
    rubric = {"rubric": RUBRIC} if "rubric" in WHOLE[kind] else {}
    for name in {*WHOLE[kind]} - {"answers", "options", "units"}:
        assert once[name] == {**WHOLE[kind], **rubric}[name], name


def test_save_and_next_keeps_what_questions_in_a_row_share(
    session: Session, client, here: str, common: Data, bank: Bank
):
    topic = sorting.add_category(session, bank, "Fire")
    session.commit()
    data = {**common, **RED_AND_BLUE, "category": topic.public_id, "tags": "exits, fire", "difficulty": "3"}
    data["token"] = "a" * 16

    saved = client.post(f"{here}/new?kind=single", data={**data, "do": "next"})
    page = client.get(saved.location.partition("#")[0]).text

    where = urlsplit(saved.location)
    assert parse_qs(where.query) == {
        "kind": ["single"],
        "category": [topic.public_id],
        "tags": ["exits, fire"],
        "difficulty": ["3"],
        "saved": ["a" * 16],
    }
    assert where.fragment == "text"
    assert f'<option selected value="{topic.public_id}">' in page
    assert '<option selected value="3">' in page
    assert 'value="exits, fire"' in page
    assert re.search(r'<textarea[^>]*id="text"[^>]*>\s*</textarea>', page)


def test_the_kind_comes_first(client: FlaskClient, here: str):
    page = client.get(f"{here}/new?tags=fire").text

    assert re.findall(r"kind=(\w+)", page) == [kind.value for kind in FORMS]
    assert "tags=fire" in page


def test_a_row_more_keeps_all_that_was_typed(session: Session, client: FlaskClient, here: str, common: Data):
    data = {**common, **RED_AND_BLUE, "text": "Half a ques", "maximum": "many", "more": "options"}

    page = client.post(f"{here}/new?kind=single", data=data)

    assert page.status_code == 200
    assert "Half a ques</textarea>" in page.text
    assert 'value="many"' in page.text
    assert re.findall(r'id="options-\d-text"[^>]*>\s*(\w*)</textarea>', page.text) == ["Red", "Blue", "", ""]
    assert (
        re.findall(r'id="options-(\d)-is_right"[^>]* checked|checked[^>]*id="options-(\d)-is_right"', page.text) != []
    )
    assert session.scalars(select(Question)).all() == []


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(session, client, here: str, common: Data):
    wrong = rows("answers", {"value": "many", "tolerance": "-1", "tolerance_kind": "nominal", "weight": ""})
    data = {**common, **wrong, "text": "How <many>?", "unit": "required", "maximum": "-3", "why": "Because."}

    first = client.post(f"{here}/new?kind=numeric", data=data)
    second = client.post(f"{here}/new?kind=numeric", data={**data, "maximum": "3"})

    assert (first.status_code, second.status_code) == (422, 422)
    assert "Give the points as a number from 0 to 1000." in first.text
    assert '<a href="#answers-0-value">Write a number, such as 12.5.</a>' in second.text
    assert '<a href="#answers-0-tolerance">' in second.text
    assert 'aria-invalid="true"' in second.text
    assert second.text.count("Give the unit, or choose that there is no field for one.") == 2
    for page in (first.text, second.text):
        assert "How &lt;many&gt;?" in page
        assert "Because." in page
        assert 'value="many"' in page
    assert session.scalars(select(Question)).all() == []


def test_an_incomplete_question_is_kept_as_a_draft(session: Session, client: FlaskClient, here: str, common: Data):
    half = {**common, **rows("options", {"id": "", "text": "Only one"})}

    refused = client.post(f"{here}/new?kind=single", data=half)
    kept = client.post(f"{here}/new?kind=single", data={**half, "state": "draft"})

    assert refused.status_code == 422
    assert "Give at least two options to choose from." in refused.text
    assert kept.status_code == 302
    assert session.scalars(select(Question)).one().state is QuestionState.DRAFT


def test_a_form_that_is_sent_twice_makes_one_question(session: Session, client: FlaskClient, here: str, common: Data):
    data = {**common, **RED_AND_BLUE, "token": "a" * 16}

    for _time in range(2):
        client.post(f"{here}/new?kind=single", data=data)
    client.post(f"{here}/new?kind=single", data={**data, "text": "Another, after going back?"})

    assert len(session.scalars(select(Question)).all()) == 2
    assert len(session.scalars(select(QuestionVersion)).all()) == 2


def test_a_change_is_a_version_and_no_change_is_none(session: Session, client, here: str, common: Data, write: Write):
    question = write()
    address = f"{here}/{question.public_id}/edit"
    same = {**common, **rows("options", {"id": "a", "text": "Red", "is_right": "y"}, {"id": "b", "text": "Blue"})}

    client.post(address, data={**same, "seen": "1"})
    client.post(address, data={**same, "seen": "2", "text": "Which?", "note": "Shorter", "tags": "color"})
    overtaken = client.post(address, data={**same, "seen": "2", "text": "Mine?"})

    found = session.scalars(select(QuestionVersion).order_by(QuestionVersion.n)).all()
    assert [(each.n, each.text, each.note) for each in found][-1] == (3, "Which?", "Shorter")
    assert overtaken.status_code == 409
    assert "Somebody else changed this question meanwhile." in overtaken.text
    assert "Mine?</textarea>" in overtaken.text
    assert 'name="seen" type="hidden" value="3"' in overtaken.text
    session.refresh(question)
    assert [tag.word for tag in question.tags] == ["color"]


def test_a_preview_shows_marks_and_keeps_nothing(session: Session, client: FlaskClient, here: str, common: Data):
    data = {**common, **RED_AND_BLUE, "text": "Which **one**?<script>alert(1)</script>", "why": "It is warm."}

    shown = client.post(f"{here}/new?kind=single", data={**data, "do": "preview"})
    tried = client.post(f"{here}/new?kind=single", data={**data, "do": "try", "q1": called("Red")})
    fragment = client.post(
        f"{here}/new?kind=single", data={**data, "do": "try", "q1": called("Blue")}, headers={"HX-Request": "true"}
    )

    assert shown.status_code == 200
    assert "Which <strong>one</strong>?" in shown.text
    assert "<script>alert" not in shown.text
    assert "This answer earns 1 of 1." in tried.text
    assert "This answer earns 0 of 1." in fragment.text
    assert "It is warm." in fragment.text
    assert "<html" not in fragment.text
    assert session.scalars(select(Question)).all() == []


def test_a_preview_of_half_a_question_says_what_is_missing(client: FlaskClient, here: str, common: Data):
    page = client.post(f"{here}/new?kind=single", data={**common, "do": "preview"})

    assert "It cannot be asked yet:" in page.text
    assert "Say what is right." in page.text


def test_what_was_wrong_is_no_longer_said_once_a_preview_finds_nothing(client: FlaskClient, here: str, common: Data):
    """What stands beside fields goes away only with the page, so such a page is loaded as a whole."""
    refused = client.post(f"{here}/new?kind=single", data={**common, "text": ""})
    mended = client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "do": "preview"})

    assert ("Please look at this again" in refused.text, "hx-post" in refused.text) == (True, False)
    assert ("Please look at this again" in mended.text, "hx-post" in mended.text) == (False, True)
    assert "field-errors" not in mended.text


def test_a_preview_that_cannot_be_says_why_in_its_place(client: FlaskClient, here: str, common: Data):
    wrong = {**common, **RED_AND_BLUE, "maximum": "lots", "do": "preview"}

    fragment = client.post(f"{here}/new?kind=single", data=wrong, headers={"HX-Request": "true"})

    assert (fragment.status_code, "<html" in fragment.text) == (422, False)
    assert "It cannot be shown yet:" in fragment.text
    assert '<a href="#maximum">' in fragment.text


def test_texts_of_four_megabytes_are_refused_in_words(session: Session, client: FlaskClient, here: str, common: Data):
    long = client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "text": "x" * 100_001})
    megabytes = {**common, **RED_AND_BLUE, "text": "x" * 4_000_000}
    longer = client.post(f"{here}/new?kind=single", data=megabytes)
    huge = as_browsers_do(client, f"{here}/new?kind=single", megabytes)

    for each in (long, longer):
        assert each.status_code == 422
        assert "together have at most 100000 characters" in each.text
    assert huge.status_code == 413
    assert "The texts of a question have 100,000 characters at most" in huge.text
    assert session.scalars(select(Question)).all() == []


@pytest.mark.parametrize(
    "wrong", [{"category": "nowhere"}, {"state": "maybe"}, {"text_format": "word"}, {"difficulty": "9"}], ids=str
)
def test_what_was_never_offered_is_refused(session: Session, client: FlaskClient, here: str, common: Data, wrong: Data):
    for what in ("save", "next", "preview", "try"):
        assert (
            client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, **wrong, "do": what}).status_code
            == 422
        )
    assert client.post(f"{here}/new?kind=poem", data=common).location == f"{here}/new"
    assert session.scalars(select(Question)).all() == []


def png(width: int = 60, height: int = 40) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00" + b"\0" * 4
    )


def add_picture(client: FlaskClient, address: str, data: Data, content: bytes, name: str = "plan.png") -> TestResponse:
    file = FileStorage(io.BytesIO(content), name)
    return as_browsers_do(client, address, {**data, "picture": file, "do": "picture", "picture_alt": "A [plan]"})


def as_browsers_do(client: FlaskClient, address: str, data: Data) -> TestResponse:
    boundary, body = encode_multipart(data)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_picture_is_added_and_named_in_the_text(session: Session, client, here: str, common: Data, course: Course):
    page = add_picture(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, png())
    again = add_picture(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, png(), "same.jpg")

    picture = session.scalars(select(Picture)).one()
    told = (picture.mimetype, picture.width, picture.height, picture.name)
    assert told == ("image/png", 60, 40, "plan.png")
    for each in (page, again):
        assert f"Which one?\n\n![A \\[plan\\]](picture:{picture.public_id})" in each.text.replace("\r\n", "\n")
    text = f"![A plan](picture:{picture.public_id})"
    client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "text": text})
    question = session.scalars(select(Question)).one()
    shown = client.get(f"{here}/{question.public_id}").text
    address = f"/courses/{course.public_id}/pictures/{picture.public_id}"
    assert f'src="{address}"' in shown
    assert 'alt="A plan"' in shown
    file = client.get(address, buffered=True)
    assert (file.data, file.mimetype) == (png(), "image/png")
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg", "This is no picture"),
        (b"<html>GIF89a", "a.gif", "This is no picture"),
        (b"", "a.png", "This file is empty"),
        (png(60_000, 60_000), "a.png", "too many pixels"),
        (png() + b"\0" * 10 * 1024 * 1024, "a.png", "10 MB at most"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(session, client, here: str, common: Data, content, name, sentence):
    page = add_picture(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, content, name)

    assert page.status_code == 422
    assert sentence in page.text
    assert "Which one?</textarea>" in page.text
    assert session.scalars(select(Picture)).all() == []


def test_a_picture_without_words_keeps_a_question_from_being_ready(session: Session, client, here: str, common: Data):
    add_picture(client, f"{here}/new?kind=single", {**common}, png())
    name = session.scalars(select(Picture)).one().public_id

    page = client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "text": f"![](picture:{name})"})

    assert page.status_code == 422
    assert "Say in words what the picture shows" in page.text


def test_places_in_a_picture_are_drawn_chosen_and_tried(session: Session, client, here: str, common: Data):
    areas = rows(
        "areas",
        {"label": "The door", "shape": "rect", "coords": "0, 0, 10, 40"},
        {"label": "The alarm", "shape": "circle", "coords": "30 20 5", "is_right": "y"},
    )
    added = add_picture(client, f"{here}/new?kind=hotspot", {**common, **areas, "scoring": ""}, png())
    picture = session.scalars(select(Picture)).one().public_id
    data = {**common, **areas, "scoring": "", "image": picture, "alt": "A plan"}

    tried = client.post(f"{here}/new?kind=hotspot", data={**data, "do": "try", "q1": called("The alarm")}).text
    outside = {**data, **rows("areas", {"label": "The door", "shape": "rect", "coords": "0, 0, 10, 41"})}
    refused = client.post(f"{here}/new?kind=hotspot", data=outside)
    client.post(f"{here}/new?kind=hotspot", data=data)

    assert f'<option selected value="{picture}">' in added.text
    assert '<rect x="0" y="0" width="10" height="40">' in added.text
    assert "This answer earns 1 of 1." in tried
    assert '<label class="area" for="q1-1">' in tried
    assert "reaches beyond the picture, which is 60 wide and 40 high" in refused.text
    assert newest(session).body["areas"][1] == {
        "id": called("The alarm"),
        "label": "The alarm",
        "shape": "circle",
        "coords": [30, 20, 5],
    }
    assert (newest(session).body["width"], newest(session).body["height"]) == (60, 40)


def test_learners_choose_places_in_the_picture_or_by_their_words(app, session, cast: Cast, course, bank, write: Write):
    picture = Picture(bank_id=bank.id, public_id="plan", file="0" * 32, name="a.png", mimetype="image/png", sha256="0")
    picture.size, picture.width, picture.height, picture.created = 1, 100, 50, THEN
    session.add(picture)
    question = write(said(Kind.HOTSPOT, **WHOLE[Kind.HOTSPOT]))
    quiz = a_quiz(session, course, question.bank, asks=1)
    leo = cast.enrol(course, "Leo")
    attempt = starting.start(session, quiz, leo, seed=bytes(16), at=clock.now())
    session.commit()
    address = f"/courses/{course.public_id}/quizzes/attempts/{attempt.public_id}"
    visitor = cast.visit(app.test_client(), leo)

    page = visitor.get(address).text
    visitor.post(address, data={"q1": "alarm"})

    assert f'src="/courses/{course.public_id}/pictures/plan" alt="A plan of the floor" width="100" height="50"' in page
    assert re.findall(r'<label class="area" for="(q1-\d)">', page) == ["q1-0", "q1-1"]
    assert re.findall(r'<label for="(q1-\d)">([^<]*)', page) == [("q1-0", "The door"), ("q1-1", "The alarm")]
    session.refresh(attempt)
    assert attempt.raw == 1.0


def test_a_picture_is_seen_by_people_of_its_course_and_nobody_else(
    app, session, cast: Cast, client, here, common, course
):
    add_picture(client, f"{here}/new?kind=single", {**common}, png())
    name = session.scalars(select(Picture)).one().public_id
    other = cast.course("Elsewhere")
    leo, otto = cast.enrol(course, "Leo"), cast.enrol(other, "Otto")
    leos, ottos = (cast.visit(app.test_client(), each) for each in (leo, otto))

    assert leos.get(f"/courses/{course.public_id}/pictures/{name}", buffered=True).status_code == 200
    assert ottos.get(f"/courses/{other.public_id}/pictures/{name}").status_code == 404
    assert ottos.get(f"/courses/{course.public_id}/pictures/{name}").status_code == 404
    assert app.test_client().get(f"/courses/{course.public_id}/pictures/{name}").status_code == 401


def test_a_draft_that_became_ready_is_drawn(session: Session, client, here: str, common: Data, write: Write):
    question = write(said(text="Soon"), state=QuestionState.DRAFT)
    data = {
        **common,
        "text": "Now?",
        **rows("options", {"id": "a", "text": "Red", "is_right": "y"}, {"id": "b", "text": "B"}),
    }

    client.post(f"{here}/{question.public_id}/edit", data={**data, "seen": "1", "do": "next"})

    session.refresh(question)
    assert question.is_drawn
    assert writing.newest_of(session, question).body["options"][1]["text"] == "B"


def add_sound(client: FlaskClient, address: str, data: Data, content: bytes, name: str = "call.mp3") -> TestResponse:
    file = FileStorage(io.BytesIO(content), name)
    return as_browsers_do(client, address, {**data, "sound": file, "do": "sound", "sound_words": "Good\r\nmorning"})


def test_a_recording_is_added_named_in_the_text_and_played(
    session: Session, client, here: str, common: Data, course: Course
):
    page = add_sound(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, recordings.mp3())
    again = add_sound(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, recordings.mp3(), "same.wav")

    sound = session.scalars(select(Sound)).one()
    assert (sound.mimetype, sound.name, sound.width) == ("audio/mpeg", "call.mp3", 0)
    text = f"Which one?\n\n![Good morning](sound:{sound.public_id})"
    for each in (page, again):
        assert text in each.text.replace("\r\n", "\n")
    client.post(f"{here}/new?kind=single", data={**common, **RED_AND_BLUE, "text": text})
    question = session.scalars(select(Question)).one()
    address = f"/courses/{course.public_id}/sounds/{sound.public_id}"
    shown = client.get(f"{here}/{question.public_id}").text
    player = f'<audio controls preload="none" src="{address}" aria-label="Recording"></audio>'
    words = "<details><summary>What is heard, in words</summary><p>Good morning</p></details>"
    assert f'<figure class="sound">{player}{words}</figure>' in shown
    assert "media-src 'self'" in client.get(f"{here}/{question.public_id}").headers["Content-Security-Policy"]


def test_a_recording_is_played_from_where_somebody_goes_to_and_is_never_a_page(
    session: Session, client, here: str, common: Data, course: Course
):
    add_sound(client, f"{here}/new?kind=single", common, recordings.mp3())
    sound = session.scalars(select(Sound)).one()
    address = f"/courses/{course.public_id}/sounds/{sound.public_id}"

    whole = client.get(address, buffered=True)
    part = client.get(address, headers={"Range": "bytes=2-5"}, buffered=True)

    assert (whole.data, whole.mimetype, whole.headers["Accept-Ranges"]) == (recordings.mp3(), "audio/mpeg", "bytes")
    assert (part.status_code, part.data) == (206, recordings.mp3()[2:6])
    for each in (whole, part):
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert each.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert client.get(address.replace("/sounds/", "/pictures/")).status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.mp3", "This is no recording"),
        (b"<html><script>alert(1)</script></html>", "a.mp3", "This is no recording"),
        (png(), "a.mp3", "This is no recording"),
        (b"", "a.mp3", "This file is empty"),
        (recordings.mp3() + b"\0" * 10 * 1024 * 1024, "a.mp3", "10 MB at most"),
    ],
)
def test_what_is_no_recording_is_refused_in_words(session, client, here: str, common: Data, content, name, sentence):
    page = add_sound(client, f"{here}/new?kind=single", {**common, **RED_AND_BLUE}, content, name)

    assert page.status_code == 422
    assert sentence in page.text
    assert "Which one?</textarea>" in page.text
    assert session.scalars(select(Sound)).all() == []


def test_a_recording_without_words_keeps_a_question_from_being_ready(session: Session, client, here: str, common: Data):
    add_sound(client, f"{here}/new?kind=single", {**common}, recordings.wav())
    name = session.scalars(select(Sound)).one().public_id
    silent = {**common, **RED_AND_BLUE, "text": f"Listen. ![](sound:{name})"}

    page = client.post(f"{here}/new?kind=single", data=silent)
    draft = client.post(f"{here}/new?kind=single", data={**silent, "state": "draft"})

    assert page.status_code == 422
    assert "Say in words what is heard" in page.text
    assert draft.status_code == 302


def test_a_recording_is_heard_by_people_of_its_course_and_nobody_else(
    app, session, cast: Cast, client, here, common, course
):
    add_sound(client, f"{here}/new?kind=single", {**common}, recordings.wav())
    name = session.scalars(select(Sound)).one().public_id
    other = cast.course("Elsewhere")
    leo, otto = cast.enrol(course, "Leo"), cast.enrol(other, "Otto")
    leos, ottos = (cast.visit(app.test_client(), each) for each in (leo, otto))

    assert leos.get(f"/courses/{course.public_id}/sounds/{name}", buffered=True).status_code == 200
    assert ottos.get(f"/courses/{other.public_id}/sounds/{name}").status_code == 404
    assert ottos.get(f"/courses/{course.public_id}/sounds/{name}").status_code == 404
    assert app.test_client().get(f"/courses/{course.public_id}/sounds/{name}").status_code == 401


@pytest.mark.parametrize(
    ("what", "words", "content", "sentence"),
    [
        ("picture", "picture_alt", png(), "Say in words what the picture shows, then choose it once more."),
        ("sound", "sound_words", recordings.mp3(), "Write what is heard in the recording, then choose it once more."),
    ],
)
def test_what_is_added_without_words_is_not_taken(
    session: Session, client, here: str, common: Data, what: str, words: str, content: bytes, sentence: str
):
    file = FileStorage(io.BytesIO(content), "file")
    sent = {**common, **RED_AND_BLUE, what: file, "do": what, words: "  "}

    page = as_browsers_do(client, f"{here}/new?kind=single", sent)

    assert page.status_code == 422
    assert sentence in unescape(page.text)
    assert session.scalars(select(Medium)).all() == []


def test_nothing_that_a_question_needs_is_called_optional(client, here: str):
    assert "(optional)" not in client.get(f"{here}/new?kind=true_false").text
