"""Writing questions in the browser: every page of a bank gone over, thirty in a row by keyboard, areas by pointing."""

from __future__ import annotations

import re
import struct
import zlib

import pytest
from flask import Flask
from playwright.sync_api import Dialog, FilePayload, expect

from campus.testing import CampusInHand
from quizzes.kinds import Kind
from tests import recordings
from tests.browser.aside import aside
from tests.browser.conftest import Sit
from tests.browser.people import NARROW, WIDE
from tests.browser.touring import Begin, Tour
from tools.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.judges, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def scene(app: Flask, campus: CampusInHand) -> None:
    aside(lambda: set_scene(app, campus))


def picture(width: int = 400, height: int = 200) -> dict[str, object]:
    """A plain one that browsers can show."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xcc" * width) * height)
    content = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return {"name": "plan.png", "mimeType": "image/png", "buffer": content}


def begin_bank(tour: Tour) -> str:
    """A bank of the course's own; its address."""
    tour.follow("Questions", "banks", "^Question banks$")
    tour.open_all("banks, all of it open", "^Question banks$")
    tour.desk.tool.get_by_label("What the bank is called").fill("Our questions")
    tour.press("Begin the bank", "an empty bank", "^Our questions$")
    return tour.path


def test_every_page_of_a_bank(begin: Begin, is_framed: bool):
    tour = begin("ines", "quiz")
    bank = begin_bank(tour)
    tool = tour.desk.tool

    tour.go(f"{bank}/categories", "topics", "^Topics of Our questions$")
    tool.get_by_label("Topic", exact=True).last.fill("Fire")
    tour.press("Add it", "topics, one more", "^Topics of ", ".flash.is-success")
    tour.go(f"{bank}/many", "many", "^Write or paste many$")
    tour.press("Insert the example", "many, with the example", "^Write or paste many$")
    tour.press("Look at them", "many, looked at", "^Write or paste many$", "#planned-title")
    tool.locator("#typed").fill("Which?\n- Red\n- Blue\n\nSilent, and `a-word-that-is-long-" + "x" * 60 + "`?")
    tour.expects(*["Blocked autofocusing"] * is_framed)
    tour.press("Look at them again", "many, wrong", "^Write or paste many$", ".error-summary")
    tool.locator("#typed").fill("Which?\n- **Red**\n* Blue\nTags: colors")
    tour.press("Look at them", "many, mended", "^Write or paste many$", "button[value=save]")
    tour.press("Save 1 question", "the bank with them", "^Our questions$", ".flash.is-success")
    tour.go(f"{bank}?q=blue&ticked=all", "found in an option", "^Our questions$")
    tour.go(f"{bank}/questions/new", "kinds", "^Write a question$")
    for kind in Kind:
        tour.go(f"{bank}/questions/new?kind={kind}", f"editor of {kind}", ".")
    tour.go(f"{bank}/questions/new?kind=single", "editor", "^One right answer$")
    tour.expects("status of 422", *["Blocked autofocusing"] * is_framed)
    tour.press("Save and next", "editor, refused", "^One right answer$", ".error-summary")
    tool.locator("#text").fill("Which **one**?")
    for number, option in enumerate(("Red", "Blue")):
        tool.locator(f"#options-{number}-text").fill(option)
    tool.locator("#options-1-is_right").check()
    tool.get_by_role("button", name="Preview", exact=True).click()
    tour.look("editor with a preview", "^One right answer$", "#preview fieldset")
    tour.press("Save", "a question", "^One right answer$", ".flash.is-success")
    tool.get_by_role("radio").first.check()
    tour.press("Mark my answer", "a question, tried", "^One right answer$", "[role=status] .state")
    question = tour.path
    tour.go(f"{question}?find=which", "looking for enemies", "^One right answer$")
    tour.go(f"{question}/edit", "editor of a written one", "^One right answer$")
    tool.locator("#text").fill("Which?")
    tour.press("Save", "a changed question", "^One right answer$", ".flash.is-success")
    tour.go(f"{question}/versions", "versions", "^Versions$")
    tour.go(bank, "a bank", "^Our questions$")
    tour.follow("Question banks", "all banks", "^Question banks$")
    tour.go_each(tour.path, r"/banks/\w{16}$", ".", most=2)

    assert tour.found == {}


def test_a_question_of_a_list_is_three_lines_on_a_phone(sit: Sit):
    """Two of its words at the most, one of what matters; the whole of it is there for whoever listens."""
    desk = sit("ines", NARROW)
    desk.open_window("quiz")
    tour = Tour(desk)
    tour.follow("Questions", "banks", "^Question banks$")
    tour.follow("Onboarding quiz", "the bank", "^Onboarding quiz$")

    rows = desk.tool.locator("table.questions tbody tr")
    heights = rows.evaluate_all("all => all.map(it => it.getBoundingClientRect().height)")
    words = "You will be away for two weeks and somebody takes over. What belongs in the handover?"

    assert (len(heights), [height for height in heights if height > 80]) == (50, [])
    expect(rows.first.get_by_role("link")).to_have_accessible_name(words)


def test_a_recording_is_added_and_played_by_keyboard(begin: Begin, is_framed: bool):
    """In the editor, in its preview and in the question: nothing sticks out, axe finds nothing, and Space plays."""
    tour = begin("ines", "quiz")
    bank = begin_bank(tour)
    tool = tour.desk.tool
    tour.go(f"{bank}/questions/new?kind=true_false", "editor", "^True or false$")
    tool.locator("#text").fill("Is this a fire alarm?")
    alarm: FilePayload = {"name": "alarm.wav", "mimeType": "audio/wav", "buffer": recordings.wav(2)}
    tool.get_by_label("Add a recording to the question").set_input_files(alarm)
    tool.locator("#sound_words").fill("A siren that rises and falls.")
    tour.press("Add this recording", "editor with a recording", "^True or false$")
    tool.get_by_label("True", exact=True).first.check()
    tool.get_by_role("button", name="Preview", exact=True).click()
    tour.look("preview with a recording", "^True or false$", "#preview audio")
    tour.press("Save", "a question with a recording", "^True or false$", ".flash.is-success")

    player = tool.locator(".question-text audio")
    player.press("Space")
    expect(player).to_have_js_property("paused", False)
    player.press("Space")
    expect(player).to_have_js_property("paused", True)
    tool.locator(".question-text summary").press("Enter")
    expect(tool.get_by_text("A siren that rises and falls.")).to_be_visible()
    tour.look("words of a recording", "^True or false$", "figure.sound details[open]")
    assert tour.found == {}


def test_thirty_are_written_in_a_row_by_keyboard(sit: Sit):
    """Tab, Return, Space and letters alone; what is pressed besides the words is counted."""
    desk = sit("ines", WIDE)
    desk.open_window("quiz")
    tour, keys = Tour(desk), desk.window.keyboard
    bank = begin_bank(tour)
    base = desk.frame.url.partition("/courses/")[0]
    desk.frame.goto(f"{base}{bank}/questions/new?kind=single#text")
    pressed: list[int] = []

    def press(*names: str) -> None:
        for name in names:
            keys.press(name)
            pressed[-1] += 1

    for number in range(30):
        expect(desk.tool.locator("#text")).to_be_focused()
        expect(desk.tool.locator("#text")).to_have_value("")
        pressed.append(0)
        keys.type(f"Question {number}?")
        press("Tab")
        keys.type("Red")
        press("Tab", "Space", "Enter")
        for option in ("Blue", "Green", "Gray", "Pink"):
            keys.type(option)
            press("Enter")
        press("Enter")
        expect(desk.tool.locator("#why")).to_be_focused()
        keys.type("So.")
        save = desk.tool.get_by_role("button", name="Save and next", exact=True)
        while not save.evaluate("it => it === document.activeElement"):
            press("Tab")
        with desk.frame.expect_navigation():
            press("Enter")
    desk.frame.goto(f"{base}{bank}?q=Question 29")
    desk.tool.get_by_role("link", name="Question 29?").click()

    assert pressed == [20, *[13] * 29]
    expect(desk.tool.get_by_role("radio")).to_have_count(5)
    desk.tool.get_by_role("radio", name="Red").check()
    desk.tool.get_by_role("button", name="Mark my answer").click()
    expect(desk.tool.locator("[role=status]")).to_contain_text("This answer earns 1 of 1.")


def test_many_are_saved_with_one_chord(sit: Sit):
    desk = sit("ines", WIDE)
    desk.open_window("quiz")
    tour, keys = Tour(desk), desk.window.keyboard
    bank = begin_bank(tour)
    base = desk.frame.url.partition("/courses/")[0]
    answered = {"true_false": ("Tab", "ArrowDown"), "short_text": ("Tab", "a", "l"), "numeric": ("Tab", "4")}
    for kind, pressed in answered.items():
        desk.frame.goto(f"{base}{bank}/questions/new?kind={kind}#text")
        for number, last in enumerate(("Enter", "Control+Enter")):
            expect(desk.tool.locator("#text")).to_be_focused()
            expect(desk.tool.locator("#text")).to_have_value("")
            keys.type(f"{kind} {number}?")
            for key in pressed:
                keys.press(key)
            with desk.frame.expect_navigation():
                keys.press(last)
    expect(desk.tool.locator("#text")).to_be_focused()
    desk.frame.goto(f"{base}{bank}")

    expect(desk.tool.get_by_role("row", name=re.compile(r"\d\?"))).to_have_count(6)


def test_what_is_typed_outlives_the_visit_and_leaving_asks_only_then(sit: Sit):
    desk = sit("ines", WIDE)
    desk.open_window("quiz")
    tour = Tour(desk)
    bank = begin_bank(tour)
    address = f"{bank}/questions/new?kind=multiple"
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    def watched() -> None:
        assert desk.window is not None
        desk.window.on("dialog", agree)

    watched()
    tour.go(address, "editor", ".")
    desk.tool.locator("#text").click()
    tour.go(bank, "the bank", ".")
    assert asked == []
    tour.go(address, "editor", ".")
    desk.tool.locator("#text").fill("Which are **warm**?")
    for number, option in enumerate(("Red", "Blue", "Orange", "Green", "Yellow")):
        if number == 4:
            desk.tool.get_by_role("button", name="Add an option").click()
        desk.tool.locator(f"#options-{number}-text").fill(option)
    desk.tool.locator("#options-4-is_right").check()
    tour.expects("status of 401")
    desk.window.context.clear_cookies()
    with desk.frame.expect_navigation():
        desk.tool.get_by_role("button", name="Save and next", exact=True).click()
    expect(desk.tool.locator("main")).to_contain_text("Please open this from your course page")
    assert asked == []

    desk.window.close()
    desk.window = None
    desk.be("ines")
    desk.open_window("quiz")
    watched()
    tour.go(address, "editor, brought back", ".")
    note = desk.tool.locator("#typed-before")
    expect(note).to_be_visible()
    expect(desk.tool.locator("#text")).to_have_value("Which are **warm**?")
    expect(desk.tool.locator("#options-4-text")).to_have_value("Yellow")
    expect(desk.tool.locator("#options-4-is_right")).to_be_checked()
    expect(desk.tool.locator("#options-0-is_right")).not_to_be_checked()
    tour.go(bank, "the bank", ".")
    assert asked == ["beforeunload"]
    tour.go(address, "editor, brought back once more", ".")
    with desk.frame.expect_navigation():
        desk.tool.get_by_role("button", name="Save and next", exact=True).click()
    expect(desk.tool.locator("#text")).to_have_value("")
    tour.go(address, "editor, empty", ".")
    expect(desk.tool.locator("#text")).to_have_value("")
    expect(note).to_be_hidden()

    assert asked == ["beforeunload"]
    assert tour.found == {}


def test_places_in_a_picture_are_drawn_by_pointing_and_chosen_by_pointing(sit: Sit):
    desk = sit("ines", WIDE)
    desk.open_window("quiz")
    tour = Tour(desk)
    tool = desk.tool
    bank = begin_bank(tour)
    tour.go(f"{bank}/questions/new?kind=hotspot", "editor", "^Places in a picture$")
    tool.locator("#picture").set_input_files(picture())  # type: ignore[arg-type]
    tool.locator("#picture_alt").fill("A plan of the floor")
    tool.get_by_role("button", name="Add this picture").click()
    drawing = tool.locator("[data-drawing] img")
    expect(drawing).to_be_visible()

    tool.locator("#text").fill("Where is the alarm?")
    tool.locator("#areas-0-label").fill("The door")
    drawing.click(position={"x": 20, "y": 20})
    drawing.click(position={"x": 60, "y": 120})
    tool.locator("#areas-1-label").fill("The alarm")
    tool.locator("#areas-1-shape").select_option("circle")
    drawing.click(position={"x": 200, "y": 100})
    drawing.click(position={"x": 230, "y": 100})
    tool.locator("#areas-1-is_right").check()
    expect(tool.locator("#areas-0-coords")).to_have_value("20, 20, 60, 120")
    expect(tool.locator("#areas-1-coords")).to_have_value("200, 100, 30")
    tour.press("Save", "the question", "^Places in a picture$", ".flash.is-success")
    shown = tool.locator(".hotspot img")
    shown.click(position={"x": 200, "y": 100}, force=True)
    expect(tool.get_by_role("radio", name="The alarm")).to_be_checked()
    shown.click(position={"x": 40, "y": 60}, force=True)
    expect(tool.get_by_role("radio", name="The door")).to_be_checked()
    desk.window.keyboard.press("ArrowDown")
    expect(tool.get_by_role("radio", name="The alarm")).to_be_checked()
    tour.press("Mark my answer", "the question, tried", "^Places in a picture$", "[role=status] .state")

    expect(tool.locator("[role=status]")).to_contain_text("This answer earns 1 of 1.")
    assert tour.found == {}


def test_without_scripts_areas_are_chosen_by_pointing_as_well(sit: Sit):
    desk = sit("ines", WIDE, java_script_enabled=False)
    tool = desk.open("quiz")
    tool.get_by_role("link", name="Questions").click()
    tool.get_by_label("What the bank is called").fill("Ours")
    tool.get_by_role("button", name="Begin the bank").click()
    tool.get_by_role("link", name="Write a question").click()
    tool.get_by_role("link", name="Places in a picture").click()
    tool.locator("#picture").set_input_files(picture())  # type: ignore[arg-type]
    tool.locator("#picture_alt").fill("A plan of the floor")
    tool.get_by_role("button", name="Add this picture").click()
    expect(tool.locator("[data-drawing] img")).to_be_visible()
    tool.locator("#text").fill("Where is the alarm?")
    for number, (label, coords) in enumerate((("The door", "0, 0, 50, 200"), ("The alarm", "100, 0, 150, 200"))):
        tool.locator(f"#areas-{number}-label").fill(label)
        tool.locator(f"#areas-{number}-coords").fill(coords)
    tool.locator("#areas-1-is_right").check()
    tool.get_by_role("button", name="Add an area").click()
    expect(tool.locator("#areas-3-label")).to_be_visible()
    expect(tool.locator("#areas-1-label")).to_have_value("The alarm")
    tool.get_by_role("button", name="Preview").click()

    tool.locator("#preview .hotspot img").click(position={"x": 125, "y": 100}, force=True)

    expect(tool.get_by_role("radio", name="The alarm")).to_be_checked()
    tool.get_by_role("button", name="Mark my answer").click()
    expect(tool.locator("#preview")).to_contain_text("This answer earns 1 of 1.")
