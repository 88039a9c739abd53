"""Both guides followed to the letter: what stands in their blocks of code is typed, and what they quote is read.

The LMS is the campus in its two manners. Menus of a living Moodle or Canvas are not seen here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campus.testing import Answer, CampusInHand, FlaskBrowser, FormPost, launch
from lti_tool.running.delivering import drain
from tests.journeys.guides import Guide
from tests.lti_tool import registering
from tests.lti_tool.choosing import ticked
from tests.mentoring.reading import words
from tests.platforms.beside import campus_beside, shown_to_operators

DOCS = Path(__file__).parents[2] / "docs"
BOTH = pytest.mark.parametrize("lms", ["moodle", "canvas"], indirect=True)
ON_MOODLE = pytest.mark.parametrize("lms", ["moodle"], indirect=True)
ON_CANVAS = pytest.mark.parametrize("lms", ["canvas"], indirect=True)
CLASS = {"moodle": 37, "canvas": 36}
"""How many are in the campus's first course; Moodle cannot tell a preview from a learner, so it is one more there."""


@dataclass
class Lms:
    """The campus in the manner of one guide, and the operator of the tool at the terminal."""

    guide: Guide
    campus: CampusInHand
    app: Flask
    session: Session

    def type(self, command: str, told: Mapping[str, str] | None = None) -> str:
        """What is printed; `told` has what stands for the guide's placeholders and for the values of its options."""
        told = told or {}
        line = shlex.split(re.sub(r"<([^>]*)>", lambda found: shlex.quote(told[found[1]]), command))
        line = [told.get(before, word) for before, word in zip(["", *line], line, strict=False)]
        self.session.rollback()
        result = self.app.test_cli_runner().invoke(args=line, catch_exceptions=False)
        self.session.rollback()
        self.session.expire_all()
        assert result.exit_code == 0, result.output
        return result.output

    def register(self, *, withheld: str = "") -> TestResponse:
        """Steps 1 and 2, up to *Activate*: the page with which registering ends."""
        (inviting,) = self.guide.commands("1. ")
        client = self.app.test_client()
        link = self.type(inviting).splitlines()[0]
        page = client.get(self.campus.begin_registration(link, withheld=withheld))
        done = registering.pressed(client, page)
        self.campus.activate(self.campus.tools()[-1])
        return done

    def approve(self) -> str:
        """Step 3: what is printed when the platform that waits is let in."""
        listing, approving, *_ = self.guide.commands("3. ")
        return self.type(approving, {"its id": first_word(self.type(listing))})

    def let_in(self) -> None:
        """Steps 1 to 3, with what only Canvas needs."""
        self.register()
        self.approve()
        if len(self.guide.commands("3. ")) == 3:
            self.open("ines")
            self.approve_deployment()

    def approve_deployment(self) -> str:
        """As `platform list` shows the deployment that waits."""
        listing, _approving, letting_in = self.guide.commands("3. ")
        listed = self.type(listing)
        (waiting,) = re.findall(r"deployment (\S+)  waiting", listed)
        return self.type(letting_in, {"platform id": first_word(listed), "deployment id": waiting})

    def open(self, person: str, placement: str = "mentoring", client: FlaskClient | None = None) -> Answer:
        return launch(self.campus.visitor(person), placement, FlaskBrowser(client or self.app.test_client())).answer

    def knock(self, person: str) -> TestResponse:
        """Where a launch begins, which is as far as one comes from a platform that is not let in."""
        initiation = self.campus.visitor(person).start("mentoring")
        return self.app.test_client().post(initiation.url, data=initiation.fields)

    def page_of(self, person: str, placement: str = "mentoring") -> str:
        """What a person reads who opens this activity."""
        client = self.app.test_client()
        opened = self.open(person, placement, client)
        assert opened.status == 303, opened.text
        return words(client.get(opened.goes_to))

    def place(self, *keys: str) -> list[str]:
        """Step 4, as Ines: what she ticks is placed; the activities by what the campus calls them."""
        before = len(self.placements())
        ines, client = self.campus.visitor("ines"), self.app.test_client()
        opened = launch(ines, "add", FlaskBrowser(client)).answer
        page = client.post(opened.goes_to, data=ticked(*keys))
        taken = FormPost.read(Answer(page.status_code, opened.goes_to, dict(page.headers), page.text))
        assert taken.sent_by(ines.browser).status == 200, self.campus.refusals()
        return self.placements()[before:]

    def placements(self) -> list[str]:
        return [each.key for each in self.campus.here.register.placements("2")]

    def checked(self) -> str:
        """What `check` says of this platform, once nothing is on its way any more."""
        drain(self.app)
        sections = re.split(r"\n\n(?=[^\n]+\n=+\n)", self.type("check"))
        (own,) = [each for each in sections if f"\nIssuer: {self.campus.url}\n" in each]
        return own


def first_word(listed: str) -> str:
    """The id of the only platform in the list."""
    (word,) = re.findall(r"^(\S+)  ", listed, re.MULTILINE)
    return str(word)


@pytest.fixture
def lms(request: pytest.FixtureRequest, app: Flask, session: Session) -> Iterator[Lms]:
    guide = Guide((DOCS / f"install-{request.param}.md").read_text("utf-8"))
    with campus_beside(app, request.param) as campus:
        yield Lms(guide, campus, app, session)


def assert_all_is_well(lms: Lms) -> None:
    """The platform is let in, keys and token came, its class was read, and nothing wants doing."""
    said = lms.checked()
    assert "\nState: Let in\n" in said
    assert [line for line in said.splitlines() if line.startswith(("!", "To look at", "Not granted"))] == []
    assert re.search(r"^Its keys were last fetched: 20\S+ \S+Z$", said, re.MULTILINE), said
    assert re.search(r"^Newest access token is good until: 20", said, re.MULTILINE), said
    course = r"^Course: .*  People: (\d+)  Roster read: 20\S+ \S+Z  Grades waiting: 0  Grades refused: 0$"
    assert re.findall(course, said, re.MULTILINE) == [str(CLASS[lms.campus.here.flavor.name])], said
    assert lms.campus.refusals() == []


@BOTH
def test_the_link_registers_the_tool_which_then_waits_for_the_operator(lms: Lms):
    done = lms.register()

    listing, approving, *_ = lms.guide.commands("3. ")
    listed = lms.type(listing)
    told = approving.replace("<its id>", first_word(listed))
    assert listed.splitlines()[0].endswith(f"{lms.campus.url}  {lms.campus.here.tool.client_id}  waiting")
    assert f"flask --app wsgi {told}" in registering.words(done), "the line in grey has the same id"
    assert f"! {listed.split('  ')[1]} is not let in." in lms.checked()


@BOTH
def test_before_approval_a_launch_ends_with_the_sentence_the_guide_quotes(lms: Lms):
    lms.register()

    refused = lms.knock("leo")

    assert (refused.status_code, lms.guide.sentence("2. ") in sentences(refused)) == (403, True)


def sentences(page: TestResponse) -> str:
    """The words of a page with a full stop after its heading, as one would quote them."""
    return registering.words(page).replace("You could not be let in ", "You could not be let in. ")


@ON_MOODLE
def test_on_moodle_approving_lets_in_the_installation_as_well(lms: Lms):
    lms.register()

    said = lms.approve()

    assert " is now active.\n" in said
    assert f"    deployment {lms.campus.here.tool.deployment_id} is active\n" in said
    assert lms.open("leo").status == 303


@ON_CANVAS
def test_on_canvas_the_first_launch_is_turned_away_until_its_deployment_is_approved(lms: Lms):
    lms.register()
    assert " is now active.\n" in lms.approve()

    refused = lms.open("ines")
    deployment = lms.campus.here.tool.deployment_id
    waits = f"! Deployment {deployment} of "

    assert (refused.status, lms.guide.sentence("3. ") in refused.text) == (403, True)
    assert waits in lms.checked()
    assert lms.approve_deployment().startswith(f"Deployment {deployment} of ")
    assert lms.open("ines").status == 303
    assert waits not in lms.checked()


@BOTH
def test_what_the_instructor_places_opens_for_everybody_and_check_finds_all_well(lms: Lms):
    lms.let_in()

    mentoring, quiz = lms.place("mentoring", "quiz-onboarding")

    assert "Choose mentors" in lms.page_of("ines", mentoring)
    assert "Start the quiz" in lms.page_of("leo", quiz)
    assert "Start the quiz" not in lms.page_of("ines", quiz)
    assert "Choose mentors" not in lms.page_of("leo", mentoring)
    assert_all_is_well(lms)


@ON_MOODLE
def test_opening_the_quiz_once_is_one_line_done_on_the_checklist(lms: Lms):
    lms.let_in()
    mentoring, quiz = lms.place("mentoring", "quiz-onboarding")
    done = "Put the quiz into your course page Done"

    before = lms.page_of("ines", mentoring)
    lms.page_of("ines", quiz)

    assert (done in before, done in lms.page_of("ines", mentoring)) == (False, True)


@ON_MOODLE
def test_check_says_what_moodle_was_told_to_withhold(lms: Lms):
    """Step 2.5; and so that finding all well means something."""
    lms.register(withheld="lti-nrps")
    lms.approve()
    lms.page_of("ines")

    said = lms.checked()

    assert "\nNot granted: The class list cannot be read" in said
    assert re.search(r"People: 1  Roster read: never yet .* Off: reading the roster$", said, re.MULTILINE), said


def told_by_hand(shown: Mapping[str, str]) -> dict[str, str]:
    """What the campus's page of tools shows, as `platform add` of the guides wants it."""
    return {
        "--issuer": shown["Issuer"],
        "--auth-url": shown["Authentication request URL"],
        "--token-url": shown["Access token URL"],
        "--jwks-url": shown["Public key set URL"],
        "Client ID": shown["Client"],
        "number": shown["Client"],
        "Deployment ID": shown["deployment"],
    }


@ON_MOODLE
def test_by_hand_on_moodle_everybody_comes_in_at_once(lms: Lms):
    entered, first = lms.guide.addresses("By hand"), lms.campus.here.tool
    assert entered == {
        "Tool URL": first.launch_url,
        "Initiate login URL": first.login_url,
        "Redirection URI(s)": first.redirect_uris[0],
        "Public keyset": first.jwks_url,
        "Supports deep linking": first.launch_url,
    }
    assert lms.knock("leo").status_code == 403, "nobody has registered it yet"

    (adding,) = lms.guide.commands("By hand")
    said = lms.type(adding, told_by_hand(shown_to_operators(lms.campus, first.name)))

    assert set(re.findall(r"http://\S+", said)) == set(entered.values())
    mentoring, quiz = lms.place("mentoring", "quiz-onboarding")
    assert "Choose mentors" in lms.page_of("ines", mentoring)
    assert "Start the quiz" in lms.page_of("leo", quiz)
    assert_all_is_well(lms)


@ON_CANVAS
def test_by_address_on_canvas_everybody_comes_in_at_once(lms: Lms):
    (address,) = re.findall(r"`https://<tool>(/lti/\w+\.json)`", lms.guide.chapter("By address"))
    client = lms.campus.app.test_client()
    client.post(f"{lms.campus.url}/tools/by-address", data={"address": lms.campus.settings.tool + address})
    taken = lms.campus.activate(lms.campus.tools()[-1])
    assert lms.knock("leo").status_code == 403, "nobody has registered it yet"

    (adding,) = lms.guide.commands("By address")
    said = lms.type(adding, told_by_hand(shown_to_operators(lms.campus, taken.name)))

    assert set(re.findall(r"http://\S+", said)) == set(lms.guide.addresses("By address").values())
    mentoring, quiz = lms.place("mentoring", "quiz-onboarding")
    assert "Choose mentors" in lms.page_of("ines", mentoring)
    assert "Start the quiz" in lms.page_of("leo", quiz)
    assert_all_is_well(lms)
