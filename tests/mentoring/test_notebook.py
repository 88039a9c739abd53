"""The notebook: a person's own, in every course; written in seconds, shared entry by entry, and taken along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lti_tool import clock, personal_data
from lti_tool.arrivals.sessions import Visit as Visited
from lti_tool.models import Course, Enrolment, Role
from lti_tool.outbox import Happening
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.mentorships.states import MentorshipState
from mentoring.participants.joining import join
from mentoring.participants.models import Participant
from mentoring.together.notebook.models import NotebookEntry
from tests.cast import THEN, Cast
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
A_DAY = timedelta(days=1)
EVIL = "<script>alert(1)</script> \u05e9\u05dc\u05d5\u05dd \U0001f600 {{ 7 * 7 }}"


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with clock.moved_to(THEN):
        yield


def notebook(course: Course) -> str:
    return f"/courses/{course.public_id}/notebook"


def address_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}"


def entry_of(
    school: School, who: Enrolment, text: str, *, days: int = 0, shared: Mentorship | None = None
) -> NotebookEntry:
    entry = NotebookEntry(person_id=who.person_id, written=THEN + days * A_DAY)
    entry.say(text, at=entry.written)
    entry.share(shared, at=entry.written)
    school.session.add(entry)
    school.session.commit()
    return entry


def entries(school: School) -> list[NotebookEntry]:
    school.session.expire_all()
    return list(school.session.scalars(select(NotebookEntry).order_by(NotebookEntry.id)))


def post(client: FlaskClient, address: str, **said: str) -> TestResponse:
    return client.post(address, data=said, follow_redirects=True)


def substituted(school: School, pair: Mentorship, by: Enrolment, *, since: Any) -> None:
    """Somebody else mentors in this pair from then on."""
    join(school.session, school.cohort, [by], at=THEN)
    steps_in = school.session.scalars(select(Participant).where(Participant.enrolment_id == by.id)).one()
    pair.members[0].until = since
    pair.members.append(Membership(participant=steps_in, part=Part.SUBSTITUTE, since=since))
    school.session.commit()


def test_an_entry_is_one_text_and_one_button_and_only_its_writer_s(school: School, visit: Visit):
    pair = a_pair(school)

    answer = post(visit(school.leo), notebook(school.course), text="  Mocks hide things.\r\nUse fakes. ")

    assert "Kept. Only you can read it." in words(answer)
    [entry] = entries(school)
    assert (entry.text, entry.person_id, entry.shared) == ("Mocks hide things.\nUse fakes.", school.leo.person_id, None)
    for other in (school.maya, school.zoe, school.ines):
        assert "Mocks" not in visit(other).get(notebook(school.course)).text
        assert visit(other).get(f"{notebook(school.course)}/{entry.public_id}").status_code == 404
        assert "Mocks" not in visit(other).get(address_of(pair)).text
    assert "Who sees this: you alone, in every course of this learning platform." in words(answer)


def test_whoever_has_no_mentorship_may_write_as_well_and_is_asked_nothing_more(school: School, visit: Visit):
    page = visit(school.zoe).get(notebook(school.course))
    answer = post(visit(school.zoe), notebook(school.course), text="On my own")

    assert "Your entries will stand here, the newest first." in words(page)
    assert "Where it grew from" not in page.text
    assert "Kept. Only you can read it." in words(answer)


def test_it_is_reached_from_the_navigation_by_who_learns_and_mentors(school: School, visit: Visit):
    link = f'href="{notebook(school.course)}"'
    home = f"/courses/{school.course.public_id}/"

    assert [link in visit(each).get(home).text for each in (school.leo, school.ines)] == [True, False]
    assert link in visit(school.leo).get(address_of(a_pair(school))).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write something; one sentence is enough."),
        (" \n\u2003 ", "Write something; one sentence is enough."),
        ("\x07\x1b", "Write something; one sentence is enough."),
        ("x" * 100_000, "That is longer than 10,000 characters."),
    ],
)
def test_what_cannot_be_kept_is_told_and_stays_as_it_was_typed(school: School, visit: Visit, text: str, sentence: str):
    mine = entry_of(school, school.leo, "Before")
    leo, here = visit(school.leo), notebook(school.course)

    answers = [leo.post(here, data={"text": text}), leo.post(f"{here}/{mine.public_id}", data={"text": text})]

    for answer in answers:
        assert answer.status_code == 422
        assert sentence in words(answer)
        assert text.strip("\x07\x1b") in answer.text
    assert [entry.text for entry in entries(school)] == ["Before"]


def test_a_nul_is_no_text_and_nothing_is_kept(school: School, visit: Visit):
    leo, here = visit(school.leo), notebook(school.course)

    answers = [leo.post(here, data={"text": "a\x00b"}), leo.get(f"{here}?q=%00"), leo.get(f"{here}/a%00b")]

    assert [answer.status_code for answer in answers] == [400, 400, 404]
    assert entries(school) == []


def test_ten_thousand_characters_fit_whatever_their_line_ends(school: School, visit: Visit):
    post(visit(school.leo), notebook(school.course), text="12345678\r\n" * 1111)

    assert [len(entry.text) for entry in entries(school)] == [9_998]


def test_whatever_people_write_is_shown_as_words(school: School, visit: Visit):
    pair = a_pair(school)
    entry_of(school, school.leo, EVIL, shared=pair)

    pages = [
        visit(school.leo).get(notebook(school.course)),
        visit(school.maya).get(address_of(pair)),
        visit(school.maya).get(f"{address_of(pair)}/notebook"),
    ]

    for page in pages:
        assert "<script>alert" not in page.text
        assert '<p class="said" dir="auto">&lt;script&gt;' in page.text
        assert "\u05e9\u05dc\u05d5\u05dd \U0001f600 {{ 7 * 7 }}" in page.text


def test_the_newest_stand_first_under_their_months(school: School, visit: Visit):
    for days, text in ((-30, "In October"), (0, "Today"), (-1, "Yesterday")):
        entry_of(school, school.leo, text, days=days)

    page = words(visit(school.leo).get(notebook(school.course)))

    places = [page.index(each) for each in ("November 2026", "Today", "Yesterday", "October 2026", "In October")]
    assert places == sorted(places)


def test_every_word_of_a_search_is_found_whatever_its_case_and_accents(school: School, visit: Visit):
    for text in ("Ärger mit 100% Überzeugung", "a_b test", "axb test", "ΣΊΣΥΦΟΣ"):
        entry_of(school, school.leo, text)
    entry_of(school, school.maya, "Ärger of hers")
    leo = visit(school.leo)

    def found(search: str) -> list[str]:
        page = leo.get(notebook(school.course), query_string={"q": search}).text
        return [entry.text for entry in entries(school) if entry.text in page]

    assert found("ARGER überzeug") == ["Ärger mit 100% Überzeugung"]
    assert found("100%") == ["Ärger mit 100% Überzeugung"]
    assert found("a_b") == ["a_b test"]
    assert found("σισυφος") == ["ΣΊΣΥΦΟΣ"]
    assert found("test ärger") == []
    assert found("x" * 5000) == []
    assert "No entry has all of these words." in words(leo.get(f"{notebook(school.course)}?q=/%25'"))


def test_an_entry_is_changed_and_deleted_after_a_question(school: School, visit: Visit):
    mine = entry_of(school, school.leo, "First")
    leo, here = visit(school.leo), f"{notebook(school.course)}/{mine.public_id}"

    changed = post(leo, here, text="Second")
    asked = leo.get(f"{here}/remove")
    still = [entry.text for entry in entries(school)]
    deleted = post(leo, f"{here}/remove")
    again = post(leo, f"{here}/remove")

    assert ("Changed." in words(changed), still) == (True, ["Second"])
    assert "Delete this entry? It goes for good, and nobody can bring it back." in words(asked)
    assert "Deleted." in words(deleted)
    assert (again.status_code, entries(school)) == (404, [])


def test_somebody_else_changes_shares_and_deletes_nothing(school: School, visit: Visit, cast: Cast):
    pair = a_pair(school)
    mine = entry_of(school, school.leo, "Mine", shared=pair)
    stranger = cast.enrol(
        cast.course(platform=cast.platform("Second school", client_id="second")), "Stranger", Role.LEARNER
    )
    people = (school.maya, school.zoe, school.ines, stranger)

    for who in people:
        here = f"{notebook(who.course)}/{mine.public_id}"
        client = visit(who)
        gets = [client.get(here + rest).status_code for rest in ("", "/remove")]
        posts = [post(client, here + rest, text="Theirs").status_code for rest in ("", "/unshare", "/remove")]
        assert (gets, posts) == ([404, 404], [404, 404, 404])
    assert [(entry.text, entry.shared_with_id) for entry in entries(school)] == [("Mine", pair.id)]


def test_an_entry_is_shared_with_one_mentorship_and_taken_back(school: School, visit: Visit):
    pair = a_pair(school)
    leo, maya, here = visit(school.leo), visit(school.maya), notebook(school.course)

    kept = post(leo, here, text="What I will try", grew_from=pair.public_id, share_with=pair.public_id)
    [entry] = entries(school)
    seen = [words(maya.get(address_of(pair) + rest)) for rest in ("", "/notebook")]
    hidden = [
        visit(school.ines).get(address_of(pair)).text,
        visit(school.zoe).get(notebook(school.course)).text,
        maya.get(notebook(school.course)).text,
    ]
    closed = [visit(each).get(f"{address_of(pair)}/notebook").status_code for each in (school.ines, school.zoe)]
    back = post(leo, f"{here}/{entry.public_id}/unshare")
    after = maya.get(address_of(pair)).text + maya.get(f"{address_of(pair)}/notebook").text

    assert "Kept, and shared as you chose." in words(kept)
    assert "with Maya Okafor Shared with Maya Okafor What I will try" in words(kept)
    assert ["Leo Baum" in page and "What I will try" in page for page in seen] == [True, True]
    assert ["What I will try" in page for page in hidden] == [False, False, False]
    assert closed == [404, 404]
    assert "Only you can read it from now on. Others may have read it before." in words(back)
    assert "What I will try" not in after
    assert "Who sees this: you who belong to this mentorship" in seen[1]


def test_nothing_is_shared_with_a_mentorship_that_is_somebody_elses_or_over(school: School, visit: Visit):
    school.mentors(maya=2)
    pair, other = school.paired(school.leo, school.maya), school.paired(school.zoe, school.maya)
    leo, here = visit(school.leo), notebook(school.course)

    wrong = post(leo, here, text="Kept words", share_with=other.public_id, grew_from=other.public_id)
    pair.move(MentorshipState.CANCELLED, by=school.leo, at=THEN)
    school.session.commit()
    late = post(leo, here, text="Kept words", share_with=pair.public_id)
    fine = post(leo, here, text="Grew from it", grew_from=pair.public_id)

    assert wrong.status_code == 422
    assert "Choose a mentorship that you are in, or keep it to yourself." in words(wrong)
    assert "Choose one of your mentorships, or none." in words(wrong)
    assert "Kept words" in wrong.text
    # Where there is nothing to choose from, nothing is asked and nothing is shared.
    assert (late.status_code, fine.status_code) == (200, 200)
    assert [(entry.shared_with_id, entry.grew_from_id) for entry in entries(school)] == [(None, None), (None, pair.id)]


def test_what_was_shared_is_private_when_the_mentorship_is_over(school: School, visit: Visit):
    pair = a_pair(school)
    mine = entry_of(school, school.leo, "Shared for a while", shared=pair)
    pair.move(MentorshipState.CANCELLED, by=school.leo, at=THEN)
    school.session.commit()

    page = words(visit(school.leo).get(notebook(school.course)))

    assert visit(school.maya).get(f"{address_of(pair)}/notebook").status_code == 404
    assert "That mentorship is over for you, so only you can read it now." in page
    assert "you alone." in words(visit(school.leo).get(f"{notebook(school.course)}/{mine.public_id}"))


def test_a_substitute_reads_what_is_shared_since_they_came(school: School, visit: Visit):
    pair = a_pair(school)
    entry_of(school, school.leo, "For Maya alone", shared=pair)
    substituted(school, pair, school.zoe, since=THEN + 2 * A_DAY)
    entry_of(school, school.leo, "For Zoe too", days=3, shared=pair)
    entry_of(school, school.maya, "Of one who left", days=3, shared=pair)

    pages = {who.name: visit(who).get(f"{address_of(pair)}/notebook") for who in (school.leo, school.zoe, school.maya)}

    assert [each in pages["Zoe Lind"].text for each in ("For Maya", "For Zoe", "Of one who left")] == [
        False,
        True,
        False,
    ]
    assert ["For Maya" in pages["Leo Baum"].text, "Of one who left" in pages["Leo Baum"].text] == [True, False]
    assert pages["Maya Okafor"].status_code == 404


def test_everybody_of_a_circle_reads_what_one_of_them_shares(school: School, visit: Visit):
    circle = a_circle(school)

    post(visit(school.zoe), notebook(school.course), text="Ours", share_with=circle.public_id)

    pages = [visit(each).get(address_of(circle)).text for each in (school.leo, school.maya, school.zoe, school.ines)]
    assert ["Ours" in page for page in pages] == [True, True, True, False]
    assert "Shared with Leo Baum and Maya Okafor" in words(visit(school.zoe).get(notebook(school.course)))


def test_it_is_theirs_in_every_course_of_the_platform(school: School, visit: Visit, cast: Cast):
    pair = a_pair(school)
    mine = entry_of(school, school.leo, "From the first course")
    mine.grew_from_id = pair.id
    second = cast.course("Statistics")
    again = Enrolment(course=second, person=school.leo.person, role=Role.LEARNER, number=1, created=THEN)
    school.session.add(again)
    school.session.commit()

    page = words(visit(again).get(notebook(second)))
    changed = post(visit(again), f"{notebook(second)}/{mine.public_id}", text="Changed from the second")

    assert f"with Maya Okafor ({school.course.title}) From the first course" in page
    assert "Notes of your mentorships" not in page
    assert "Changed from the second" in words(changed)


def test_nobody_opens_it_in_its_owner_s_name(app: Flask, school: School, cast: Cast):
    pair = a_pair(school)
    mine = entry_of(school, school.leo, "To myself")
    client = cast.visit(app.test_client(), school.leo)
    school.session.execute(update(Visited).values(acted_by="admin"))
    school.session.commit()
    here = notebook(school.course)

    answers = [client.get(here + rest) for rest in ("", f"/{mine.public_id}", "/text", "/table")]
    asked = client.get(f"{here}/{mine.public_id}/remove")

    assert [answer.status_code for answer in (*answers, asked)] == [403] * 5
    assert ["To myself" in answer.text for answer in (*answers, asked)] == [False] * 5
    assert "What they write for themselves alone stays closed to you as well" in words(answers[0])
    assert client.get(address_of(pair)).status_code == 200


def test_all_of_it_is_taken_along_as_markdown_and_as_a_table(school: School, visit: Visit):
    pair = a_pair(school)
    first = entry_of(school, school.leo, "=HYPERLINK(1)\nsecond line", shared=pair)
    first.grew_from_id = pair.id
    entry_of(school, school.leo, "Zwei \U0001f600", days=-40)
    entry_of(school, school.maya, "Hers")
    leo = visit(school.leo)

    text, table = [leo.get(f"{notebook(school.course)}/{rest}") for rest in ("text", "table")]

    assert text.text == (
        "# Notebook: Leo Baum\n\n## November 2026\n\n### Nov 23, 2026, 9:00\u00a0AM UTC\n\n*With Maya Okafor*\n\n"
        "=HYPERLINK(1)\nsecond line\n\n## October 2026\n\n### Oct 14, 2026, 9:00\u00a0AM UTC\n\nZwei \U0001f600\n"
    )
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert rows == [
        ["written", "changed", "with", "shared_with", "text"],
        [*[THEN.isoformat()] * 2, "Maya Okafor", "Maya Okafor", "'=HYPERLINK(1) second line"],
        [*[(THEN - 40 * A_DAY).isoformat()] * 2, "", "", "Zwei \U0001f600"],
    ]
    heads = [(each.content_type, each.headers["Content-Disposition"]) for each in (text, table)]
    assert heads == [
        ("text/markdown; charset=utf-8", 'attachment; filename="notebook.md"'),
        ("text/csv; charset=utf-8", 'attachment; filename="notebook.csv"'),
    ]
    assert {each.headers["Cache-Control"] for each in (text, table)} == {"no-store"}
    assert {each.headers["X-Content-Type-Options"] for each in (text, table)} == {"nosniff"}


def test_long_notebooks_come_a_page_at_a_time(school: School, visit: Visit):
    for number in range(45):
        entry_of(school, school.leo, f"Entry-{number:02}.", days=-number)
    leo, here = visit(school.leo), notebook(school.course)

    pages = [leo.get(here + rest).text for rest in ("", "?from=20", "?from=40", "?from=99", "?from=-1", "?from=x")]

    shown = [[number for number in range(45) if f"Entry-{number:02}." in page] for page in pages]
    first = list(range(20))
    assert shown == [first, list(range(20, 40)), list(range(40, 45)), first, first, first]
    assert ["Newer entries" in page for page in pages[:3]] == [False, True, True]
    assert ["Older entries" in page for page in pages[:3]] == [True, True, False]
    assert "from=20&amp;q=entry" in leo.get(f"{here}?q=entry").text


def test_pages_ask_as_often_for_one_entry_as_for_three(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    leo, numbers = visit(school.leo), []
    pages = [
        notebook(school.course),
        address_of(pair),
        f"{address_of(pair)}/notebook",
        f"{notebook(school.course)}/text",
    ]
    for more in (1, 2):
        for _each in range(more):
            entry_of(school, school.leo, "Said", shared=pair).grew_from_id = pair.id
            entry_of(school, school.maya, "Said", shared=pair)
        school.session.commit()
        asked = []
        for page in pages:
            with counting() as queries:
                assert leo.get(page).status_code == 200
            asked.append(len(queries))
        numbers.append(asked)

    assert numbers[0] == numbers[1]


def test_its_section_costs_one_question_and_nothing_where_nobody_may_read(
    school: School, visit: Visit, counting: Counting
):
    pair = a_pair(school)
    entry_of(school, school.leo, "Shared", shared=pair)

    asked = {}
    for who in (school.maya, school.ines):
        client = visit(who)
        with counting() as queries:
            client.get(address_of(pair))
        asked[who.name] = sum("FROM notebook_entry" in each for each in queries)

    assert asked == {"Maya Okafor": 1, "Ines Torres": 0}


def test_nothing_of_it_is_announced(school: School, visit: Visit):
    pair = a_pair(school)
    before = school.session.scalars(select(Happening.id)).all()

    post(visit(school.leo), notebook(school.course), text="Quiet", share_with=pair.public_id)
    [mine] = entries(school)
    post(visit(school.leo), f"{notebook(school.course)}/{mine.public_id}/unshare")
    post(visit(school.leo), f"{notebook(school.course)}/{mine.public_id}/remove")

    assert school.session.scalars(select(Happening.id)).all() == before


def test_it_is_given_out_and_erased_with_its_owner(school: School):
    pair = a_pair(school)
    entry_of(school, school.leo, "Leo's own", shared=pair)
    entry_of(school, school.maya, "Maya's own", shared=pair)

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["notebook"]
    personal_data.erase(school.session, school.leo.person, at=THEN + A_DAY)
    school.session.commit()

    assert given == [
        {
            "written": THEN.isoformat(),
            "changed": THEN.isoformat(),
            "text": "Leo's own",
            "grew_from": None,
            "shared_with": pair.public_id,
            "shared": THEN.isoformat(),
        }
    ]
    assert [entry.text for entry in entries(school)] == ["Maya's own"]


def test_an_entry_that_is_sent_twice_is_one(school: School, visit: Visit):
    pair = a_pair(school)
    leo, here = visit(school.leo), notebook(school.course)

    post(leo, here, text="Once")
    post(leo, here, text="Once")
    post(leo, here, text="Once", share_with=pair.public_id)

    assert [entry.shared_with_id for entry in entries(school)] == [None, pair.id]
