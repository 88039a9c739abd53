"""Whatever the format: old letters, pictures without words, what is there already, taking back, and rubrics."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.running.working import drain as work
from quizzes.formats import registry
from quizzes.formats.model import Bank as Brought
from quizzes.formats.model import Media, Question
from quizzes.formats.reports import Part
from quizzes.kinds import Kind
from quizzes.questions import Question as Kept
from quizzes.questions import QuestionState, QuestionVersion
from quizzes.rich import TextFormat
from tests.mentoring.reading import words
from tests.quizzes.exchange.bringing.conftest import Bringing
from tests.quizzes.formats.generating import PIXEL
from tests.quizzes.formats.qti.making import zipped
from tests.quizzes.formats.repertoire import REPERTOIRES

SAMPLES = Path(__file__).parents[2] / "formats" / "samples"
WITH_PICTURES = [name for name, may in REPERTOIRES.items() if Part.MEDIA in may.parts]


def number_of_questions(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Kept.id))) or 0


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_words_are_asked_for_a_picture_that_has_none(app: Flask, session: Session, bringing: Bringing, name: str):
    picture = Media(PIXEL, "dot.png", "image/png")
    text = f'<p>What is <b>this</b>? <img src="{picture.reference}" alt=""></p>'
    asked = Question(kind=Kind.ESSAY, body={"text": text}, text_format=TextFormat.HTML, media=(picture,))
    written = registry.write(Brought(questions=(asked,)), name)
    bringing.bring(written.content, "picture", format=name)
    work(app)

    seen = words(bringing.client.get(bringing.address))
    bringing.decide("take")

    assert "It can be kept as a draft only. Say in words what the picture shows, for those who cannot see it" in seen
    assert session.scalars(select(Kept.state)).all() == [QuestionState.DRAFT]


@pytest.mark.parametrize(
    "name", ["everything.csv", "everything.xlsx", "everything.txt", "everything.xml", "everything-qti12.zip"]
)
def test_what_is_there_already_is_known_again_and_all_of_it_is_taken_back(
    app: Flask, session: Session, bringing: Bringing, name: str
):
    content = (SAMPLES / name).read_bytes()
    bringing.bring(content, name)
    work(app)
    ticked = len(bringing.ticked())
    bringing.decide("take")
    first = bringing.address
    taken = number_of_questions(session)

    bringing.bring(content, name)
    work(app)

    assert taken == ticked > 2
    assert f"{taken} of them are there already." in words(bringing.client.get(bringing.address))
    assert bringing.ticked() == []
    bringing.client.post(f"{first}/undo")
    assert number_of_questions(session) == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("question,type\nWie heißt die Straße?,essay\n", "street.csv"),
        (
            "<?xml version='1.0'?><quiz><question type='essay'><questiontext format='plain_text'>"
            "<text>Wie heißt die Straße?</text></questiontext></question></quiz>",
            "street.xml",
        ),
        ("Wie heißt die Straße?\nA. Weg\nB. Königsweg\nANSWER: B\n", "street.txt"),
    ],
)
def test_letters_of_old_windows_are_read_in_every_format_of_text(
    session: Session, bringing: Bringing, content: str, name: str
):
    bringing.bring(content.encode("windows-1252"), name)

    assert "written in windows-1252" in words(bringing.client.get(bringing.address))
    bringing.decide("take")
    [version] = session.scalars(select(QuestionVersion))
    assert version.text == "Wie heißt die Straße?"


ITEM = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="a" title="A"
 adaptive="false" time-dependent="false"><qti-response-declaration identifier="RESPONSE" cardinality="single"
 base-type="string"/><qti-item-body><p>Write.</p><qti-extended-text-interaction response-identifier="RESPONSE"/>
 <qti-rubric-block view="scorer"><p>Two marks for a name.</p></qti-rubric-block></qti-item-body>
 </qti-assessment-item>"""
OLDER = """<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><item ident="a" title="A"><itemmetadata>
 <qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>essay_question</fieldentry>
 </qtimetadatafield></qtimetadata></itemmetadata><presentation><material><mattext>Write.</mattext></material>
 <response_str ident="r"><render_fib/></response_str></presentation>
 <itemrubric view="Scorer"><material><mattext>Two marks for a name.</mattext></material></itemrubric></item>
 </questestinterop>"""
MOODLE = """<quiz><question type="essay"><name><text>A</text></name><questiontext format="html"><text>Write.</text>
 </questiontext><graderinfo format="html"><text>Two marks for a name.</text></graderinfo></question></quiz>"""


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (ITEM.encode(), "a.xml", "rubricBlock scorer is not kept"),
        (zipped({"a.xml": OLDER.encode()}), "a.zip", "itemrubric"),
        (OLDER.encode(), "a.xml", "itemrubric"),
        (MOODLE.encode(), "a.xml", "<graderinfo> is not kept"),
        (b"question,type,rubric\nWrite.,essay,Two marks for a name\n", "a.csv", "The column rubric is not known here"),
    ],
)
def test_a_rubric_that_is_not_kept_is_told(bringing: Bringing, content: bytes, name: str, told: str):
    bringing.bring(content, name)

    seen = words(bringing.client.get(bringing.address))

    assert "1 question can be taken." in seen
    assert told in seen
