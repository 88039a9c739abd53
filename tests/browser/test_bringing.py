"""A teacher brings a messy file from their own disk: everything is told, the good is offered, and it can be undone."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from campus.testing import CampusInHand
from tests.browser.aside import aside
from tests.browser.test_banks import begin_bank
from tests.browser.touring import Begin
from tests.quizzes.exchange.bringing.test_banks_of_banks import WHOLE
from tests.quizzes.exchange.bringing.test_finding import MANY
from tools.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]

MESSY = """// Written on an old machine
$CATEGORY: Straße und Büro

::Wer:: Wen fragst du zuerst? – “Am liebsten” {=Meine Mentorin ~Niemanden}

::Script:: [html]<p onclick="alert(1)">Is this <b>safe</b>? <script>alert(2)</script></p> {T}

::Again:: Wen fragst du zuerst? – “Am liebsten” {=Meine Mentorin ~Niemanden}

::Open:: What is missing here? {=the end

::Number:: How many days has a week? {#seven}

::Days:: How many days has a week? {#7}

Match the tools with what they are for. {=Hammer -> nails =Saw -> wood =Level -> what is straight}

::Letter:: Tell us how you began. {}
"""


@pytest.fixture(autouse=True)
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def test_a_messy_file_becomes_questions_and_goes_again(begin: Begin):
    tour = begin("ines", "quiz")
    bank = begin_bank(tour)
    tool = tour.desk.tool

    tour.go(bank, "the bank", "^Our questions$")
    tour.follow("Bring from a file", "bringing", "^Bring questions from a file$")
    file = {"name": "fragen.gift", "mimeType": "text/plain", "buffer": MESSY.encode("windows-1252")}
    tool.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    tour.press("Look at it", "what the file holds", r"^fragen\.gift$", "ol.planned")

    main = tool.locator("main")
    expect(main).to_contain_text("Recognized as GIFT, written in windows-1252. 6 questions can be taken.")
    expect(main).to_contain_text("1 of them is there already.")
    expect(tool.locator(".findings")).to_contain_text("Left out")
    expect(tool.locator("script", has_text="alert")).to_have_count(0)
    expect(tool.locator("fieldset.trial").first).to_contain_text("Meine Mentorin")
    tool.get_by_label("Take question 6").uncheck()
    tour.press("Take what is ticked", "taken", r"^fragen\.gift$", ".state.is-done")
    expect(main).to_contain_text("4 questions were taken.")
    tour.follow("To the bank", "the bank with them", "^Our questions$")
    expect(main).to_contain_text("Match the tools with what they are for.")
    expect(main).to_contain_text("Straße und Büro")
    expect(main).not_to_contain_text("Tell us how you began.")

    tour.follow("Bring from a file", "bringing once more", "^Bring questions from a file$")
    tour.follow("fragen.gift", "what was taken", r"^fragen\.gift$")
    tool.get_by_role("button", name="Take them back").click()
    expect(main).to_contain_text("4 questions were taken back.")
    tour.go(bank, "the bank as before", "^Our questions$")
    expect(main).not_to_contain_text("Match the tools")

    assert tour.found == {}


def test_many_questions_are_searched_and_missing_banks_named(begin: Begin):
    tour = begin("ines", "quiz")
    bank = begin_bank(tour)
    tool = tour.desk.tool
    for name, content, sign in (("quiz.zip", WHOLE, "table"), ("many.gift", MANY.encode(), "form[role=search]")):
        tour.go(f"{bank}/bring", "bringing", "^Bring questions from a file$")
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        tool.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
        tour.press("Look at it", f"what {name} holds", name, sign)

    tool.get_by_label("Words of the question").fill("door")
    tool.get_by_label("Which", exact=True).select_option("known")
    tour.press("Show", "what was found", "many.gift", "#how-many")
    expect(tool.locator("#how-many")).to_have_text("1 question found.")
    tour.press("Tick all that were found", "ticked", "many.gift", "input[name=wanted]:checked")
    assert tour.found == {}
