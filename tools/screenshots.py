"""`make screenshots`: pictures of the main pages, with the people of the campus, into docs/screenshots/."""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol
from urllib.parse import urljoin

import pypdfium2
from flask import Flask
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import mentoring
import quizzes
import reviews
import xapi
from campus.seed import FIRST_COURSE
from campus.serving import QuietHandler
from campus.testing import CampusInHand, running_campus
from lti_tool import cli, clock, platforms
from lti_tool.app import create_app
from lti_tool.config import Config
from lti_tool.db import transaction
from lti_tool.models import Course, Enrolment, Person, Platform
from lti_tool.registering import invitations
from lti_tool.roster.readings import RosterReading
from reviews.campaigns.models import Assignment, Campaign, Target
from reviews.results import paper
from reviews.results.models import ReportSnapshot
from tools.machine import CHROMIUMS
from tools.passed_on import OUR_BANK, set_passed_on_scene
from tools.reviewed import OVER, RUNNING, set_reviewed_scene
from tools.scene import set_designed_scene, set_scene
from tools.trouble import Trouble

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
TODAY = datetime(2026, 9, 14, 9, 30, tzinfo=UTC)
"""When all of it happens, so that pictures of unchanged pages stay the same."""
SIZES = ((1280, 800), (320, 640))
TALLEST = {1280: 960, 320: 1600}
"""Pixels, by width, after which one has seen what a long list is like."""
SAY_THE_USUAL = """([tool, campus]) => {
  const usual = [
    [`${tool}`, "http://localhost:8000"], [`${campus}`, "http://localhost:8001"],
    [/(approve) [a-z2-7]{16}/, "$1 v6vnk6jtpqnok5zm"], [/^[\\w-]{43}$/, "Wp2u5ur8gZHOCqkGGZcMEgNDrHtWH2D39dVVx9QBLM8"],
    ["Campus <b>of</b> pretence", "Campus"],
  ];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    for (const [here, said] of usual) walker.currentNode.data = walker.currentNode.data.replace(here, said);
}"""
"""Ports, ids and keys are different each time, and a picture of an unchanged page is not."""
LEFT_OVER = "Chloé Dubois-Lefèvre"
"""Whom the draft of the designed scene leaves over, and whose page says what could be done."""
FILE = """$CATEGORY: Your first week

::Who helps:: Whom do you ask first when you do not know how something is done? {=Your mentor ~Nobody}

::Days:: How many days does your first week have? {#5}

::Safe:: The stairs may be blocked for an hour if somebody keeps watch. {FALSE}

::Tools:: What is each of these for? {=The wiki -> how things are done =The board -> what is done now}

::Open:: What is missing here? {=the end
"""
"""Questions to bring, one of them spoiled."""
SHOW_THE_BUTTON_OF_FRAMES = "() => { document.querySelector('#registered > p').hidden = false; }"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-lcd-text",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


def main(words: list[str]) -> int:
    """All pictures, or only those whose names contain one of the words."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        raise Trouble("Chromium is not installed (on Debian: apt-get install chromium).")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for scene, round_ in SCENES:
        if words and not any(word in name for word in words for name in round_.pictures):
            continue
        with _standing(scene) as standing, sync_playwright() as playwright, clock.moved_to(TODAY):
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            for size in SIZES:
                round_(browser, standing, size, tuple(words)).go()
            browser.close()
    return 0


class Scene(Protocol):
    """Lets something have happened in the campus's first course."""

    def __call__(self, app: Flask, campus: CampusInHand, *, at: datetime | None = None) -> None: ...


@dataclass(frozen=True)
class _Standing:
    """Tool and campus while they run."""

    app: Flask
    tool: str
    campus: CampusInHand

    def invitation(self) -> str:
        """A registration link as `flask platform invite` prints it."""
        secret = self._aside(lambda session: invitations.make(session, hours=24, note="Our Moodle")[1])
        return f"{self.tool}/lti/register/{secret}"

    def approve_everybody(self) -> None:
        """So that the next round finds as little to do as this one."""
        self._aside(lambda session: [platforms.approve(session, each) for each in session.scalars(select(Platform))])

    def found(self, wanted: Select[Any]) -> Any:
        """The first of what is looked for in the tool's database."""
        return self._aside(lambda session: session.scalars(wanted.limit(1)).one())

    def _aside(self, act: Callable[[Session], Any]) -> Any:
        """In a thread of its own, because a browser has this one."""

        def make() -> Any:
            with self.app.app_context(), transaction() as session:
                return act(session)

        with ThreadPoolExecutor(max_workers=1) as aside:
            return aside.submit(make).result()


@contextmanager
def _standing(scene: Scene) -> Iterator[_Standing]:
    """Tool and campus on free ports, in the middle of a term."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        app = create_app(
            Config(
                root=root,
                log_level="ERROR",
                database_url=f"sqlite:///{root / 'a.sqlite'}",
                secret_key="for pictures only " * 3,
            ),
            (mentoring, quizzes, reviews, xapi),
        )
        with app.app_context(), clock.moved_to(TODAY):
            cli.prepare_database()
        with _served(app) as tool, running_campus(tool=tool, now=clock.now) as campus:
            with app.app_context(), transaction() as session:
                said: dict[str, Any] = dict(campus.registration())
                platforms.add(session, **said)
            scene(app, campus, at=TODAY)
            with app.app_context(), transaction() as session:
                session.execute(update(Enrolment).values(created=TODAY))
                session.execute(update(Course).values(roster_read=TODAY))
                session.execute(update(RosterReading).values(at=TODAY))
            with campus.here.store.writing() as grades:
                grades.execute("UPDATE cells SET arrived = ?", [TODAY.isoformat()])
            yield _Standing(app, tool, campus)


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    app.config["PUBLIC_URL"] = f"http://localhost:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app.config["PUBLIC_URL"]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class _Round:
    """Every page of a course with the simple program once, in one size."""

    pictures: ClassVar[Collection[str]] = (
        *("campus-course", "campus-frame", "instructor-home", "mentors", "pairing-board", "people", "deep-linking"),
        *("class-results", "learner-result", "gradebook", "grades-compared", "mentor-home", "learner-home"),
        *(
            "quiz",
            "attempt",
            "result",
            "quiz-design",
            "question-bank",
            "front-page",
            "launch-error",
            "register",
            "check",
        ),
        *("registered-moodle", "registered-canvas"),
    )
    browser: Browser
    standing: _Standing
    size: tuple[int, int]
    wanted: tuple[str, ...]

    @property
    def tool(self) -> str:
        return self.standing.tool

    @property
    def campus(self) -> CampusInHand:
        return self.standing.campus

    def go(self) -> None:
        for person, see in (("ines", self._ines), ("maya", self._maya), ("leo", self._leo), ("jisoo", self._jisoo)):
            with self._page() as page:
                page.goto(self.campus.url)
                page.locator(f"button[value={person}]").click()
                see(page)
        for see in (self._strangers, self._administrator):
            with self._page() as page:
                see(page)

    @contextmanager
    def _page(self) -> Iterator[Page]:
        context = self.browser.new_context(locale="en-GB", reduced_motion="reduce")
        page = context.new_page()
        self._resize(page, self.size[1])
        yield page
        context.close()

    def _ines(self, page: Page) -> None:
        self._keep(page, "campus-course")
        self._open(page, "Mentoring")
        self._keep(page, "instructor-home")
        self._follow(page, "Mentors")
        self._keep(page, "mentors")
        self._follow(page, "Pairing")
        self._keep(page, "pairing-board")
        self._open(page, "Onboarding quiz")
        self._keep(page, "class-results")
        page.locator("td a").first.click()
        page.get_by_role("heading", name="earned").wait_for()
        self._keep(page, "learner-result")
        self._open(page, "Onboarding quiz")
        self._follow(page, "Change the quiz")
        self._keep(page, "quiz-design")
        self._follow(page, "Back to the quizzes")
        self._follow(page, "Questions")
        self._follow(page, "Onboarding quiz")
        self._keep(page, "question-bank")
        page.goto(f"{self.campus.url}/courses/{FIRST_COURSE}/gradebook")
        self._keep(page, "gradebook")
        self._open(page, "Mentoring")
        self._follow(page, "People")
        self._keep(page, "people")
        self._follow(page, "Gradebook")
        self._keep(page, "grades-compared")
        self._show(page, f"{self.campus.url}/courses/{FIRST_COURSE}/add")
        for offer in page.locator("[name^=pick-]").all():
            offer.check()
        page.evaluate("() => document.activeElement?.blur()")
        self._keep(page, "deep-linking")

    def _maya(self, page: Page) -> None:
        self._open(page, "Mentoring")
        self._keep(page, "mentor-home")

    def _leo(self, page: Page) -> None:
        self._enter(page, "Mentoring")
        page.locator("#tool:not([height='640'])").wait_for()
        self._keep(page, "campus-frame")
        self._open(page, "Mentoring")
        self._keep(page, "learner-home")
        self._open(page, "Onboarding quiz")
        self._keep(page, "quiz")
        self._follow(page, "Attempt 1")
        self._keep(page, "result")

    def _jisoo(self, page: Page) -> None:
        self._open(page, "Onboarding quiz")
        self._follow(page, "Continue the quiz")
        for number in (1, 2):
            page.locator(f"input[name=q{number}]").first.check()
            page.locator(f"#saved-{number}", has_text="Saved").wait_for()
        page.evaluate("() => document.activeElement?.blur()")
        self._keep(page, "attempt")

    def _strangers(self, page: Page) -> None:
        page.goto(self.tool)
        self._keep(page, "front-page")
        asked = f"iss=https://lms.example&login_hint=1&target_link_uri={self.tool}/lti/launch"
        page.goto(f"{self.tool}/lti/login?{asked}")
        self._keep(page, "launch-error")

    def _administrator(self, page: Page) -> None:
        """Somebody who registers the tool in the campus, and the operator who looks whether all is well."""
        for flavor in ("moodle", "canvas"):
            self.campus.set_flavor(flavor)
            page.goto(f"{self.campus.url}/tools")
            page.get_by_label("registration link").fill(self.standing.invitation())
            page.get_by_role("button", name="Register").click()
            page.frame_locator("#tool").locator("main#main h1").wait_for()
            page.goto(page.frames[-1].url)
            self._keep(page, "register")
            page.get_by_role("button", name="Add the tool").click()
            page.locator("#registered").wait_for()
            page.evaluate(SHOW_THE_BUTTON_OF_FRAMES)
            self._keep(page, f"registered-{flavor}")
        self.campus.set_flavor("strict")
        page.goto(f"{self.tool}/lti/check")
        self._keep(page, "check")
        self.standing.approve_everybody()

    def _show(self, page: Page, address: str) -> None:
        """What the campus shows in its frame, without the campus around it."""
        page.goto(address)
        page.frame_locator("#tool").locator("main#main h1").wait_for()
        page.goto(page.frames[-1].url)

    def _enter(self, page: Page, activity: str) -> Frame:
        """Open an activity from the course page; the frame with the tool in it."""
        page.goto(f"{self.campus.url}/courses/{FIRST_COURSE}")
        page.get_by_role("link", name=activity, exact=True).click()
        page.frame_locator("#tool").locator("main#main h1").wait_for()
        return page.frames[-1]

    def _open(self, page: Page, activity: str) -> None:
        """The same without the campus around it, so that a picture shows the page and nothing else."""
        page.goto(self._enter(page, activity).url)

    def _follow(self, page: Page, link: str) -> None:
        page.locator("details.menu").evaluate_all("all => all.forEach(each => { each.open = true })")
        address = page.get_by_role("link", name=link, exact=True).first.get_attribute("href")
        page.goto(urljoin(page.url, address))

    def _keep(self, page: Page, name: str) -> None:
        """Take a picture of the whole page, as high as a tall window would show it."""
        assert name in self.pictures, name
        if self.wanted and not any(word in name for word in self.wanted):
            return
        page.evaluate(SAY_THE_USUAL, [self.tool, self.campus.url])
        page.evaluate("() => scrollTo(0, 0)")
        height: int = page.evaluate("() => document.documentElement.scrollHeight")
        self._resize(page, min(max(height, self.size[1]), TALLEST[self.size[0]]))
        path = FOLDER / f"{name}-{self.size[0]}.png"
        path.write_bytes(page.screenshot(animations="disabled"))
        print(f"{path.stat().st_size // 1000:4} kB  {path.relative_to(FOLDER.parents[1])}", flush=True)
        self._resize(page, self.size[1])

    def _resize(self, page: Page, height: int) -> None:
        page.set_viewport_size({"width": self.size[0], "height": height})


@dataclass
class _DesignedRound(_Round):
    """The pages that need a designed program, what people have said, and a draft."""

    pictures: ClassVar[Collection[str]] = (
        *("program", "draft", "left-over", "mentorship", "my-part", "mentor-directory", "notices"),
        *("agreement", "timeline", "meetings", "meeting", "book-a-meeting", "brief"),
        *("goal", "messages", "finishing", "notebook", "fading", "how-mentors-are"),
        *("progress", "progress-mentorships", "my-progress"),
    )

    def go(self) -> None:
        for person, see in (("ines", self._ines), ("leo", self._leo), ("maya", self._maya)):
            with self._page() as page:
                page.goto(self.campus.url)
                page.locator(f"button[value={person}]").click()
                see(page)

    def _ines(self, page: Page) -> None:
        self._open(page, "Mentoring")
        self._follow(page, "Program")
        self._keep(page, "program")
        self._follow(page, "Pairing")
        self._follow(page, "Open the draft")
        self._keep(page, "draft")
        self._follow(page, LEFT_OVER)
        self._keep(page, "left-over")
        self._follow(page, "Mentorships")
        self._follow(page, "Those that fade, and reminders")
        self._keep(page, "fading")
        self._follow(page, "Mentors")
        self._follow(page, "How mentors are")
        self._keep(page, "how-mentors-are")
        self._follow(page, "Home")
        self._follow(page, "See the progress")
        self._keep(page, "progress")
        self._follow(page, "Mentorship by mentorship")
        self._keep(page, "progress-mentorships")

    def _leo(self, page: Page) -> None:
        self._open(page, "Mentoring")
        home = page.url
        self._follow(page, "Maya Okonkwo")
        self._keep(page, "mentorship")
        base = page.url
        for link, name in (("Read the agreement", "agreement"), ("Open the timeline", "timeline")):
            page.goto(base)
            self._follow(page, link)
            self._keep(page, name)
        page.goto(base)
        self._follow(page, "All meetings")
        self._keep(page, "meetings")
        self._show_first(page, "Planned")
        self._keep(page, "meeting")
        for link, name in (
            ("Book a meeting", "book-a-meeting"),
            ("I can say without looking it up who helps with what.", "goal"),
            ("Open the messages", "messages"),
            ("Finish", "finishing"),
        ):
            page.goto(base)
            self._follow(page, link)
            self._keep(page, name)
        page.goto(home)
        for link, name in (
            ("My part", "my-part"),
            ("Mentors", "mentor-directory"),
            ("Notices", "notices"),
            ("Notebook", "notebook"),
            ("My progress", "my-progress"),
        ):
            self._follow(page, link)
            self._keep(page, name)

    def _maya(self, page: Page) -> None:
        self._open(page, "Mentoring")
        self._follow(page, "Leo Nowak")
        self._follow(page, "Your brief before you meet")
        self._keep(page, "brief")

    def _show_first(self, page: Page, heading: str) -> None:
        """Follow the first link below this heading."""
        below = page.locator(f"h2:has-text('{heading}') + ul a").first
        page.goto(urljoin(page.url, below.get_attribute("href")))


@dataclass
class _PassedOnRound(_Round):
    """Questions that come in and go out as files, and what managers and stores elsewhere are told."""

    pictures: ClassVar[Collection[str]] = (
        *("bring", "brought", "take-along", "quiz-mail", "progress-mail"),
        *("asked-for-manager", "mail-consent"),
    )

    def go(self) -> None:
        for person, see in (("ines", self._ines), ("leo", self._leo)):
            with self._page() as page:
                page.goto(self.campus.url)
                page.locator(f"button[value={person}]").click()
                see(page)

    def _ines(self, page: Page) -> None:
        self._open(page, "Onboarding quiz")
        self._follow(page, "Mail this report")
        self._keep(page, "quiz-mail")
        self._open(page, "Mentoring")
        self._follow(page, "See the progress")
        self._follow(page, "Reports to managers by mail")
        self._keep(page, "progress-mail")
        self._open(page, "Onboarding quiz")
        self._follow(page, "Questions")
        banks = page.url
        self._follow(page, "Onboarding quiz")
        self._follow(page, "Take along as a file")
        self._keep(page, "take-along")
        page.goto(banks)
        self._follow(page, OUR_BANK)
        self._follow(page, "Bring from a file")
        self._keep(page, "bring")
        file = {"name": "questions.gift", "mimeType": "text/plain", "buffer": FILE.encode()}
        page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Look at it").click()
        page.locator("ol.planned").wait_for()
        self._keep(page, "brought")
        page.get_by_role("button", name="Put the file away").click()

    def _leo(self, page: Page) -> None:
        self._open(page, "Onboarding quiz")
        self._keep(page, "asked-for-manager")
        self._open(page, "Mentoring")
        self._follow(page, "Read and decide")
        self._keep(page, "mail-consent")


@dataclass
class _ReviewedRound(_Round):
    """A review from both sides: how it is followed, answered and read, also on paper."""

    pictures: ClassVar[Collection[str]] = (
        *("reviews", "review-campaign", "review-answers", "review-results", "review-report", "review-everybody"),
        "review-paper",
    )

    def go(self) -> None:
        for person, see in (("ines", self._ines), ("leo", self._leo), ("tendai", self._tendai)):
            with self._page() as page:
                page.goto(self.campus.url)
                page.locator(f"button[value={person}]").click()
                see(page)

    def _ines(self, page: Page) -> None:
        reviews_ = self._reviews(page)
        self._keep(page, "reviews")
        over, running_ = (self._address(_campaign_called(title)) for title in (OVER, RUNNING))
        page.goto(f"{reviews_}campaigns/{running_}")
        self._keep(page, "review-campaign")
        page.goto(f"{reviews_}campaigns/{over}/results")
        self._keep(page, "review-results")
        page.goto(f"{reviews_}campaigns/{over}/results/everybody")
        self._keep(page, "review-everybody")

    def _leo(self, page: Page) -> None:
        report = f"{self._reviews(page)}results/{self._address(_report_of('Leo'))}"
        page.goto(report)
        self._keep(page, "review-report")
        if paper.is_installed() and self.size == SIZES[0]:
            self._keep_paper(page.context.request.get(f"{report}/result.pdf").body())

    def _tendai(self, page: Page) -> None:
        page.goto(f"{self._reviews(page)}answers/{self._address(_asked_of('Tendai'))}")
        self._keep(page, "review-answers")

    def _reviews(self, page: Page) -> str:
        """Their address, the page being open."""
        self._open(page, "Mentoring")
        course = page.url.partition("/courses/")[2].partition("/")[0]
        page.goto(f"{self.tool}/courses/{course}/reviews/")
        return page.url

    def _address(self, wanted: Select[str]) -> str:
        return str(self.standing.found(wanted))

    def _keep_paper(self, pdf: bytes) -> None:
        if self.wanted and not any(word in "review-paper" for word in self.wanted):
            return
        for number, page in enumerate(pypdfium2.PdfDocument(pdf), start=1):
            path = FOLDER / f"review-paper-{number}.png"
            page.render(scale=1.2).to_pil().save(path, optimize=True)
            print(f"{path.stat().st_size // 1000:4} kB  {path.relative_to(FOLDER.parents[1])}", flush=True)


def _campaign_called(title: str) -> Select[str]:
    return select(Campaign.public_id).where(Campaign.title == title)


def _report_of(name: str) -> Select[str]:
    about = select(ReportSnapshot.public_id).join(ReportSnapshot.target).join(Target.enrolment).join(Enrolment.person)
    return about.where(Person.name.startswith(name))


def _asked_of(name: str) -> Select[str]:
    asked = select(Assignment.public_id).join(Assignment.target).join(Target.campaign)
    rater = asked.join(Assignment.rater).join(Enrolment.person)
    return rater.where(Campaign.title == RUNNING, Person.name.startswith(name))


SCENES: Sequence[tuple[Scene, type[_Round]]] = (
    (set_scene, _Round),
    (set_designed_scene, _DesignedRound),
    (set_passed_on_scene, _PassedOnRound),
    (set_reviewed_scene, _ReviewedRound),
)

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
