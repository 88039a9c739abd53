"""What the people of a mentorship write to one another: told, read, taken back; and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool import clock, personal_data
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.kinds import kind_of
from lti_tool.notifying.models import PersonalNotice
from mentoring.mentorships import ending
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.together.conversation.linking import pieces
from mentoring.together.conversation.models import Message
from tests.cast import THEN
from tests.mentoring.asking import happened, held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000
A_MINUTE = timedelta(minutes=1)


def address_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}"


def write(
    client: FlaskClient, mentorship: Mentorship, message: str, *, at: datetime = THEN + A_MINUTE, **said: str
) -> TestResponse:
    with clock.moved_to(at):
        address = f"{address_of(mentorship)}/conversation"
        return client.post(address, data={"message": message, **said}, follow_redirects=True)


def read(client: FlaskClient, mentorship: Mentorship, rest: str = "/conversation") -> str:
    with clock.moved_to(THEN + timedelta(hours=1)):
        return words(client.get(f"{address_of(mentorship)}{rest}"))


def all_messages(school: School) -> list[Message]:
    return list(school.session.scalars(select(Message).order_by(Message.id)))


def told(school: School, who: Enrolment) -> list[str]:
    rows = school.session.scalars(
        select(PersonalNotice)
        .where(PersonalNotice.enrolment_id == who.id, PersonalNotice.kind == "messages")
        .order_by(PersonalNotice.id)
    )
    return [row.subject for row in rows]


def test_what_one_writes_the_other_reads_the_newest_first(school: School, visit: Visit):
    pair = a_pair(school)

    sent = write(visit(school.leo), pair, "Where do we meet?")
    write(visit(school.maya), pair, "In the library.", at=THEN + 2 * A_MINUTE)
    page, home_base = read(visit(school.leo), pair), read(visit(school.leo), pair, "")

    assert "Sent. The others are told that you have written." in words(sent)
    for seen in (page, home_base):
        assert seen.index("Maya Okafor · Nov 23, 2026, 9:02 AM UTC In the library.") < seen.index("Where do we meet?")
    assert happened(school.session)[-2:] == ["MessageWritten", "MessageWritten"]


def test_the_others_are_told_who_writes_and_nothing_of_what(school: School, visit: Visit):
    circle = a_circle(school)

    write(visit(school.leo), circle, "Secret words")

    assert told(school, school.maya) == told(school, school.zoe) == ["Leo Baum has written to you"]
    assert told(school, school.leo) == []
    notices = school.session.scalars(select(PersonalNotice)).all()
    assert not any("Secret" in f"{each.subject}{each.paragraphs}{each.action}" for each in notices)
    assert kind_of("messages").is_mailed
    assert [each.path for each in notices if each.kind == "messages"] == [f"{address_of(circle)}/conversation"] * 2


def test_several_within_a_quarter_of_an_hour_are_told_once_and_later_ones_anew(school: School, visit: Visit):
    pair = a_pair(school)
    leo, maya = visit(school.leo), visit(school.maya)

    for minute in (0, 1, 14, 15, 29, 31):
        write(leo, pair, f"Message {minute}", at=THEN + minute * A_MINUTE)
    write(maya, pair, "Answer", at=THEN + 2 * A_MINUTE)

    assert len(told(school, school.maya)) == 3
    assert len(told(school, school.leo)) == 1


def test_a_double_click_writes_once_and_a_form_used_again_writes_anew(school: School, visit: Visit):
    pair = a_pair(school)
    leo = visit(school.leo)

    for said in ("Hello", "Hello", "Hello, changed"):
        write(leo, pair, said, token="same")
    write(visit(school.maya), pair, "Hello", token="same")
    write(leo, pair, "Hello")

    assert [each.words for each in all_messages(school)] == ["Hello", "Hello, changed", "Hello", "Hello"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Write something first."),
        ({"message": ""}, "Write something first."),
        ({"message": " \t\r\n "}, "Write something first."),
        ({"message": "\x01\x02"}, "Write something first."),
        ({"message": LONG}, "Keep it to 4,000 characters. Shorten it here; nothing of it is lost."),
    ],
)
def test_what_cannot_be_sent_is_told_and_stays(school: School, visit: Visit, said: dict[str, str], sentence: str):
    pair = a_pair(school)

    answer = visit(school.leo).post(f"{address_of(pair)}/conversation", data=said)

    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert said.get("message", "").strip("\x01\x02 \t\r\n") in answer.text
    assert (all_messages(school), told(school, school.maya)) == ([], [])


def test_nul_bytes_and_odd_tokens_do_no_harm(school: School, visit: Visit):
    pair = a_pair(school)
    leo = visit(school.leo)

    nul = write(leo, pair, "a\x00b")
    odd = [write(leo, pair, "Hello", token=token).status_code for token in ("y" * 100, "\u202e", "")]

    assert (nul.status_code, odd) == (400, [200, 200, 200])
    assert len(all_messages(school)) == 3


def test_scripts_emoji_and_right_to_left_are_words_and_links_lead_out_safely(school: School, visit: Visit):
    pair = a_pair(school)
    said = (
        "<script>alert(1)</script> שלום \U0001f600\x1b[31m\n"
        "see (https://example.org/a_(b)?x=1&y=2), javascript:alert(1) http://example.org https://evil@example.org"
    )

    write(visit(school.leo), pair, said)

    for page in ("/conversation", ""):
        text = visit(school.maya).get(f"{address_of(pair)}{page}").text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום \U0001f600" in text
        assert (
            '<a href="https://example.org/a_(b)?x=1&amp;y=2" target="_blank" rel="noopener noreferrer nofollow">'
            in text
        )
        assert ", in a new window</span></a>), javascript:alert(1) http://example.org" in text
        assert 'href="javascript' not in text
        assert 'href="http://example.org' not in text
        assert 'href="https://evil' not in text
        assert "\x1b" not in text


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("https://a.example.", ["https://a.example"]),
        ("(https://a.example/b)", ["https://a.example/b"]),
        ("https://a.example/b_(c)", ["https://a.example/b_(c)"]),
        ("https://a.example, https://b.example!", ["https://a.example", "https://b.example"]),
        ("https://localhost https://1.2.3.4 https://", []),
        ("xhttps://a.example", ["https://a.example"]),
        ('https://a.example/"><script>', ['https://a.example/"><script']),
    ],
)
def test_links_end_where_the_sentence_goes_on_and_no_word_is_lost(said: str, links: list[str]):
    found = list(pieces(said))

    assert [piece.text for piece in found if piece.is_link] == links
    assert "".join(piece.text for piece in found) == said


def test_the_author_alone_takes_back_and_it_stays_that_there_was_a_message(school: School, visit: Visit):
    pair = a_pair(school)
    write(visit(school.leo), pair, "Sent to the wrong person")
    [message] = all_messages(school)
    address = f"{address_of(pair)}/conversation/{message.public_id}/take-back"

    others = [visit(who).post(address).status_code for who in (school.maya, school.zoe, school.ines)]
    own = [visit(school.leo).post(address).status_code for _click in range(2)]
    page = read(visit(school.maya), pair)

    assert (others, own) == ([404, 404, 404], [302, 302])
    assert ("Taken back." in page, "wrong person" in page) == (True, False)
    assert [each.words for each in all_messages(school)] == [""]


def test_instructors_and_everybody_else_read_nothing_by_any_address(school: School, visit: Visit):
    pair = a_pair(school)
    write(visit(school.leo), pair, "Secret words")
    others = [school.ines, school.zoe, school.join("Tariq Aziz", Role.ASSISTANT), school.join("Ola", Role.OBSERVER)]

    answers = [visit(who).get(f"{address_of(pair)}/conversation") for who in others]
    posted = [visit(who).post(f"{address_of(pair)}/conversation", data={"message": "x"}) for who in others]
    base = visit(school.ines).get(address_of(pair))

    assert [each.status_code for each in answers] == [404, 404, 404, 403]
    assert [each.status_code for each in posted] == [404, 404, 404, 403]
    assert (base.status_code, "Secret" in base.text, "section-conversation" in base.text) == (200, False, False)
    assert len(all_messages(school)) == 1


def test_the_page_says_who_reads_it(school: School, visit: Visit):
    page = read(visit(school.leo), a_pair(school))

    assert "Who sees this: only the two of you. Instructors do not read along." in page
    assert "If something here worries you, tell your instructor yourself: nobody else sees it." in page


def test_the_page_of_a_circle_says_who_reads_it(school: School, visit: Visit):
    page = read(visit(school.zoe), a_circle(school))

    assert "Who sees this: you who belong to this circle. Instructors do not read along." in page


def test_when_it_is_over_it_can_be_read_and_nobody_writes(school: School, visit: Visit):
    pair = a_pair(school)
    write(visit(school.leo), pair, "Thank you")
    [message] = all_messages(school)
    ending.end(school.session, held(school, pair), by=school.ines, at=THEN + 2 * A_MINUTE, reason="unpaired")
    school.session.commit()

    page = read(visit(school.maya), pair)
    answer = write(visit(school.maya), pair, "One more", at=THEN + 3 * A_MINUTE)
    back = visit(school.leo).post(f"{address_of(pair)}/conversation/{message.public_id}/take-back")

    assert "Thank you" in page
    assert "This is over: everything stays here to be read, and nothing new can be written." in page
    assert ("Send" in page, "Take it back" in page) == (False, False)
    assert "called off meanwhile" in words(answer)
    assert back.status_code == 302
    assert [each.words for each in all_messages(school)] == ["Thank you"]


def test_a_substitute_reads_what_was_written_since_they_came(school: School, visit: Visit):
    pair = a_pair(school)
    write(visit(school.leo), pair, "To Maya alone")
    since = THEN + 5 * A_MINUTE
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    mayas = next(member for member in pair.members if member.participant.enrolment_id == school.maya.id)
    mayas.until = since
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=since))
    school.session.commit()
    write(visit(school.leo), pair, "Welcome, Zoe", at=since + A_MINUTE)

    pages = [read(visit(school.zoe), pair, rest) for rest in ("/conversation", "")]

    assert [("Welcome, Zoe" in page, "To Maya alone" in page) for page in pages] == [(True, False)] * 2
    assert "To Maya alone" in read(visit(school.leo), pair)
    assert visit(school.maya).get(f"{address_of(pair)}/conversation").status_code == 404


def test_two_thousand_are_paged_and_cost_what_three_cost(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    leo, page = visit(school.leo), f"{address_of(pair)}/conversation"
    numbers = []
    for number in (3, 1997):
        begin = len(all_messages(school))
        for each in range(begin, begin + number):
            author = pair.mentor if each % 2 else pair.mentee
            at = THEN + each * A_MINUTE
            row = {"by_id": author.id, "token": str(each), "words": f"Message {each}.", "written": at, "told": at}
            school.session.add(Message(mentorship_id=pair.id, **row))
        school.session.commit()
        with clock.moved_to(THEN + timedelta(days=3)):
            leo.get(page)
            for address in (page, address_of(pair)):
                with counting() as queries:
                    assert leo.get(address).status_code == 200
                numbers.append(len(queries))
    with clock.moved_to(THEN + timedelta(days=3)):
        shown = [words(leo.get(f"{page}{rest}")) for rest in ("", "?from=30", "?from=1980", "?from=99999", "?from=x")]

    assert numbers[:2] == numbers[2:]
    assert [("Message 1999." in each, "Message 1969." in each, "Message 0." in each) for each in shown] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
        (False, False, False),
        (True, False, False),
    ]
    assert [("Older messages" in each, "Newer messages" in each) for each in shown[:3]] == [
        (True, False),
        (True, True),
        (False, True),
    ]


def test_what_somebody_wrote_is_given_out_and_erased_and_the_others_keep_theirs(school: School, visit: Visit):
    circle = a_circle(school)
    write(visit(school.leo), circle, "Words of Leo")
    write(visit(school.maya), circle, "Words of Maya")

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["messages"]
    personal_data.erase(school.session, school.leo.person, at=THEN + timedelta(days=1))
    school.session.commit()
    page = read(visit(school.maya), circle)

    assert [each["words"] for each in given] == ["Words of Leo"]
    assert [each.words for each in all_messages(school)] == ["", "Words of Maya"]
    assert ("Words of Maya" in page, "Taken back." in page, "Leo" in page) == (True, True, False)
