"""Resources of a mentorship and of a program: shared, kept, handed out, taken away; and who sees which."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from lti_tool import clock, personal_data, uploads
from lti_tool.models import Enrolment, Role
from lti_tool.notifying.models import PersonalNotice
from lti_tool.running.housekeeping import tidy
from mentoring.mentorships import ending
from mentoring.mentorships.models import Membership, Mentorship, Part
from mentoring.participants.joining import join
from mentoring.participants.models import Participant, ParticipantState
from mentoring.together.resources import sharing
from mentoring.together.resources.models import Resource
from tests import files
from tests.cast import THEN
from tests.mentoring.asking import happened, held
from tests.mentoring.conftest import Counting, School
from tests.mentoring.meetings import a_circle, a_pair
from tests.mentoring.reading import words

Visit = Callable[[Enrolment], FlaskClient]
LONG = "x" * 100_000
GUIDE = {"title": "Guide", "url": "https://example.org/guide"}


def address_of(mentorship: Mentorship) -> str:
    course = mentorship.cohort.course.public_id
    return f"/courses/{course}/mentoring/mentorships/{mentorship.public_id}"


def of_program(school: School) -> str:
    return f"/courses/{school.course.public_id}/mentoring/resources"


def share(client: FlaskClient, address: str, *, follow: Any = False, **said: Any) -> TestResponse:
    return client.post(address, data=said, follow_redirects=follow)


def share_file(
    client: FlaskClient, address: str, content: bytes = files.PDF, name: str = "Plan.pdf", **said: str
) -> TestResponse:
    fields = {"title": "Plan", **said, "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(address, data=body, content_type=kind, follow_redirects=True)


def taken(client: FlaskClient, address: str) -> TestResponse:
    """The whole of a file, and its stream closed, as servers do."""
    return client.get(address, buffered=True)


def all_rows(school: School) -> list[Resource]:
    return list(school.session.scalars(select(Resource).order_by(Resource.id)))


def kept_files(app: Flask) -> list[str]:
    folder = Path(app.config["UPLOADS"])
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_link_is_shared_told_to_the_other_and_stands_on_their_page(school: School, visit: Visit):
    pair = a_pair(school)

    answer = share(visit(school.leo), f"{address_of(pair)}/resources", follow=True, detail="Read page 3", **GUIDE)
    page = visit(school.maya).get(address_of(pair))

    assert "Shared. The others are told that there is something new." in words(answer)
    assert 'href="https://example.org/guide" target="_blank" rel="noopener noreferrer nofollow"' in page.text
    notices = school.session.scalars(select(PersonalNotice)).all()
    told = [(each.enrolment_id, each.subject) for each in notices if "shared" in each.subject]
    assert told == [(school.maya.id, "Leo Baum has shared something with you")]
    assert happened(school.session)[-1] == "ResourceShared"
    assert not any("Guide" in f"{each.subject}{each.paragraphs}" for each in notices)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": ""}, "Say what it is, so that others know whether to open it."),
        ({"title": " \t\u0001 "}, "Say what it is, so that others know whether to open it."),
        ({"title": LONG}, "Title: 150 letters at most."),
        ({"detail": LONG}, "300 letters at most."),
        ({"url": ""}, "Give a link, or choose a file below."),
        ({"url": "javascript:alert(1)"}, "Give a link that begins with https:// or http://"),
        ({"url": "JavaScript:alert(1)"}, "Give a link that begins with https:// or http://"),
        ({"url": "data:text/html,<script>alert(1)</script>"}, "Give a link that begins with https:// or http://"),
        ({"url": "ftp://example.org/a"}, "Give a link that begins with https:// or http://"),
        ({"url": "//example.org/a"}, "Give a link that begins with https:// or http://"),
        ({"url": "https://user:pass@example.org/"}, "Give a link that begins with https:// or http://"),
        ({"url": "https://example.org/a b"}, "Give a link that begins with https:// or http://"),
        ({"url": 'https://example.org/"onload="x'}, ""),
        ({"url": "https://example.org/" + LONG}, "Link: 2000 letters at most."),
        ({"url": "http://\u202egro.elpmaxe/"}, "Give a link that begins with https:// or http://"),
    ],
)
def test_what_cannot_be_shared_is_told_and_stays_as_it_was_typed(
    school: School, visit: Visit, said: dict[str, str], sentence: str
):
    pair = a_pair(school)

    answer = share(visit(school.leo), f"{address_of(pair)}/resources", **{**GUIDE, "detail": "Stays", **said})

    if not sentence:
        assert 'href="https://example.org/"onload' not in visit(school.leo).get(address_of(pair)).text
        return
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert said.get("detail", "Stays") in answer.text
    assert all_rows(school) == []


def test_absent_fields_and_nul_bytes_are_no_reason_to_break(school: School, visit: Visit):
    pair = a_pair(school)
    leo, address = visit(school.leo), f"{address_of(pair)}/resources"

    assert leo.post(address).status_code == 422
    assert leo.post(address, data={"title": "a\x00b"}).status_code == 400
    assert leo.post(address, data=b"no form", content_type="multipart/form-data; boundary=x").status_code == 422
    assert all_rows(school) == []


def test_emoji_and_words_from_right_to_left_are_shown_and_scripts_are_words(school: School, visit: Visit):
    pair = a_pair(school)
    title = "<script>alert(1)</script> שלום \U0001f600"

    share(visit(school.leo), f"{address_of(pair)}/resources", title=title, detail=title, url="http://example.org/")
    pages = [visit(school.maya).get(f"{address_of(pair)}{rest}").text for rest in ("", "/resources")]

    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; שלום \U0001f600" in page


def test_a_file_is_handed_out_to_be_kept_and_never_shown(school: School, visit: Visit, app: Flask):
    pair = a_pair(school)

    shared = share_file(visit(school.leo), f"{address_of(pair)}/resources", name="План שלום.pdf")
    [row] = all_rows(school)
    answer = taken(visit(school.maya), f"{address_of(pair)}/resources/{row.public_id}/file")

    assert "Shared." in words(shared)
    assert "PDF, 1 kB" in words(shared)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, files.PDF, "application/pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert "filename*=UTF-8''%D0%9F%D0%BB%D0%B0%D0%BD%20%D7%A9%D7%9C%D7%95%D7%9D.pdf" in disposition
    assert kept_files(app) == [row.file]
    assert oct(uploads.path_of(row.file or "").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (files.HTML, "Plan.pdf", "What is in this file is not what its name says."),
        (files.SVG, "logo.svg", "a web page or a drawing that can hold scripts"),
        (files.EXE, "Plan.exe", "Files of this kind are not taken."),
        (b"", "Plan.pdf", "This file is empty."),
        (files.blown_up(250), "Plan.docx", "unpacks to far more than it seems to hold"),
        (files.office(members={"word/vbaProject.bin": b"x"}), "Plan.docx", "holds macros or programs"),
        (files.png(60_000, 60_000), "Plan.png", "too many pixels"),
        (files.PDF + b" " * uploads.MOST_BYTES, "Plan.pdf", "A file has 10 MB at most."),
    ],
)
def test_a_false_file_is_refused_with_a_sentence_and_leaves_nothing(
    school: School, visit: Visit, app: Flask, content: bytes, name: str, sentence: str
):
    pair = a_pair(school)

    answer = share_file(visit(school.leo), f"{address_of(pair)}/resources", content, name, detail="Stays")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="Stays"' in answer.text
    assert (all_rows(school), kept_files(app)) == ([], [])


def test_far_too_much_is_refused_before_it_is_read(school: School, visit: Visit, app: Flask):
    pair = a_pair(school)

    answer = share_file(visit(school.leo), f"{address_of(pair)}/resources", b"%PDF-1.7" + bytes(12 * 1024 * 1024))
    elsewhere = share_file(visit(school.leo), f"{address_of(pair)}/conversation", b"%PDF-1.7" + bytes(2 * 1024 * 1024))
    stranger = share_file(app.test_client(), f"{address_of(pair)}/resources", b"%PDF-1.7" + bytes(2 * 1024 * 1024))

    assert (answer.status_code, elsewhere.status_code, stranger.status_code) == (413, 413, 413)
    assert "A file has 10 MB at most. Nothing was kept of it." in words(answer)
    assert (all_rows(school), kept_files(app)) == ([], [])


def test_a_file_of_ten_megabytes_goes_to_the_disk_and_not_through_memory(school: School, visit: Visit):
    pair = a_pair(school)
    content = files.PDF[:-6] + b" " * (uploads.MOST_BYTES - len(files.PDF)) + files.PDF[-6:]
    assert len(content) == uploads.MOST_BYTES

    share_file(visit(school.leo), f"{address_of(pair)}/resources", content)

    [row] = all_rows(school)
    assert row.size == uploads.MOST_BYTES
    with uploads.path_of(row.file or "").open("rb") as kept:
        assert kept.read() == content


def test_a_link_and_a_file_at_once_are_one_too_many(school: School, visit: Visit):
    pair = a_pair(school)

    answer = share_file(visit(school.leo), f"{address_of(pair)}/resources", url="https://example.org/")

    assert "Share a link or a file, one at a time." in words(answer)
    assert all_rows(school) == []


def test_a_double_click_shares_once_and_a_form_used_again_shares_anew(school: School, visit: Visit, app: Flask):
    pair = a_pair(school)
    leo, address = visit(school.leo), f"{address_of(pair)}/resources"

    for _click in range(2):
        share(leo, address, token="same", **GUIDE)
        share_file(leo, address, token="file")
    share(leo, address, token="same", title="Another", url="https://example.org/other")

    assert [row.title for row in all_rows(school)] == ["Guide", "Plan", "Another"]
    assert len(kept_files(app)) == 1


def test_nothing_is_kept_of_a_file_whose_row_was_not(
    school: School, visit: Visit, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    pair = a_pair(school)
    monkeypatch.setattr(sharing, "MOST_BYTES_OF_PAIR", 10)

    answer = share_file(visit(school.leo), f"{address_of(pair)}/resources")

    assert answer.status_code == 422
    assert "All files here together have 0 MB at most, and this one no longer fits." in words(answer)
    assert (all_rows(school), kept_files(app)) == ([], [])


def test_there_are_as_many_as_fit(school: School, visit: Visit, monkeypatch: pytest.MonkeyPatch):
    pair = a_pair(school)
    monkeypatch.setattr(sharing, "MOST_OF_PAIR", 1)
    monkeypatch.setattr(sharing, "MOST_OF_PROGRAM", 1)

    mine = [share(visit(school.leo), f"{address_of(pair)}/resources", **GUIDE) for _time in range(2)]
    theirs = [share(visit(school.ines), of_program(school), **GUIDE) for _time in range(2)]

    assert [each.status_code for each in mine] == [302, 422]
    assert [each.status_code for each in theirs] == [302, 422]
    assert "There are 1 resources here, which is as many as fit." in words(mine[1])


def test_whoever_shared_it_or_an_instructor_takes_it_away_with_its_file(school: School, visit: Visit, app: Flask):
    pair = a_pair(school)
    for _each in range(2):
        share_file(visit(school.leo), f"{address_of(pair)}/resources")
    first, second = [f"{address_of(pair)}/resources/{row.public_id}/remove" for row in all_rows(school)]

    answers = [visit(who).post(first).status_code for who in (school.maya, school.zoe, school.leo, school.leo)]
    by_instructor = visit(school.ines).post(second).status_code

    assert (answers, by_instructor) == ([404, 404, 302, 404], 302)
    assert (all_rows(school), kept_files(app)) == ([], [])


def test_each_kind_of_visitor_opens_the_page_and_the_file_by_its_address(school: School, visit: Visit):
    pair = a_pair(school)
    share_file(visit(school.leo), f"{address_of(pair)}/resources")
    page = f"{address_of(pair)}/resources"
    file = f"{page}/{all_rows(school)[0].public_id}/file"
    others = [school.join("Tariq Aziz", Role.ASSISTANT), school.join("Olga Obs", Role.OBSERVER), school.zoe]

    seen = {
        who.name: [taken(visit(who), each).status_code for each in (page, file)]
        for who in (school.leo, school.maya, school.ines, *others)
    }

    assert seen == {
        "Leo Baum": [200, 200],
        "Maya Okafor": [200, 200],
        "Ines Torres": [200, 200],
        "Tariq Aziz": [404, 404],
        "Olga Obs": [403, 403],
        "Zoe Lind": [404, 404],
    }
    assert visit(school.ines).post(page, data=GUIDE).status_code == 404
    assert visit(school.zoe).post(page, data=GUIDE).status_code == 404


def test_a_file_is_not_handed_out_through_another_mentorship_or_the_program(school: School, visit: Visit):
    school.mentors(maya=2)
    pair, other = school.paired(school.leo, school.maya), school.paired(school.zoe, school.maya)
    share_file(visit(school.leo), f"{address_of(pair)}/resources")
    share_file(visit(school.ines), of_program(school))
    own, programs = all_rows(school)

    assert taken(visit(school.zoe), f"{address_of(other)}/resources/{own.public_id}/file").status_code == 404
    assert taken(visit(school.zoe), f"{of_program(school)}/{own.public_id}/file").status_code == 404
    assert taken(visit(school.zoe), f"{address_of(other)}/resources/{programs.public_id}/file").status_code == 404
    assert taken(visit(school.zoe), f"{of_program(school)}/{programs.public_id}/file").status_code == 200
    assert visit(school.ines).post(f"{of_program(school)}/{own.public_id}/remove").status_code == 404


def test_a_link_has_no_file(school: School, visit: Visit):
    pair = a_pair(school)
    share(visit(school.leo), f"{address_of(pair)}/resources", **GUIDE)

    answer = taken(visit(school.leo), f"{address_of(pair)}/resources/{all_rows(school)[0].public_id}/file")

    assert answer.status_code == 404


def test_when_it_is_over_its_people_still_have_it_and_add_nothing(school: School, visit: Visit):
    pair = a_pair(school)
    share_file(visit(school.leo), f"{address_of(pair)}/resources")
    [row] = all_rows(school)
    ending.end(school.session, held(school, pair), by=school.ines, at=THEN, reason="unpaired")
    school.session.commit()
    maya, page = visit(school.maya), f"{address_of(pair)}/resources"

    seen = maya.get(page)
    listed = maya.get(of_program(school))

    assert "This mentorship is over. What was shared stays here for you; nothing new is added." in words(seen)
    assert taken(maya, f"{page}/{row.public_id}/file").data == files.PDF
    assert f'href="{page}"' in listed.text
    assert share(maya, page, **GUIDE).status_code == 302
    assert len(all_rows(school)) == 1


def test_a_substitute_has_what_was_shared_and_not_the_name_of_who_left(school: School, visit: Visit):
    pair = a_pair(school)
    share(visit(school.maya), f"{address_of(pair)}/resources", **GUIDE)
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    mayas = next(member for member in pair.members if member.participant.enrolment_id == school.maya.id)
    mayas.until = THEN + timedelta(days=1)
    pair.members.append(Membership(participant=zoe, part=Part.SUBSTITUTE, since=THEN + timedelta(days=1)))
    school.session.commit()

    page = words(visit(school.zoe).get(f"{address_of(pair)}/resources"))

    assert ("Guide" in page, "Maya" in page.partition("Shared here")[2]) == (True, False)
    assert visit(school.maya).get(f"{address_of(pair)}/resources").status_code == 404


def test_who_is_erased_is_no_longer_named_and_the_others_keep_what_they_shared(
    school: School, visit: Visit, app: Flask
):
    circle = a_circle(school)
    address = f"{address_of(circle)}/resources"
    share_file(visit(school.leo), address, name="leo_baum plan.pdf", title="Plan of Leo Baum")

    given: Any = personal_data.export(school.session, school.leo.person)["mentoring"]["resources"]
    personal_data.erase(school.session, school.leo.person, at=THEN)
    school.session.commit()
    [row] = all_rows(school)
    page = words(visit(school.maya).get(address))

    assert [(each["title"], each["file"]) for each in given] == [("Plan of Leo Baum", "leo_baum plan.pdf")]
    assert (row.by_id, row.title, row.file_name) == (None, "Plan of", "plan.pdf")
    assert ("Plan of" in page, "Leo" in page) == (True, False)
    assert taken(visit(school.maya), f"{address}/{row.public_id}/file").data == files.PDF


def test_resources_of_the_program_are_kept_by_instructors_and_seen_by_who_takes_part(school: School, visit: Visit):
    pair = a_pair(school)
    share_file(visit(school.ines), of_program(school), title="Handbook")
    [row] = all_rows(school)
    file = f"{of_program(school)}/{row.public_id}/file"

    seen = [taken(visit(who), file).status_code for who in (school.ines, school.leo, school.maya, school.zoe)]
    empty = words(visit(school.zoe).get(of_program(school)))
    pages = [words(taken(visit(school.leo), each)) for each in (address_of(pair), of_program(school))]

    assert seen == [200, 200, 200, 404]
    assert "These are for whoever takes part in mentoring." in empty
    assert "Handbook" not in empty
    assert all("Handbook" in page for page in pages)
    assert visit(school.leo).post(of_program(school), data=GUIDE).status_code == 403
    assert visit(school.leo).post(f"{of_program(school)}/{row.public_id}/remove").status_code == 403


def test_who_left_the_program_sees_its_resources_no_longer(school: School, visit: Visit):
    share(visit(school.ines), of_program(school), **GUIDE)
    join(school.session, school.cohort, [school.zoe], at=THEN)
    zoe = school.session.scalars(select(Participant).where(Participant.enrolment_id == school.zoe.id)).one()
    school.session.commit()
    before = words(visit(school.zoe).get(of_program(school)))

    zoe.state = ParticipantState.LEFT
    school.session.commit()

    assert ("Guide" in before, "Guide" in words(visit(school.zoe).get(of_program(school)))) == (True, False)


def test_the_first_resource_of_a_course_without_a_program_makes_one(school: School, visit: Visit):
    answer = share(visit(school.ines), of_program(school), follow=True, **GUIDE)

    assert "Shared with everybody who takes part." in words(answer)
    assert [row.title for row in all_rows(school)] == ["Guide"]


def test_pages_lead_to_resources_and_say_who_sees_them(school: School, visit: Visit):
    pair = a_pair(school)
    course = f"/courses/{school.course.public_id}/mentoring"

    assert f'href="{of_program(school)}"' in visit(school.ines).get(f"{course}/program").text
    assert f'href="{of_program(school)}"' in visit(school.leo).get(f"{course}/mine").text
    assert "Who sees this: you who belong to this mentorship, and your instructors." in words(
        visit(school.leo).get(f"{address_of(pair)}/resources")
    )
    assert "Who sees this: the people of this mentorship, and instructors." in words(
        visit(school.ines).get(f"{address_of(pair)}/resources")
    )
    assert "Who sees this: whoever takes part, and the instructors of this course" in words(
        visit(school.leo).get(of_program(school))
    )


def test_a_file_that_is_not_there_says_so_kindly(school: School, visit: Visit, caplog: pytest.LogCaptureFixture):
    pair = a_pair(school)
    share_file(visit(school.leo), f"{address_of(pair)}/resources")
    [row] = all_rows(school)
    uploads.path_of(row.file or "").unlink()

    answer = visit(school.maya).get(f"{address_of(pair)}/resources/{row.public_id}/file", follow_redirects=True)

    assert "This file is not there at present." in words(answer)
    assert f"The file of resource {row.public_id} is not in the folder of UPLOADS" in caplog.text


def test_what_no_row_names_is_cleared_away_after_a_day_and_nothing_else(school: School, visit: Visit, app: Flask):
    pair = a_pair(school)
    share_file(visit(school.leo), f"{address_of(pair)}/resources")
    [row] = all_rows(school)
    orphan, strange = uploads.path_of("0" * 32), uploads.path_of("00-notes.txt")
    unfinished = Path(app.config["UPLOADS"]) / uploads.ARRIVING / "tmp123"
    for path in (orphan, strange, unfinished):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    now = clock.now()

    assert uploads.clear_all_away(now) == []
    assert uploads.clear_all_away(now + timedelta(days=2)) == ["0" * 32]
    assert kept_files(app) == sorted(["00-notes.txt", row.file or ""])


def test_housekeeping_looks_through_one_folder_at_a_time(school: School, app: Flask):
    for number in range(uploads.FOLDERS):
        path = uploads.path_of(f"{number:02x}" + "0" * 30)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
        os.utime(path, (0, 0))

    left = []
    for turn in range(uploads.FOLDERS):
        with clock.moved_to(THEN + turn * timedelta(minutes=10)):
            tidy()
        left.append(len(kept_files(app)))

    assert left == list(range(uploads.FOLDERS - 1, -1, -1))


def test_pages_ask_as_often_for_one_resource_as_for_sixty(school: School, visit: Visit, counting: Counting):
    pair = a_pair(school)
    pages = [address_of(pair), f"{address_of(pair)}/resources", of_program(school)]
    asked: list[list[int]] = []
    for number in (1, 60):
        for each in range(number):
            shared = {"by": school.leo, "title": "A", "url": "https://a.example", "created": THEN}
            pairs = Resource(mentorship_id=pair.id, token=f"pair {number} {each}", **shared)
            programs = Resource(program_id=school.cohort.program.id, token=f"program {number} {each}", **shared)
            school.session.add_all([pairs, programs])
        school.session.commit()
        asked.append([])
        for page in pages:
            for who in (school.leo, school.ines):
                client = visit(who)
                client.get(page)
                with counting() as queries:
                    assert client.get(page).status_code == 200
                asked[-1].append(len(queries))

    assert asked[0] == asked[1]
