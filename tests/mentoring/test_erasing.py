"""Somebody is erased: the name and the words go, and everybody else keeps their own record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool import personal_data
from lti_tool.models import Enrolment
from lti_tool.notifying.models import PersonalNotice
from lti_tool.outbox import Happening
from mentoring.mentorships import answering
from mentoring.mentorships.models import Mentorship, Origin, Part, Transition
from mentoring.mentorships.proposing import propose
from mentoring.mentorships.states import MentorshipState
from mentoring.pairing.assigning import Pair
from mentoring.pairing.circles.publishing import publish
from mentoring.pairing.models import Match, MatchRun, RunState
from mentoring.pairing.runs.beginning import Forgotten, begin, replay
from mentoring.participants.models import Exclusion, ExclusionSource, MenteeNeed, Participant, Wish
from mentoring.participants.queries import participants_of
from mentoring.programs.choices import MustAgree
from tests.cast import THEN
from tests.mentoring.asking import designed
from tests.mentoring.circles import class_of_peers, of_peers
from tests.mentoring.conftest import School
from tests.mentoring.test_circle_life import formed

LATER = THEN + timedelta(days=3)
Visit = Callable[[Enrolment], FlaskClient]


def erase(school: School, who: Enrolment) -> list[str]:
    said = personal_data.erase(school.session, who.person, at=LATER)
    school.session.commit()
    school.session.expire_all()
    return said


def everything(session: Session) -> str:
    """Every text the database holds."""
    tables = sorted(session.get_bind().dialect.get_table_names(session.connection()))
    return "\n".join(
        repr(row) for table in tables for row in session.connection().exec_driver_sql(f'SELECT * FROM "{table}"')
    )


def part_of(school: School, who: Enrolment) -> Participant:
    return school.session.scalars(select(Participant).where(Participant.enrolment_id == who.id)).one()


def test_a_mentor_is_erased_and_both_mentees_keep_their_mentorship(school: School):
    school.mentors(maya=2)
    first, second = school.paired(school.leo, school.maya), school.paired(school.zoe, school.maya)
    steps = school.session.scalar(select(func.count()).select_from(Transition)) or 0

    said = erase(school, school.maya)

    assert "Kept: 2 mentorships with their history and tasks, for whoever was in them too." in said
    for mentorship, mentee in ((first, "Leo Baum"), (second, "Zoe Lind")):
        assert (mentorship.state, mentorship.end_reason) == (MentorshipState.CANCELLED, "mentor_left")
        assert mentorship.mentee.name == mentee
        assert mentorship.mentor.name == f"Participant {school.maya.number}"
        assert mentorship.places == []
    assert school.session.scalar(select(func.count()).select_from(Transition)) == steps + 2
    assert school.leo.is_active
    assert not school.maya.is_active


def test_nothing_of_what_they_were_called_or_wrote_is_left_anywhere(school: School):
    school.maya.person.email, school.maya.person.subject = "maya@example.org", "subject-of-maya"
    designed(school, takes_requests=True)
    school.mentors(maya=2)
    kind = school.cohort.version.kinds[0]
    [asked] = propose(
        school.session, school.cohort, [Pair(school.leo, school.maya, kind)], by=school.leo, at=THEN,
        origin=Origin.REQUEST, case_text="Teach me statistics",
    ).made  # fmt: skip
    answering.ask_back(school.session, asked, "Secret question of hers", by=school.maya, at=THEN)
    answering.answer(school.session, asked, "Answer of his", by=school.leo, at=THEN)
    answering.decline(
        school.session, asked, by=school.maya, at=THEN, reason="no_time", note="Secret note of hers"
    )  # fmt: skip
    offered = part_of(school, school.maya).offer
    assert offered is not None
    offered.words = "Secret words of hers"
    school.session.commit()
    before = everything(school.session)
    told = ("Maya Okafor", "maya@example.org", "subject-of-maya", "Secret question", "Secret note", "Secret words")
    assert [each for each in told if each not in before] == []

    erase(school, school.maya)

    after = everything(school.session)
    assert [each for each in told if each in after] == []
    assert "Teach me statistics" in after
    assert "Answer of his" in after


@pytest.mark.parametrize("name", ["Maya  Okafor", "Maya\u2028Okafor", "Maya =?Okafor", "Maya " + "Okafor" * 40])
def test_a_name_that_notices_write_otherwise_goes_from_them_too(school: School, name: str):
    school.maya.person.name = name
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)

    erase(school, school.maya)

    told = school.session.scalars(select(PersonalNotice.subject)).all()
    assert len(told) == 2
    assert [subject for subject in told if "Maya" in subject or "Okafor" in subject] == []


def test_a_name_at_which_a_subject_was_cut_goes_and_the_subject_stays_as_long_as_it_may_be(school: School):
    of_peers(school, smallest=2, largest=12)
    people = [school.join(f"Bo {letter * 3} Mayer-Lang") for letter in "ABCDEFGHI"]
    formed(school, school.leo, school.zoe, *people)
    before = school.session.scalars(select(PersonalNotice.subject)).all()
    assert [subject for subject in before if subject.endswith("…")] != []

    for person in people:
        erase(school, person)

    told = school.session.scalars(select(PersonalNotice.subject)).all()
    assert [subject for subject in told if "Bo " in subject or "Mayer" in subject or len(subject) > 150] == []


def test_a_mentee_s_own_words_go_and_the_mentor_s_stay(school: School):
    designed(school, takes_requests=True)
    school.mentors(maya=1)
    kind = school.cohort.version.kinds[0]
    [asked] = propose(
        school.session, school.cohort, [Pair(school.leo, school.maya, kind)], by=school.leo, at=THEN,
        origin=Origin.REQUEST, case_text="Teach me statistics",
    ).made  # fmt: skip
    answering.ask_back(school.session, asked, "How much time have you?", by=school.maya, at=THEN)

    erase(school, school.leo)

    school.session.refresh(asked)
    assert (asked.case_text, asked.question) == ("", "How much time have you?")
    assert (asked.state, asked.end_reason) == (MentorshipState.SUPERSEDED, "mentee_left")


def test_who_waits_for_a_mentor_that_is_erased_is_passed_on(school: School):
    designed(school, must_agree=MustAgree.MENTOR)
    school.mentors(maya=1, zoe=1)
    kind = school.cohort.version.kinds[0]
    [asked] = propose(
        school.session, school.cohort, [Pair(school.leo, school.maya, kind)], by=school.ines, at=THEN,
        origin=Origin.ASSIGNED,
    ).made  # fmt: skip
    part_of(school, school.leo).wishes.append(Wish(whom=school.zoe, rank=1))
    school.session.commit()

    erase(school, school.maya)

    [passed_on] = school.session.scalars(select(Mentorship).where(Mentorship.passed_on_from_id == asked.id))
    assert passed_on.person(Part.MENTOR).enrolment == school.zoe


def test_what_others_were_told_calls_them_by_their_number(school: School):
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    told = [each.subject for each in school.session.scalars(select(PersonalNotice).order_by(PersonalNotice.id))]
    assert any("Maya Okafor" in each for each in told)

    erase(school, school.maya)

    kept = school.session.scalars(select(PersonalNotice).where(PersonalNotice.enrolment_id == school.leo.id)).all()
    assert kept
    assert any(f"Participant {school.maya.number}" in f"{each.subject}{each.paragraphs}" for each in kept)
    assert not any("Maya" in f"{each.subject}{each.paragraphs}" for each in kept)


def test_the_history_leads_to_nobody_and_still_tells_the_others(school: School):
    school.mentors(maya=1)
    school.paired(school.leo, school.maya)
    maya, leo = school.maya.person.subject, school.leo.person.subject

    erase(school, school.maya)

    bodies = school.session.scalars(select(Happening.body)).all()
    assert not any(f'"{maya}"' in each for each in bodies)
    assert any(f'"{leo}"' in each for each in bodies)
    assert any(f'"{school.maya.person.subject}"' in each for each in bodies)


def test_drafts_with_them_are_put_away_and_what_the_engine_knew_is_gone(school: School):
    school.mentors(maya=2)
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    assert any(match.mentor.enrolment == school.maya for match in run.matches)

    erase(school, school.maya)

    kept = school.session.scalars(select(MatchRun).execution_options(populate_existing=True)).one()
    assert (kept.state, kept.inputs) == (RunState.DISCARDED, {})
    assert (
        school.session.scalars(select(Match).join(Match.mentor).where(Participant.enrolment == school.maya)).all() == []
    )
    with pytest.raises(Forgotten, match="has been erased"):
        replay(kept)


def test_somebody_of_a_circle_is_erased_and_the_others_go_on(school: School):
    of_peers(school, smallest=3, largest=3)
    class_of_peers(school, 3, languages=["en"])
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    school.session.expire_all()
    circle, *_rest = publish(school.session, run, by=school.ines, at=THEN).made
    gone, *others = circle.people
    class_of_peers(school, 3, seed=5, languages=["en"])
    draft = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()

    erase(school, gone.enrolment)

    assert (circle.state, [each.id for each in circle.people]) == (
        MentorshipState.ACCEPTED,
        [each.id for each in others],
    )
    assert gone.name == f"Participant {gone.enrolment.number}"
    assert run.inputs == {}
    assert draft.inputs != {}
    assert gone.public_id not in repr(draft.inputs)
    with pytest.raises(Forgotten):
        replay(run)


def test_a_run_of_which_a_whole_circle_was_erased_can_still_be_looked_at(school: School, visit: Visit):
    of_peers(school, smallest=3, largest=3)
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    school.session.expire_all()
    publish(school.session, run, by=school.ines, at=THEN)
    school.session.commit()

    for person in (school.maya, school.leo, school.zoe):
        erase(school, person)

    runs = f"/courses/{school.course.public_id}/mentoring/pairing/runs"
    assert visit(school.ines).get(f"{runs}/{run.public_id}").status_code == 200
    assert run.circles == []


def test_what_if_is_not_asked_of_a_run_that_knows_somebody_no_more(school: School, visit: Visit):
    school.mentors(maya=1)
    school.join_mentor("Tom Reed")
    run = begin(school.session, school.cohort, by=school.ines, at=THEN)
    school.session.commit()
    zoe, maya = part_of(school, school.zoe).public_id, part_of(school, school.maya).public_id
    page = f"/courses/{school.course.public_id}/mentoring/pairing/runs/{run.public_id}/people/{zoe}"

    erase(school, school.leo)
    client = visit(school.ines)
    looked = client.get(page, query_string={"kind": "mentor", "with": maya})
    asked = client.post(f"{page}/inquiries", data={"inquiry": f"with:{maya}:mentor"}, follow_redirects=True)

    assert (looked.status_code, "What if?" in looked.text) == (200, False)
    assert "Things have changed meanwhile, so nothing was done." in asked.text


def test_wishes_needs_and_exclusions_about_them_go_and_those_of_others_stay(school: School):
    school.mentors(maya=1)
    cohort = school.cohort
    for who, whom in ((school.leo, school.maya), (school.zoe, school.leo)):
        part = Participant(cohort=cohort, enrolment=who, as_mentee=True, created=THEN)
        part.wishes.append(Wish(whom=whom, rank=1))
        part.need = MenteeNeed(words="Something", created=THEN, changed=THEN)
        school.session.add(part)
        one, other = sorted((who.id, whom.id))
        school.session.add(Exclusion(one_id=one, other_id=other, source=ExclusionSource.ASKED, created=THEN))
    school.session.commit()

    erase(school, school.maya)

    parts = {each.enrolment.name: each for each in participants_of(school.session, cohort).values()}
    assert [wish.whom.name for wish in parts["Zoe Lind"].wishes] == ["Leo Baum"]
    assert parts["Leo Baum"].wishes == []
    assert parts["Leo Baum"].need is not None
    assert school.session.scalar(select(func.count()).select_from(Exclusion)) == 1
    assert part_of(school, school.maya).offer is None


def test_their_data_is_given_out_and_names_nobody_else(school: School):
    school.mentors(maya=2)
    school.paired(school.leo, school.maya)

    given = personal_data.export(school.session, school.maya.person)

    assert list(given) == ["mentoring", "quizzes", "reviews", "statements", "progress", "account"]
    assert given["account"]["name"] == "Maya Okafor"
    [part] = given["mentoring"]["taking_part"]
    assert part["offer"]["places"] == 2
    [mentorship] = given["mentoring"]["mentorships"]
    assert (mentorship["part"], mentorship["state"]) == ("mentor", "accepted")
    assert "Leo" not in repr({**given, "account": {**given["account"], "notices": []}})
