"""What the people of a mentorship agree on: written by one, signed by all, changed by a new version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening, Letter
from mentoring.mentorships.agreement.models import Agreement
from mentoring.mentorships.agreement.standing import agreed
from mentoring.mentorships.circles.changing import leave
from mentoring.mentorships.circles.forming import form
from mentoring.mentorships.models import Mentorship
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.joining import join
from mentoring.participants.queries import participants_of
from mentoring.personal import giving as personal
from tests.cast import THEN
from tests.mentoring.asking import A_DAY, deliver, designed, happened, held
from tests.mentoring.circles import of_peers
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import panel, sent, words

Visit = Callable[[Enrolment], FlaskClient]
S = MentorshipState
LATER = THEN + A_DAY

MAYAS, LEOS, LIMITS = "I answer within two days", "I want to give a talk", "No calls on Sundays"


@pytest.fixture(autouse=True)
def _a_day_later() -> Iterator[None]:
    with clock.moved_to(LATER):
        yield


@pytest.fixture
def pair(school: School) -> Mentorship:
    school.mentors(maya=1)
    return school.paired(school.leo, school.maya)


def circle_of(school: School, *people: Enrolment) -> Mentorship:
    of_peers(school, smallest=2, largest=6)
    parts = participants_of(school.session, school.cohort)
    missing = [person for person in people if person.id not in parts]
    if missing:
        join(school.session, school.cohort, missing, at=THEN)
        parts = participants_of(school.session, school.cohort)
    [made] = form(school.session, school.cohort, [[parts[each.id] for each in people]], by=school.ines, at=THEN)
    school.session.commit()
    return made


def address(mentorship: Mentorship, act: str = "") -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}" + act


def write(client: FlaskClient, mentorship: Mentorship, **said: object) -> TestResponse:
    """Fill in the form as it stands, but for what is said here, and send it."""
    typed = {**sent(client.get(address(mentorship, "/agreement/next"))), **said}
    return client.post(address(mentorship, "/agreement"), data=typed, follow_redirects=True)


def sign(client: FlaskClient, mentorship: Mentorship, seen: int) -> TestResponse:
    return client.post(address(mentorship, "/agreement/sign"), data={"seen": seen}, follow_redirects=True)


def versions(school: School, mentorship: Mentorship) -> list[tuple[int, str, list[str], bool]]:
    """Number, writer, signers and whether it was signed by all, of each version."""
    school.session.expire_all()
    return [
        (each.number, each.by.name, [one.participant.name for one in each.signatures], each.signed is not None)
        for each in agreed(school.session, mentorship).versions
    ]


def state(school: School, mentorship: Mentorship) -> MentorshipState:
    school.session.expire_all()
    return mentorship.state


def told(school: School, who: Enrolment) -> list[str]:
    notices = select(PersonalNotice.subject).where(PersonalNotice.enrolment_id == who.id).order_by(PersonalNotice.id)
    return [each for each in school.session.scalars(notices) if "gree" in each]


def test_signed_by_both_it_holds_and_the_mentorship_begins(school: School, visit: Visit, pair: Mentorship):
    first = write(visit(school.maya), pair, mentor_expects=MAYAS, mentee_expects=LEOS, boundaries=LIMITS)
    assert versions(school, pair) == [(1, "Maya Okafor", ["Maya Okafor"], False)]
    assert pair.state is S.ACCEPTED
    assert "Version 1 waits for the signature of Leo Baum." in words(first)
    assert told(school, school.leo) == ["Maya Okafor has written down what you agree on"]

    second = sign(visit(school.leo), pair, 1)

    assert versions(school, pair) == [(1, "Maya Okafor", ["Maya Okafor", "Leo Baum"], True)]
    assert (pair.state, pair.history[-1].actor) == (S.ACTIVE, school.leo)
    assert "Signed. It holds from now on." in words(second)
    assert told(school, school.maya) == ["Your agreement holds"]
    events = [name for name in happened(school.session) if name.startswith(("Agreement", "MentorshipBegan"))]
    assert events == ["AgreementProposed", "AgreementSigned", "AgreementSigned", "MentorshipBegan"]


def test_no_event_and_no_notice_says_what_they_wrote(school: School, visit: Visit, pair: Mentorship):
    write(visit(school.maya), pair, mentor_expects=MAYAS, mentee_expects=LEOS, boundaries=LIMITS)
    sign(visit(school.leo), pair, 1)

    bodies = [*school.session.scalars(select(Happening.body))]
    bodies += [json.dumps(each) for each in school.session.scalars(select(Letter.body))]
    bodies += [
        str([each.subject, each.paragraphs, each.action, each.path])
        for each in school.session.scalars(select(PersonalNotice))
    ]
    assert [each for each in bodies for text in (MAYAS, LEOS, LIMITS) if text in each] == []


def test_a_change_waits_for_all_signatures_and_meanwhile_the_old_one_holds(
    school: School, visit: Visit, pair: Mentorship
):
    maya, leo = visit(school.maya), visit(school.leo)
    write(maya, pair, rhythm_days=7)
    sign(leo, pair, 1)

    write(leo, pair, rhythm_days=21, mentee_expects=LEOS)

    said = words(maya.get(address(pair)))
    assert "Version 1 holds since" in said
    assert "Version 2 waits for the signature of Maya Okafor." in said
    assert "every 7 days" in said
    assert "every 21 days" not in said
    sign(maya, pair, 2)
    said = words(maya.get(address(pair)))
    assert "Version 2 holds since" in said
    assert "every 21 days" in said


def test_whoever_signs_a_page_that_is_old_is_told_and_has_signed_nothing(
    school: School, visit: Visit, pair: Mentorship
):
    write(visit(school.maya), pair, rhythm_days=7)
    write(visit(school.maya), pair, rhythm_days=30)

    answer = sign(visit(school.leo), pair, 1)

    assert "The agreement was changed meanwhile, so nothing is signed." in words(answer)
    assert [each[2] for each in versions(school, pair)] == [["Maya Okafor"], ["Maya Okafor"]]
    assert pair.state is S.ACCEPTED


def test_of_two_who_write_at_once_the_second_is_told_and_keeps_what_they_typed(
    school: School, visit: Visit, pair: Mentorship
):
    leo = visit(school.leo)
    typed = {**sent(leo.get(address(pair, "/agreement/next"))), "mentee_expects": LEOS, "channel": "phone"}
    write(visit(school.maya), pair)

    answer = leo.post(address(pair, "/agreement"), data=typed)

    assert (answer.status_code, LEOS in answer.text) == (409, True)
    assert "Somebody has written a version meanwhile" in words(answer)
    assert len(versions(school, pair)) == 1
    again = {**typed, "seen": sent(answer)["seen"]}
    assert leo.post(address(pair, "/agreement"), data=again).status_code == 302
    assert len(versions(school, pair)) == 2


def test_signing_twice_signs_once(school: School, visit: Visit, pair: Mentorship):
    write(visit(school.maya), pair)

    for _time in range(2):
        sign(visit(school.leo), pair, 1)

    assert versions(school, pair) == [(1, "Maya Okafor", ["Maya Okafor", "Leo Baum"], True)]
    assert happened(school.session).count("AgreementSigned") == 2


def test_another_end_that_is_signed_moves_the_planned_end_and_its_clocks(
    school: School, app: Flask, visit: Visit, pair: Mentorship
):
    before, ends = pair.planned_end, (THEN + timedelta(days=120)).date()
    write(visit(school.maya), pair, ends=ends.isoformat())
    school.session.refresh(pair)
    assert pair.planned_end == before

    sign(visit(school.leo), pair, 1)

    school.session.refresh(pair)
    assert pair.planned_end is not None
    assert pair.planned_end.isoformat() == f"{ends}T23:59:00+00:00"
    assert before is not None
    deliver(app, school.session, at=before + timedelta(days=20))
    assert state(school, pair) is S.ACTIVE
    deliver(app, school.session, at=pair.planned_end + timedelta(days=15))
    assert state(school, pair) is S.COMPLETED


def test_an_end_left_as_it_is_moves_nothing(school: School, visit: Visit, pair: Mentorship):
    before = pair.planned_end
    write(visit(school.maya), pair)
    sign(visit(school.leo), pair, 1)

    school.session.refresh(pair)
    assert pair.planned_end == before


def test_what_ends_before_it_is_signed_cannot_be_signed(school: School, visit: Visit, pair: Mentorship):
    write(visit(school.maya), pair, ends=(LATER + A_DAY).date().isoformat())

    with clock.moved_to(LATER + 3 * A_DAY):
        answer = visit(school.leo).post(address(pair, "/agreement/sign"), data={"seen": 1}, follow_redirects=True)

    assert "The end date in it has passed, so nothing is signed." in words(answer)
    assert versions(school, pair) == [(1, "Maya Okafor", ["Maya Okafor"], False)]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"ends": "2026-11-01"}, "Last day: choose a day to come."),
        ({"ends": "2036-11-01"}, "Last day: choose one within three years."),
        ({"ends": "soon"}, "Last day: give a day as 2026-09-14."),
        ({"ends": ""}, "Say on which day it ends."),
        ({"rhythm_days": "0"}, "Days from one meeting to the next: give a whole number from 1 to 90."),
        ({"rhythm_days": "often"}, "Days from one meeting to the next: give a whole number from 1 to 90."),
        ({"channel": "pigeon"}, "How you meet: choose one of the list."),
        ({"boundaries": "x" * 4001}, "Boundaries: that is too long. Keep it to 4,000 characters."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    school: School, visit: Visit, pair: Mentorship, said: dict[str, str], complaint: str
):
    answer = write(visit(school.maya), pair, mentor_expects=MAYAS, **said)

    assert (answer.status_code, complaint in words(answer), MAYAS in answer.text) == (422, True, True)
    assert versions(school, pair) == []


def test_texts_are_kept_as_typed_and_shown_harmlessly(school: School, visit: Visit, pair: Mentorship):
    typed = "<script>alert(1)</script>\n  שלום 🙂"

    page = write(visit(school.maya), pair, boundaries=typed)

    [version] = agreed(school.session, pair).versions
    assert version.boundaries == typed
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script>alert" not in page.text


def test_an_instructor_reads_the_terms_and_whether_it_is_signed_and_no_words(
    school: School, visit: Visit, pair: Mentorship
):
    write(
        visit(school.maya), pair, mentor_expects=MAYAS, mentee_expects=LEOS, boundaries=LIMITS, rhythm_days=9,
        channel="phone",
    )  # fmt: skip
    sign(visit(school.leo), pair, 1)

    pages = [words(visit(school.ines).get(address(pair, act))) for act in ("", "/agreement")]

    for said in pages:
        assert "every 9 days" in said
        assert "By telephone" in said
        assert "Version 1 holds since" in said
        assert [text for text in (MAYAS, LEOS, LIMITS) if text in said] == []
    assert "You read whether it is signed" in pages[1]
    theirs = words(visit(school.leo).get(address(pair, "/agreement")))
    assert [text for text in (MAYAS, LEOS, LIMITS) if text not in theirs] == []
    assert "Your instructor reads whether it is signed" in theirs


def test_an_instructor_neither_writes_nor_signs_and_strangers_find_nothing(
    school: School, visit: Visit, pair: Mentorship
):
    write(visit(school.maya), pair)
    olga = school.join("Olga Obs", Role.OBSERVER)
    pages = ("/agreement", "/agreement/next", "/brief", "/timeline")

    found = {
        who.name: [visit(who).get(address(pair, page)).status_code for page in pages]
        for who in (school.maya, school.leo, school.ines, school.zoe, olga)
    }

    assert found == {
        "Maya Okafor": [200, 200, 200, 200],
        "Leo Baum": [200, 200, 404, 200],
        "Ines Torres": [200, 404, 404, 404],
        "Zoe Lind": [404, 404, 404, 404],
        "Olga Obs": [403, 403, 403, 403],
    }
    for who in (school.ines, school.zoe):
        assert visit(who).post(address(pair, "/agreement/sign"), data={"seen": 1}).status_code == 404
        assert visit(who).post(address(pair, "/agreement")).status_code == 404


def test_one_that_is_over_is_not_signed_any_more(school: School, visit: Visit, pair: Mentorship):
    write(visit(school.maya), pair)
    visit(school.ines).post(address(pair, "/end"))

    answer = sign(visit(school.leo), pair, 1)

    assert "This mentorship was called off meanwhile." in words(answer)
    assert versions(school, pair) == [(1, "Maya Okafor", ["Maya Okafor"], False)]


def test_a_circle_says_in_one_text_what_each_expects_and_all_sign(school: School, visit: Visit):
    circle = circle_of(school, school.maya, school.leo, school.zoe)
    page = visit(school.maya).get(address(circle, "/agreement/next"))
    assert ("What each of you expects" in page.text, "What the mentor expects" in page.text) == (True, False)

    write(visit(school.maya), circle, all_expect="We prepare")
    sign(visit(school.leo), circle, 1)
    assert state(school, circle) is S.ACCEPTED
    sign(visit(school.zoe), circle, 1)

    assert state(school, circle) is S.ACTIVE
    assert versions(school, circle)[0][2:] == (["Maya Okafor", "Leo Baum", "Zoe Lind"], True)


def test_whoever_leaves_a_circle_need_not_sign_any_more(school: School, visit: Visit):
    circle = circle_of(school, school.maya, school.leo, school.zoe)
    write(visit(school.maya), circle)
    sign(visit(school.leo), circle, 1)

    leave(school.session, held(school, circle), by=school.zoe, at=LATER, reason="reached")
    school.session.commit()

    assert versions(school, circle) == [(1, "Maya Okafor", ["Maya Okafor", "Leo Baum"], True)]
    assert (circle.state, circle.history[-1].actor) == (S.ACTIVE, None)
    assert told(school, school.maya)[-1:] == ["Your agreement holds"]


def test_the_now_card_and_the_home_page_ask_for_a_signature_that_is_missing(
    school: School, visit: Visit, pair: Mentorship
):
    maya, leo = visit(school.maya), visit(school.leo)
    home = f"/courses/{school.course.public_id}/"
    assert "Write down what you expect of each other" in words(leo.get(address(pair)))
    assert panel(leo.get(home), "to-sign") is None

    write(maya, pair)

    assert "waits for your signature. Sign the agreement" in words(leo.get(address(pair)))
    assert "waits for your signature. Sign the agreement" in words(leo.get(home))
    assert panel(leo.get(home), "to-sign") == "Waiting for your signature Maya Okafor and Leo Baum"
    assert panel(maya.get(home), "to-sign") is None
    sign(leo, pair, 1)
    assert panel(leo.get(home), "to-sign") is None


def test_the_program_s_rhythm_channel_and_end_stand_in_the_first_version(
    school: School, visit: Visit, pair: Mentorship
):
    designed(school, meeting_days=10, channel="in_person")

    fields = sent(visit(school.maya).get(address(pair, "/agreement/next")))

    assert (fields["rhythm_days"], fields["channel"], fields["ends"]) == ("10", "in_person", "2027-02-21")


def test_thirty_versions_cost_no_more_queries_than_one(
    school: School, visit: Visit, pair: Mentorship, counting: Counting
):
    maya = visit(school.maya)

    def cost() -> list[int]:
        found = []
        for page in ("", "/agreement"):
            maya.get(address(pair, page))
            with counting() as queries:
                assert maya.get(address(pair, page)).status_code == 200
            found.append(len(queries))
        return found

    write(maya, pair)
    one = cost()
    for number in range(2, 31):
        write(maya, pair, rhythm_days=number)

    assert cost() == one


def test_own_words_are_given_out_and_erased_and_the_other_s_stay(session: Session, school: School, visit: Visit):
    school.mentors(maya=1)
    pair = school.paired(school.leo, school.maya)
    write(visit(school.maya), pair, mentor_expects=MAYAS)
    write(visit(school.leo), pair, mentee_expects=LEOS)

    assert [each.get("mentor_expects") for each in personal.export(session, school.maya.person)["agreements"]] == [
        MAYAS,
        MAYAS,
    ]
    assert personal.export(session, school.leo.person)["agreements"] == [
        {"mentorship": pair.public_id, "version": 2, "mentee_expects": LEOS}
    ]
    personal_data.erase(session, school.maya.person, at=LATER)
    session.commit()
    session.expire_all()

    rows = session.scalars(select(Agreement).order_by(Agreement.number)).all()
    assert [(each.mentor_expects, each.mentee_expects) for each in rows] == [("", ""), ("", LEOS)]
