"""Recordings come in with questions of every format that can name them, and go out again."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from typing import Any

import pytest

from quizzes import rich
from quizzes.bank.checking import Wrong
from quizzes.formats import registry
from quizzes.formats.base import Reading
from quizzes.formats.equality import canonical
from quizzes.formats.model import Bank, Media, Question
from quizzes.formats.packages import Wrong as OfZips
from quizzes.formats.reports import Odd, Part, Reporter, Severity
from quizzes.formats.sounds import straightened
from quizzes.formats.texts import clean
from quizzes.kinds import Kind
from quizzes.rich import TextFormat
from tests import files, recordings
from tests.quizzes.formats.qti.making import ask, item, response, zipped

CALL = Media(recordings.mp3(), "call.mp3", "audio/mpeg")
OPTIONS = [{"id": "a", "text": "Red"}, {"id": "b", "text": "Blue"}]
WORDS = 'He says "a &lt; b", and goes.'


def asked(text: str, text_format: TextFormat = TextFormat.HTML, **more: Any) -> Question:
    body = {"text": rich.kept(text, text_format), "options": OPTIONS, "right": ["a"]}
    return Question(kind=Kind.SINGLE, body=body, text_format=text_format, title="A call", media=(CALL,), **more)


def heard(found: Reading) -> list[tuple[str, str]]:
    """The recordings of all questions that are read: where each leads, and its words."""
    texts = [(str(each.body["text"]), each.text_format) for each in found.bank.questions]
    return [(named.public_id, named.words) for text in texts for named in rich.media_in(*text) if named.is_sound]


@pytest.mark.parametrize("name", ["moodle", "gift", "qti12", "qti21", "qti30"])
def test_a_recording_goes_out_and_comes_in_as_it_was(name: str):
    quoted = WORDS.replace('"', "&quot;")
    question = asked(f'<p>Listen.</p><p><audio src="sound:{CALL.key}" title="{quoted}"></audio></p>')

    written = registry.write(Bank(questions=(question,)), name)
    found = registry.read(written.content)

    told = [each for each in (*written.report.findings, *found.report.findings) if each.severity > Severity.NOTE]
    assert (told, found.format) == ([], name)
    [read] = found.bank.questions
    assert canonical(read) == canonical(question)
    assert read.media[0].content == CALL.content
    assert not read.is_draft


@pytest.mark.parametrize("name", ["moodle", "gift"])
def test_in_markdown_it_goes_out_as_what_others_play(name: str):
    question = asked(f"**Listen.**\n\n![Good morning](sound:{CALL.key})", TextFormat.MARKDOWN)

    found = registry.read(registry.write(Bank(questions=(question,)), name).content)

    assert heard(found) == [(CALL.key, "Good morning")]
    assert found.bank.questions[0].text_format is TextFormat.HTML
    assert "<strong>Listen.</strong>" in found.bank.questions[0].body["text"]


@pytest.mark.parametrize("name", ["aiken", "csv", "excel"])
def test_where_a_format_cannot_it_is_told(name: str):
    question = asked(f'<audio src="sound:{CALL.key}" title="Hello"></audio>')

    written = registry.write(Bank(questions=(question,)), name)

    assert Part.MEDIA in [each.about.get("part") for each in written.report.findings]


def moodle(html: str, content: bytes = CALL.content, name: str = "call.mp3") -> Reading:
    file = f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'
    text = f'<questiontext format="html"><text><![CDATA[{html}]]></text>{file}</questiontext>'
    right = '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    head = "<?xml version='1.0' encoding='UTF-8'?><quiz><question type='truefalse'><name><text>Call</text></name>"
    return registry.read(f"{head}{text}{right}</question></quiz>".encode())


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ('<audio src="@@PLUGINFILE@@/call.mp3" title="Hello"></audio>', "Hello"),
        ('<audio controls="true"><source src="@@PLUGINFILE@@/call.mp3">@@PLUGINFILE@@/call.mp3</audio>', ""),
        ('<audio controls><source src="@@PLUGINFILE@@/call.mp3" type="audio/mpeg">Hello there</audio>', "Hello there"),
        ('<audio src="@@PLUGINFILE@@/call.mp3">Your browser does not support the audio element.</audio>', ""),
        ("<audio aria-label='Hello' src='@@PLUGINFILE@@/call.mp3'></audio>", "Hello"),
        ('<video controls src="@@PLUGINFILE@@/call.mp3" title="Hello"></video>', "Hello"),
        ('<object data="@@PLUGINFILE@@/call.mp3" type="audio/mpeg">Hello</object>', "Hello"),
        ('<a href="@@PLUGINFILE@@/call.mp3">call.mp3</a>', ""),
        ('<embed src="@@PLUGINFILE@@/call.mp3">', ""),
        (f'<audio src="data:audio/mpeg;base64,{base64.b64encode(CALL.content).decode()}" title="Hi"></audio>', "Hi"),
    ],
)
def test_however_others_play_it_it_is_read(html: str, words: str):
    found = moodle(f"<p>Is it a call?</p>{html}")

    assert heard(found) == [(CALL.key, words)]
    assert found.bank.questions[0].media == (CALL,) or "data:" in html
    assert found.bank.questions[0].body["text"].count("<") == 4
    assert found.bank.questions[0].is_draft is not bool(words)
    wrong = [each.about.get("wrong") for each in found.report.findings if each.severity > Severity.NOTE]
    assert wrong == ([] if words else [Wrong.NOT_IN_WORDS])


def test_what_a_link_says_stays_before_the_player():
    found = moodle('<p><a href="@@PLUGINFILE@@/call.mp3">Listen to the call</a>: is it loud?</p>')

    assert found.bank.questions[0].body["text"] == (
        f'<p>Listen to the call <audio src="sound:{CALL.key}"></audio>: is it loud?</p>'
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"ID3\x04\0\0\0\0\0\x04<html>",
        b"",
        files.EXE,
    ],
)
def test_what_is_only_called_a_recording_is_left_out_and_told(content: bytes):
    found = moodle('<p>Is it?</p><audio src="@@PLUGINFILE@@/call.mp3" title="Hello"></audio>', content)

    assert [each.odd for each in found.report.findings] == [Odd.FILE_NOT_TAKEN, Odd.PICTURE_MISSING]
    assert (found.bank.questions[0].media, found.bank.questions[0].body["text"]) == ((), "<p>Is it?</p>")


def test_one_that_lies_elsewhere_is_not_fetched_and_told():
    found = moodle('<p>Is it?</p><audio src="https://example.org/a.mp3"></audio>')

    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [
        (Odd.PICTURE_ELSEWHERE, "https://example.org/a.mp3")
    ]
    assert found.bank.questions[0].body["text"] == "<p>Is it?</p>"


@pytest.mark.parametrize(
    "player",
    [
        '<audio src="media/call.mp3" controls="controls" title="Hello"/>',
        '<audio controls="controls"><source src="media/call.mp3" type="audio/mpeg"/>Hello</audio>',
        '<object data="media/call.mp3" type="audio/mpeg">Hello</object>',
        '<a href="media/call.mp3" title="Hello">call.mp3</a>',
    ],
)
def test_players_of_qti_are_read(player: str):
    choices = '<simpleChoice identifier="a">A</simpleChoice><simpleChoice identifier="b">B</simpleChoice>'
    content = item(response("single", "identifier", "a"), f"<p>Listen. {player}</p>{ask('choice', choices)}")

    found = registry.read(zipped({"a.xml": content, "media/call.mp3": CALL.content}))

    assert (heard(found), found.report.findings) == ([(CALL.key, "Hello")], ())


def test_qti_says_it_as_each_version_does():
    question = asked(f'<audio src="sound:{CALL.key}" title="Hello"></audio>')

    def written(name: str, member: str) -> str:
        content = registry.write(Bank(questions=(question,)), name).content
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.read(member).decode()

    media = f"../media/{CALL.key}.mp3"
    assert f'<object data="{media}" type="audio/mpeg">Hello</object>' in written("qti21", "items/q1.xml")
    player = f'<audio src="{media}" controls="controls" aria-label="Hello"/>'
    assert player in written("qti30", "items/q1.xml")
    told = f'&lt;audio controls="controls" src="$IMS-CC-FILEBASE$/media/{CALL.key}.mp3" title="Hello"&gt;'
    assert told in written("qti12", "questions/questions.xml")


GIFT = (
    '::Call::[html]<p>Who calls? <audio src\\="@@PLUGINFILE@@/call.mp3" title\\="Hello"></audio></p>{=Maya ~Leo}\n\n'
    "::Dot::[markdown]What is this? ![A dot](@@PLUGINFILE@@/dots/a%20dot.png){=A dot ~A line}\n\n"
    '::Gone::[html]<img src\\="@@PLUGINFILE@@/gone.png" alt\\="Gone"> Which?{=This ~That}\n'
)


@pytest.mark.parametrize("folder", ["", "export/"])
def test_gift_with_its_media_is_a_zip(folder: str):
    dot = files.png()
    found = registry.read(
        zipped(
            {
                f"{folder}questions.txt": GIFT.encode(),
                f"{folder}call.mp3": CALL.content,
                f"{folder}dots/a dot.png": dot,
            }
        )
    )

    call, shown, _gone = found.bank.questions
    assert found.format == "gift"
    assert heard(found) == [(CALL.key, "Hello")]
    assert (call.media[0].content, shown.media[0].content) == (CALL.content, dot)
    assert [(each.odd, each.about["what"]) for each in found.report.findings] == [(Odd.PICTURE_MISSING, "gone.png")]


def test_a_zip_that_leads_out_of_itself_brings_no_gift():
    found = registry.read(zipped({"questions.gift": GIFT.encode(), "../call.mp3": CALL.content}), format="gift")

    assert (found.bank.questions, [each.odd for each in found.report.findings][:1]) == ((), [OfZips.TRICK])


def test_names_in_gift_lead_nowhere_but_into_the_zip():
    text = b'[html]<img src\\="@@PLUGINFILE@@/../../etc/passwd" alt\\="x"> Which?{=This ~That}\n'

    found = registry.read(zipped({"a/b/questions.gift": text, "etc/passwd": files.png()}), format="gift")

    assert [each.odd for each in found.report.findings] == [Odd.PICTURE_MISSING]


@pytest.mark.parametrize(
    "text",
    [
        "<audio " * 15_000,
        "<audio>" * 15_000,
        '<a href="sound:x">' * 6_000,
        '<audio title="' * 8_000,
        "<img " * 20_000,
        "<img src=" * 12_000,
        '<p onx="' * 12_000,
    ],
)
def test_texts_that_begin_much_and_end_nothing_are_read_at_once(text: str):
    begun = time.monotonic()

    clean(f"sound:x {text}", TextFormat.HTML, Question(kind=Kind.DESCRIPTION, body={}).place, Reporter())
    straightened(f"sound:x {text}")

    assert time.monotonic() - begun < 5
