"""What people see: who may look at what, and that nobody's name breaks a page."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient

from campus.testing import CampusInHand, FlaskBrowser, Visitor, campus_in_hand
from tests.campus.test_grades import post, score

TAGS = re.compile(r"<[^>]+>")


def client_of(visitor: Visitor) -> FlaskClient:
    assert isinstance(visitor.browser, FlaskBrowser)
    return visitor.browser.client


def read(campus: CampusInHand, path: str, who: str = "") -> tuple[int, str]:
    client = client_of(campus.visitor(who)) if who else campus.app.test_client()
    response = client.get(campus.url + path)
    text = html.unescape(TAGS.sub(" ", response.get_data(as_text=True)))
    return response.status_code, " ".join(text.split())


def table_rows(campus: CampusInHand, who: str) -> list[str]:
    client = client_of(campus.visitor(who))
    page = client.get(f"{campus.url}/courses/2/gradebook").get_data(as_text=True)
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', page)
    return [html.unescape(TAGS.sub("", row)) for row in rows]


def test_the_first_page_offers_everybody(campus: CampusInHand) -> None:
    page = campus.app.test_client().get(f"{campus.url}/").get_data(as_text=True)

    keys = re.findall(r'<button name="person" value="(\w+)"', page)
    assert keys[:9] == ["ines", "maya", "leo", "tariq", "anouk", "olga", "preview", "zoe", "henrik"]
    assert len(keys) == 39


def test_choosing_a_person_opens_their_course(campus: CampusInHand) -> None:
    client = campus.app.test_client()

    response = client.post(f"{campus.url}/be", data={"person": "zoe"})

    assert (response.status_code, response.headers["Location"]) == (302, "/courses/3")
    assert response.headers["Set-Cookie"].startswith("campus_session=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(response.headers["Set-Cookie"].split("; "))
    assert client.post(f"{campus.url}/be", data={"person": "nobody"}).status_code == 404


def test_a_course_page_shows_its_activities_to_those_who_are_in_it(campus: CampusInHand) -> None:
    status, text = read(campus, "/courses/2", "leo")

    assert status == 200
    assert "Starting at work 101" in text
    assert "Mentoring" in text
    assert "Onboarding quiz" in text
    assert "graded, 20 points" in text


@pytest.mark.parametrize(
    "path", ["/courses/2", "/courses/2/gradebook", "/courses/2/quiz/open", "/courses/2/quiz/start"]
)
def test_strangers_are_kept_out_of_a_course(campus: CampusInHand, path: str) -> None:
    assert [read(campus, path, "zoe")[0], read(campus, path)[0]] == [403, 401]


@pytest.mark.parametrize("path", ["/courses/2/nothing/open", "/courses/2/nothing/start", "/nothing"])
def test_what_is_not_there_is_not_found(campus: CampusInHand, path: str) -> None:
    assert read(campus, path, "leo")[0] == 404


def test_the_frame_page_shows_the_tool_as_an_lms_does(campus: CampusInHand) -> None:
    page = client_of(campus.visitor("leo")).get(f"{campus.url}/courses/2/quiz/open")

    (frame,) = re.findall(r"<iframe[^>]*>", page.get_data(as_text=True))
    assert 'title="Onboarding quiz"' in frame
    assert 'src="/courses/2/quiz/start"' in frame
    assert 'height="640"' in frame
    assert 'data-origin="http://localhost:8000"' in frame


def test_pages_have_a_strict_policy_that_lets_the_tool_in(campus: CampusInHand) -> None:
    response = campus.app.test_client().get(f"{campus.url}/")

    assert response.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self' http://localhost:8000; frame-src 'self' http://localhost:8000; "
        "frame-ancestors 'self'; base-uri 'none'"
    )
    assert "<script>" not in response.get_data(as_text=True)


def test_who_teaches_sees_the_whole_gradebook_and_a_learner_their_own_row(campus: CampusInHand) -> None:
    assert len(table_rows(campus, "ines")) == len(table_rows(campus, "anouk")) == 33
    assert table_rows(campus, "leo") == ["Leo Nowak"]
    assert table_rows(campus, "noname") == [f"Person {campus.person('noname').id} (no name)"]
    assert table_rows(campus, "olga") == []
    assert read(campus, "/courses/2/gradebook", "olga")[0] == 403


def test_a_grade_arrives_in_the_gradebook_with_its_time_and_comment(campus: CampusInHand) -> None:
    before = read(campus, "/courses/2/gradebook", "leo")[1]

    post(campus, score(campus, scoreGiven=15.5, comment="<b>Well</b> done"))

    after = read(campus, "/courses/2/gradebook", "leo")[1]
    assert "No grade has arrived yet." in before
    assert "Leo Nowak 15.5 <b>Well</b> done 23 Nov 2026, 09:00:00 UTC" in after


def test_the_short_way_to_the_gradebook_leads_to_ones_own(campus: CampusInHand) -> None:
    zoe, nobody = client_of(campus.visitor("zoe")), campus.app.test_client()

    ways = [client.get(f"{campus.url}/gradebook").headers["Location"] for client in (zoe, nobody)]

    assert ways == ["/courses/3/gradebook", "/"]


def test_a_script_in_a_name_stays_text(campus: CampusInHand) -> None:
    page = client_of(campus.visitor("ines")).get(f"{campus.url}/courses/2/gradebook").get_data(as_text=True)

    assert "Bobby &lt;script&gt;alert(1)&lt;/script&gt; D&#39;Angelo" in page
    assert "<script>alert(1)" not in page


def test_the_course_page_passes_on_what_the_tool_says_on_return(campus: CampusInHand) -> None:
    text = read(campus, "/courses/2?lti_errormsg=No+%3Cquiz%3E+today&lti_msg=Bye", "leo")[1]

    assert "The tool says: No <quiz> today" in text
    assert "The tool says: Bye" in text


def test_pages_are_read_at_the_campuss_own_address(campus: CampusInHand) -> None:
    response = campus.app.test_client().get("http://127.0.0.1:8001/gradebook?again=1")

    assert (response.status_code, response.headers["Location"]) == (302, f"{campus.url}/gradebook?again=1")


def test_forms_of_other_sites_change_nothing(campus: CampusInHand) -> None:
    client, address = campus.app.test_client(), f"{campus.url}/controls/flavor"

    answers = [
        client.post(address, data={"flavor": flavor}, headers={"Origin": origin}).status_code
        for flavor, origin in (("moodle", "http://localhost:8000"), ("canvas", campus.url))
    ]

    assert (answers, campus.here.flavor.name) == ([403, 302], "canvas")


def control(campus: CampusInHand, act: str, **fields: str) -> int:
    return campus.app.test_client().post(f"{campus.url}/controls/{act}", data=fields).status_code


def test_the_controls_page_sets_and_clears_faults(campus: CampusInHand) -> None:
    roster = {"roster_page_fails": "3", "roster_links": "loop", "roster_empty": "on"}
    control(campus, "faults", services_down="on", slow="1.5", lost_scores="2", **roster)
    on = campus.faults.as_dict()
    control(campus, "faults")

    assert on == {
        "services_down": True,
        "tokens_down": False,
        "keys_down": False,
        "retry_after": None,
        "silent_storage": False,
        "absent_storage": False,
        "forgetful_storage": False,
        "slow": 1.5,
        "roster_page_fails": 3,
        "roster_links": "loop",
        "roster_empty": True,
        "roster_twice": False,
        "lost_scores": 2,
    }
    assert not any(campus.faults.as_dict().values())


def test_the_controls_page_moves_people_and_turns_keys(campus: CampusInHand) -> None:
    old = campus.here.keys.kids()

    assert control(campus, "seat", person="leo", status="gone", course="2") == 302
    assert control(campus, "rotate-keys") == 302

    assert "leo" not in {person.key for person in campus.people()}
    assert campus.here.keys.kids()[1:] == old
    assert control(campus, "retire-keys") == 302
    assert len(campus.here.keys.kids()) == 1
    assert control(campus, "seat", person="leo", status="active") == 302
    assert "leo" in {person.key for person in campus.people()}
    assert [
        control(campus, "seat", person="leo", status="dancing"),
        control(campus, "seat", person="nobody", status="gone"),
        control(campus, "flavor", flavor="vanilla"),
        control(campus, "nothing"),
    ] == [400, 404, 400, 404]


def test_the_controls_page_shows_what_was_refused(campus: CampusInHand) -> None:
    campus.app.test_client().get(f"{campus.url}/oidc/auth?client_id=campus-tool")

    status, text = read(campus, "/controls")

    assert status == 200
    assert "oidc.auth 400 redirect_uri is missing" in text


def test_the_state_is_there_for_programs_and_holds_no_secrets(campus: CampusInHand) -> None:
    post(campus, score(campus))
    campus.app.test_client().get(f"{campus.url}/oidc/auth?state=very-secret")

    response = campus.app.test_client().get("/api/state.json")

    state = response.get_json()
    assert state["gradebook"] == campus.cells()
    assert state["score_log"] == campus.score_log()
    assert state["refused"] == [{"endpoint": "oidc.auth", "status": 400, "reason": "client_id is missing"}]
    assert {name: each["requests"] for name, each in state["requests"].items()} == {
        "grades.score": 1,
        "oidc.auth": 1,
        "tokens.token": 1,
    }
    assert state["seconds"] == pytest.approx(sum(each["seconds"] for each in state["requests"].values()))
    assert "very-secret" not in response.text
    assert "eyJ" not in response.text


def test_extra_learners_leave_the_first_page_short() -> None:
    with campus_in_hand(people=50) as campus:
        page = campus.app.test_client().get(f"{campus.url}/").get_data(as_text=True)

    assert page.count('<button name="person"') == 39
    assert "50 extra learners are enrolled besides" in page
