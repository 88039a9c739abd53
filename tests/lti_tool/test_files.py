"""Whether a file is what its name says: by its bytes, and without opening it."""

from __future__ import annotations

import io
import random
import tracemalloc

import pytest

from lti_tool.files.called import called
from lti_tool.files.kinds import Kind, judge
from lti_tool.files.packages import MOST_DIRECTORY, MOST_MEMBERS
from lti_tool.files.troubles import Trouble
from tests import files
from tests.files import changed_directory, office, open_office, renamed, types_of

MOST = 10 * 1024 * 1024
T = Trouble


def judged(name: str, content: bytes) -> str:
    """The key of its kind, or its trouble."""
    found = judge(io.BytesIO(content), len(content), name, most=MOST)
    return found.key if isinstance(found, Kind) else found


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", files.PDF, "pdf"),
        ("A.PDF", files.PDF, "pdf"),
        ("a.docx", office("docx"), "docx"),
        ("a.xlsx", office("xlsx"), "xlsx"),
        ("a.pptx", office("pptx"), "pptx"),
        ("a.odt", open_office("odt"), "odt"),
        ("a.ods", open_office("ods"), "ods"),
        ("a.odp", open_office("odp"), "odp"),
        ("a.png", files.png(), "png"),
        ("a.jpg", files.jpeg(), "jpeg"),
        ("a.jpeg", files.jpeg(8160, 6144), "jpeg"),
        ("a.gif", files.gif(), "gif"),
        ("a.webp", files.webp(), "webp"),
        ("a.webp", files.lossy_webp(), "webp"),
        ("a.webp", files.lossless_webp(), "webp"),
        ("a.txt", "Grüße \U0001f600 שלום".encode(), "txt"),
        ("a.txt", "Grüße".encode("cp1252"), "txt"),
        ("a.csv", b"name;mail\r\nLeo;leo@example.org\r\n", "csv"),
        ("a.md", b"<!-- toc -->\n# Title\n\n<p align=center>Text</p>\n", "md"),
    ],
)
def test_honest_files_are_taken(name: str, content: bytes, kind: str):
    assert judged(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "trouble"),
    [
        ("a.exe", files.EXE, T.NOT_ALLOWED),
        ("a", files.PDF, T.NOT_ALLOWED),
        ("a.zip", office(), T.NOT_ALLOWED),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", T.NOT_ALLOWED),
        ("a.pdf.exe", files.PDF, T.NOT_ALLOWED),
        ("a.svg", files.SVG, T.WEB_PAGE),
        ("a.html", files.HTML, T.WEB_PAGE),
        ("a.docm", office(), T.MACROS),
        ("a.pdf", b"", T.EMPTY),
        ("a.pdf", files.HTML, T.NOT_WHAT_IT_SAYS),
        ("a.pdf", b"\n" + files.PDF, T.NOT_WHAT_IT_SAYS),
        ("a.pdf", files.PDF[:-10], T.DAMAGED),
        ("a.pdf", files.PDF + b" " * MOST, T.TOO_LARGE),
        ("a.txt", files.HTML, T.WEB_PAGE),
        ("a.txt", b"\xef\xbb\xbf \n" + files.HTML, T.WEB_PAGE),
        ("a.md", b"<!-- a --><!-- b -->" + files.SVG, T.WEB_PAGE),
        ("a.md", b"<!--" * 20_000, T.WEB_PAGE),
        ("a.csv", b"<?xml version='1.0'?><svg/>", T.WEB_PAGE),
        ("a.txt", files.EXE, T.NOT_WHAT_IT_SAYS),
        ("a.txt", "UTF-16".encode("utf-16"), T.NOT_WHAT_IT_SAYS),
        ("a.txt", b"\x1b]0;owned\x07", T.NOT_WHAT_IT_SAYS),
        ("a.txt", b"a" * 100_000 + b"\x00", T.NOT_WHAT_IT_SAYS),
        ("a.png", files.HTML, T.NOT_WHAT_IT_SAYS),
        ("a.png", files.jpeg(), T.NOT_WHAT_IT_SAYS),
        ("a.png", files.png()[:20], T.NOT_WHAT_IT_SAYS),
        ("a.jpg", files.png(), T.NOT_WHAT_IT_SAYS),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe0\x00\x02" * 5000, T.NOT_WHAT_IT_SAYS),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x00", T.NOT_WHAT_IT_SAYS),
        ("a.jpg", b"\xff\xd8" + b"\xff" * 5000, T.NOT_WHAT_IT_SAYS),
        ("a.gif", b"GIF90a" + bytes(20), T.NOT_WHAT_IT_SAYS),
        ("a.webp", b"RIFF\x00\x00\x00\x00WAVE" + bytes(30), T.NOT_WHAT_IT_SAYS),
        ("a.png", files.png(0, 4), T.DAMAGED),
        ("a.png", files.png(60_000, 60_000), T.PIXELS),
        ("a.png", files.png(2**32 - 1, 1), T.PIXELS),
        ("a.jpg", files.jpeg(65_535, 65_535), T.PIXELS),
        ("a.gif", files.gif(65_535, 65_535), T.PIXELS),
        ("a.webp", files.webp(16_000_000, 16_000_000), T.PIXELS),
    ],
)
def test_others_are_refused_with_their_reason(name: str, content: bytes, trouble: Trouble):
    assert judged(name, content) == trouble


def test_an_office_file_says_which_it_is():
    assert judged("a.xlsx", office("docx")) == T.NOT_WHAT_IT_SAYS
    assert judged("a.odt", open_office("ods")) == T.NOT_WHAT_IT_SAYS
    assert judged("a.docx", open_office("odt")) == T.NOT_WHAT_IT_SAYS
    assert judged("a.docx", office(types="<Types/>")) == T.NOT_WHAT_IT_SAYS
    assert judged("a.docx", files.PDF) == T.NOT_WHAT_IT_SAYS
    assert judged("a.docx", b"#!/bin/sh\n" + office()) == T.NOT_WHAT_IT_SAYS


@pytest.mark.parametrize(
    "content",
    [
        office(members={"word/vbaProject.bin": b"x"}),
        office(members={"word/VBAPROJECT.BIN": b"x"}),
        office(members={"word/activeX/activeX1.xml": b"x"}),
        office(members={"word/embeddings/run.exe": b"x"}),
        office(members={"xl/macrosheets/sheet1.xml": b"x"}),
        office(types=types_of("docx", '<x ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>')),
    ],
)
def test_macros_and_programs_within_are_refused(content: bytes):
    assert judged("a.docx", content) == T.MACROS


def test_macros_of_the_other_office_are_refused():
    assert judged("a.odt", open_office("odt", {"Basic/Standard/Module1.xml": "Sub Main"})) == T.MACROS
    assert judged("a.odt", open_office("odt", {"Scripts/python/evil.py": "import os"})) == T.MACROS


def test_a_bomb_is_found_by_its_table_of_contents_and_takes_no_memory():
    bomb = files.blown_up()
    assert len(bomb) < 1024 * 1024

    tracemalloc.start()
    found = judged("a.docx", bomb)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (found, most < 1024 * 1024) == (T.BOMB, True)


def test_one_that_lies_about_its_sizes_is_refused():
    blanks = office(members={"word/blanks.xml": bytes(900_000)})
    assert judged("a.docx", blanks) == "docx"

    assert judged("a.docx", changed_directory(blanks, "word/blanks.xml", unpacked=10)) == T.BOMB
    assert judged("a.docx", changed_directory(blanks, "word/blanks.xml", unpacked=2**32 - 2)) == T.BOMB
    assert judged("a.docx", changed_directory(blanks, "word/blanks.xml", packed=2**31, unpacked=2**31)) == T.BOMB


def test_members_that_share_their_bytes_are_refused():
    twice = office(members={"word/a.xml": bytes(900_000), "word/b.xml": bytes(900_000)})

    assert judged("a.docx", changed_directory(twice, "word/b.xml", offset=0)) == T.BOMB


def test_more_members_than_any_document_has_are_refused():
    many = office(members={f"word/{number}.xml": b"" for number in range(MOST_MEMBERS)})
    long_names = office(
        members={f"word/{'x' * 60_000}{number}.xml": b"" for number in range(MOST_DIRECTORY // 60_000 + 1)}
    )

    assert [judged("a.docx", many), judged("a.docx", long_names)] == [T.BOMB, T.BOMB]


@pytest.mark.parametrize(
    "name", ["../../evil.xml", "/etc/evil.xml", "a\\..\\evil.xml", "C:/evil/ok.xml", "a/../../b.xml"]
)
def test_names_that_lead_out_are_refused(name: str):
    stand_in = "z" * len(name)

    assert judged("a.docx", renamed(office(members={stand_in: b"x"}), stand_in, name)) == T.DAMAGED


def test_the_same_name_twice_is_refused():
    assert judged("a.docx", renamed(office(members={"word/zzzzzzzz.xml": b"x"}), "zzzzzzzz", "document")) == T.DAMAGED


def test_files_packed_within_are_refused_but_for_the_numbers_behind_a_chart():
    chart = "word/embeddings/Microsoft_Excel_Sheet1.xlsx"

    assert judged("a.docx", office(members={chart: office("xlsx")})) == "docx"
    assert judged("a.docx", office(members={chart: office("xlsx", {"xl/vbaProject.bin": b"x"})})) == T.MACROS
    assert (
        judged("a.docx", office(members={chart: office("xlsx", {"xl/embeddings/a.xlsx": office("xlsx")})})) == T.NESTED
    )
    assert judged("a.docx", office(members={chart: b"PK\x03\x04"})) == T.DAMAGED
    assert judged("a.docx", office(members={chart: b"no package"})) == T.NESTED
    assert judged("a.docx", office(members={"word/media/a.zip": b"x"})) == T.NESTED
    assert judged("a.docx", office(members={"word/embeddings/a.docm": b"x"})) == T.NESTED


def test_locked_oddly_packed_and_broken_ones_are_refused():
    whole = office()

    assert judged("a.docx", changed_directory(whole, "word/document.xml", flags=1)) == T.LOCKED
    assert judged("a.docx", changed_directory(whole, "word/document.xml", method=12)) == T.DAMAGED
    assert judged("a.docx", whole[: len(whole) // 2]) == T.DAMAGED
    assert judged("a.docx", whole[:-4]) == T.DAMAGED
    assert judged("a.docx", b"PK\x03\x04" + bytes(1000)) == T.DAMAGED


@pytest.mark.parametrize("seed", range(150))
def test_a_file_broken_anywhere_is_judged_and_never_breaks_the_judge(seed: int):
    chance = random.Random(seed)
    content = bytearray(chance.choice([office(), open_office(), files.jpeg(), files.webp(), files.png(), files.PDF]))
    for _times in range(chance.randint(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    cut = bytes(content[: chance.randint(1, len(content))])

    for name in ("a.docx", "a.odt", "a.jpg", "a.webp", "a.png", "a.pdf", "a.txt"):
        assert judged(name, bytes(content))
        assert judged(name, cut)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Plan.PDF", "Plan.pdf"),
        ("../../etc/passwd.txt", "_.._etc_passwd.txt"),
        ("C:\\Users\\leo\\plan.txt", "C_Users_leo_plan.txt"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a b Set-Cookie_ x.pdf"),
        ("photo\u202efdp.png", "photofdp.png"),
        ("   .pdf", "file.pdf"),
        ("", "file"),
        ("שלום עולם.pdf", "שלום עולם.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("\U0001f600.md", "\U0001f600.md"),
        ('a"b<c>|d?*.txt', "a_b_c_d_.txt"),
    ],
)
def test_a_name_steers_nothing(said: str, name: str):
    assert called(said) == name


def test_a_long_name_is_cut_and_keeps_its_ending():
    name = called("ж" * 100_000 + ".pdf")

    assert (name.endswith("ж.pdf"), len(name.encode()) <= 180) == (True, True)
