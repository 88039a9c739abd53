"""What people do in the tool, by clicking: mentors chosen, pairs made, a quiz taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from playwright.sync_api import expect

from tests.browser.people import View


def choose_mentor(tool: View, name: str, places: int) -> None:
    """From the navigation: tick this person on the page of mentors and say how many places they have."""
    tool.get_by_role("link", name="Mentors", exact=True).click()
    line = tool.get_by_role("row").filter(has_text=name)
    line.get_by_role("checkbox").check()
    line.locator("input[inputmode=numeric]").fill(str(places))
    tool.get_by_role("button", name="Save").click()


def pick(tool: View, mentee: str, mentor: str) -> None:
    """From the navigation: choose this mentor for that mentee on the board, without assigning yet."""
    tool.get_by_role("link", name="Pairing", exact=True).click()
    pick_here(tool, mentee, mentor)


def pick_here(tool: View, mentee: str, mentor: str) -> None:
    """The same once more, on the board as it stands."""
    select = tool.get_by_label(re.compile(rf"^{re.escape(mentee)}.*: mentor$")).first
    offered = select.locator("option").filter(has_text=mentor)
    select.select_option(offered.get_attribute("value"))


def assign(tool: View) -> None:
    tool.get_by_role("button", name="Assign", exact=True).click()


def start_quiz(tool: View) -> str:
    """Press start; the address of the attempt."""
    tool.get_by_role("button", name="Start the quiz").click()
    tool.locator("#answers").wait_for()
    return str(tool.locator("#answers").evaluate("form => form.action"))


def click_answers(tool: View, answers: Mapping[str, Iterable[str]]) -> list[str]:
    """Choose these options; the questions they belong to."""
    for question, options in answers.items():
        for option in options:
            tool.locator(f"input[name={question}][value='{option}']").check()
    return list(answers)


def hand_in_all_the_same(tool: View) -> None:
    """Hand in although questions are still open, which is asked about once."""
    tool.get_by_role("button", name="Hand in").click()
    tool.get_by_role("button", name="Hand in all the same").click()


def flash(tool: View, sentence: str) -> None:
    """The tool says this on top of the page."""
    expect(tool.locator("#flashes")).to_contain_text(sentence)
