"""The designer's pages: a program in two minutes, changed section by section, two instructors at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lti_tool.models import Enrolment
from mentoring.programs import telling, versions
from mentoring.programs.models import Cohort, Program, ProgramVersion
from mentoring.programs.ready_made import READY_MADE
from mentoring.programs.starting import current, newest
from tests.mentoring.conftest import Counting, School
from tests.mentoring.reading import sent, words

Visit = Callable[[Enrolment], FlaskClient]


@pytest.fixture
def ines(school: School, visit: Visit) -> FlaskClient:
    return visit(school.ines)


def page(school: School, then: str = "") -> str:
    return f"/courses/{school.course.public_id}/mentoring/program{then}"


def test_a_course_without_a_program_is_offered_ready_made_ones(school: School, ines: FlaskClient):
    program = words(ines.get(page(school)))
    choice = words(ines.get(page(school, "/templates")))

    assert "Nobody has designed a program for this course yet." in program
    assert "Each mentee has one Mentor for 90 days." in program
    assert [str(each.title) in choice for each in READY_MADE.values()] == [True] * 6
    assert school.session.scalars(select(Program)).all() == []


def test_a_ready_made_program_is_offered_as_long_as_nobody_has_designed_one(school: School, ines: FlaskClient):
    school.mentors(maya=1)
    school.pair((school.leo, school.maya))
    offer = "Nobody has designed a program for this course yet."
    before = ines.get(page(school))
    form = sent(ines.get(page(school, "/templates/students")))
    ines.post(page(school, "/templates/students"), data=form)
    after = ines.get(page(school))

    assert offer in words(before)
    assert "A run is open" in words(before)
    assert f'<a class="button is-primary" href="{page(school, "/templates")}">Choose a program</a>' in before.text
    assert "Begin anew with a ready-made program" not in words(before)
    assert offer not in words(after)
    assert "Begin anew with a ready-made program" in words(after)


@pytest.mark.parametrize("key", READY_MADE)
def test_a_program_takes_choosing_looking_and_saving(school: School, ines: FlaskClient, key: str):
    form = sent(ines.get(page(school, f"/templates/{key}")))

    answer = ines.post(page(school, f"/templates/{key}"), data=form, follow_redirects=True)

    made, said = versions.design_for(school.session, school.course), words(answer)
    assert "The program is saved." in said
    assert "Open it when it is as you want it" in said
    assert made == READY_MADE[key].design()


def test_what_is_changed_of_a_ready_made_program_is_saved_with_it(school: School, ines: FlaskClient):
    form = sent(ines.get(page(school, "/templates/employees")))

    ines.post(page(school, "/templates/employees"), data={**form, "title": "Buddies", "default_capacity": "1"})

    version = newest(school.session, school.course)
    assert version is not None
    assert (version.program.title, version.default_capacity, len(version.kinds)) == ("Buddies", 1, 2)


def test_a_ready_made_program_made_shorter_than_its_tasks_says_what_to_do(school: School, ines: FlaskClient):
    form = sent(ines.get(page(school, "/templates/employees")))

    answer = ines.post(page(school, "/templates/employees"), data={**form, "length_days": "60"})

    assert answer.status_code == 422
    assert "is due on day 90, and a mentorship lasts 60 days. Name an earlier day, or make it longer." in words(answer)
    assert school.session.scalars(select(Program)).all() == []


def test_a_running_cohort_goes_on_with_a_ready_made_program_without_a_baseline(school: School, ines: FlaskClient):
    school.mentors(maya=1)
    form = sent(ines.get(page(school, "/templates/students")))

    answer = ines.post(page(school, "/templates/students"), data=form, follow_redirects=True)

    cohort = current(school.session, school.course)
    assert "Saved as version 2." in words(answer)
    assert cohort is not None
    assert (cohort.version.number, cohort.version.evaluations) == (2, ["mid", "end"])


def test_the_program_is_read_in_plain_words(school: School, ines: FlaskClient):
    ines.post(page(school, "/templates/employees"), data=sent(ines.get(page(school, "/templates/employees"))))

    said = words(ines.get(page(school)))

    assert "Each mentee has one Team mentor and one Technical mentor for 90 days." in said
    assert "Introduce colleagues (by day 3): The team, and whom to turn to in others." in said
    assert "They share a language." in said
    assert "Skills: what the mentee wants to learn and the mentor offers: 30" in said


@pytest.mark.parametrize("section", telling.SECTIONS)
@pytest.mark.parametrize("key", ["employees", "peers", "flash"])
def test_a_section_saved_as_it_is_changes_nothing(school: School, ines: FlaskClient, key: str, section: str):
    ines.post(page(school, f"/templates/{key}"), data=sent(ines.get(page(school, f"/templates/{key}"))))
    form = all_of(ines, page(school, f"/edit/{section}"))

    answer = ines.post(page(school, f"/edit/{section}"), data=form, follow_redirects=True)

    assert "Nothing was changed, so there was nothing to save." in words(answer)


def all_of(client: FlaskClient, address: str) -> dict[str, object]:
    """Everything the page's form would send: texts of text areas and every ticked box of several, too."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        area = ""

        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, list[str]] = {}
            self.choice = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            said = dict(attrs)
            name, value = said.get("name") or "", said.get("value") or ""
            if tag == "input" and name and (said.get("type") != "checkbox" or "checked" in said):
                self.found.setdefault(name, []).append(value or "y")
                if said.get("type") != "checkbox":
                    self.found[name][-1] = value
            elif tag == "textarea":
                self.area = name
                self.found[name] = [""]
            elif tag == "select":
                self.choice = name
            elif tag == "option" and "selected" in said:
                self.found[self.choice] = [value]

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area][0] += data.lstrip("\r\n")

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""

    reader = Reader()
    reader.feed(client.get(address).text)
    return dict(reader.found)


def test_everything_about_form_can_be_set(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/form"))
    form |= {
        "mentoring_type": "group",
        "kinds-0-label": "Tutor",
        "kinds-1-label": "Expert",
        "kinds-1-needed": "2",
        "smallest_group": "3",
        "largest_group": "5",
        "length_days": "60",
        "meeting_days": "7",
        "channel": "video",
        "reply_days": "4",
        "default_capacity": "5",
    }

    ines.post(page(school, "/edit/form"), data=form)

    made = versions.design_for(school.session, school.course)
    assert [(kind.label, kind.needed, kind.is_required) for kind in made.kinds] == [
        ("Tutor", 1, True),
        ("Expert", 2, False),
    ]
    assert (made.mentoring_type, made.smallest_group, made.largest_group, made.length_days) == ("group", 3, 5, 60)
    assert (made.meeting_days, made.channel, made.reply_days, made.default_capacity) == (7, "video", 4, 5)


def test_everything_about_people_and_training_can_be_set(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/people"))
    form |= {
        "needs_consent": "y",
        "must_agree": "both",
        "takes_requests": "y",
        "checklist": ["trust", "dedicated"],
        **row("training", 0, title="Read", side="mentors", manner="link", address="https://lms.example/read"),
        **row("training", 1, title="Basics", side="mentees", manner="quiz", quiz="quiz:onboarding", valid_days="365"),
        **row("training", 2, title="Workshop", side="mentors", manner="in_person"),
    }

    answer = ines.post(page(school, "/edit/people"), data=form)

    made = versions.design_for(school.session, school.course)
    assert answer.status_code == 302
    assert (made.needs_consent, made.must_agree, made.takes_requests) == (True, "both", True)
    assert set(made.checklist) == {"trust", "dedicated"}
    assert [(item.title, item.is_for_mentors, item.manner, item.valid_days) for item in made.training] == [
        ("Read", True, "link", None),
        ("Basics", False, "quiz", 365),
        ("Workshop", True, "in_person", None),
    ]
    assert made.training[0].address == "https://lms.example/read"
    assert made.training[1].address.startswith("quiz:")
    assert made.training[1].address != "quiz:onboarding"


def row(name: str, number: int, **said: str) -> dict[str, str]:
    usual = {"address": "", "quiz": "", "valid_days": ""} if name == "training" else {}
    return {f"{name}-{number}-{field}": value for field, value in {**usual, **said}.items()}


def test_goal_words_rules_weights_and_evaluation_can_be_set(school: School, ines: FlaskClient):
    goal = {"title": "Buddies", "goal": "All settle in.", "goal_types": ["career", "skill"], "tasks-0-title": "Meet"}
    lists = {"skills": "Writing\n\nReading\nWriting\n", "topics": "Settle in", "interests": "Music"}
    questions = {"questions-0-title": "Tea?", "questions-0-answers": "Yes\nNo"}
    rules = {"least_minutes": "60", "most_hours_apart": "3", "least_experience": "2", "level_rule": "senior"}
    evaluation = {"kpis": "Fewer leave", "evaluations": ["baseline", "interval"], "evaluation_days": "30"}
    for section, said in (
        ("goal", {**goal, "tasks-0-days": "7", "tasks-0-detail": ""}),
        ("answers", {**lists, **questions}),
        ("matching", {**rules, "bars_same_manager": "y", "weight-skills": "0", "weight-other_team": "50"}),
        ("evaluation", evaluation),
    ):
        form = all_of(ines, page(school, f"/edit/{section}")) | said
        assert ines.post(page(school, f"/edit/{section}"), data=form).status_code == 302

    made = versions.design_for(school.session, school.course)
    assert (made.title, made.goal, set(made.goal_types)) == ("Buddies", "All settle in.", {"career", "skill"})
    assert [(task.title, task.days) for task in made.tasks] == [("Meet", 7)]
    assert (made.skills, made.topics, made.interests) == (("Writing", "Reading"), ("Settle in",), ("Music",))
    assert [(each.text, each.answers) for each in made.questions] == [("Tea?", ("Yes", "No"))]
    assert (made.least_minutes, made.most_hours_apart, made.least_experience) == (60, 3, 2)
    assert (made.level_rule, made.bars_same_manager) == ("senior", True)
    assert made.weights == {
        "goals": 20,
        "interests": 10,
        "values": 15,
        "wish_of_mentee": 15,
        "wish_of_mentor": 5,
        "hours": 5,
        "other_team": 50,
    }
    assert (made.kpis, set(made.evaluations), made.evaluation_days) == (("Fewer leave",), {"baseline", "interval"}, 30)


def test_one_more_row_is_given_without_saving(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/form")) | {"more": "kinds", "length_days": "33"}

    answer = ines.post(page(school, "/edit/form"), data=form)

    assert (answer.status_code, 'name="kinds-1-label"' in answer.text, 'value="33"' in answer.text) == (200, True, True)
    assert school.session.scalars(select(ProgramVersion)).all() == []


def test_what_is_wrong_stays_as_it_was_typed_and_says_how_to_put_it_right(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/form")) | {"length_days": "ninety", "reply_days": "0"}

    answer = ines.post(page(school, "/edit/form"), data=form)

    said = words(answer)
    assert (answer.status_code, 'value="ninety"' in answer.text) == (422, True)
    assert "Length in days: give a whole number from 1 to 1100." in said
    assert "Days to answer: give a whole number from 1 to 60." in said


def test_a_row_that_is_filled_has_a_name(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/people"))
    form |= row("training", 0, title="", side="mentors", manner="link", address="https://lms.example/read")

    answer = ines.post(page(school, "/edit/people"), data=form)

    assert answer.status_code == 422
    assert "Give this a name, or clear the whole row to take it away." in words(answer)
    assert 'value="https://lms.example/read"' in answer.text


def test_a_row_is_taken_away_by_clearing_it(school: School, ines: FlaskClient):
    ines.post(page(school, "/templates/employees"), data=sent(ines.get(page(school, "/templates/employees"))))
    form = all_of(ines, page(school, "/edit/form")) | {"kinds-0-label": ""}

    ines.post(page(school, "/edit/form"), data=form)

    assert [kind.label for kind in versions.design_for(school.session, school.course).kinds] == ["Technical mentor"]


def test_what_observers_see_is_decided_without_opening_a_run(school: School, ines: FlaskClient):
    ines.post(page(school, "/templates/flash"), data=sent(ines.get(page(school, "/templates/flash"))))
    settings = f"/courses/{school.course.public_id}/mentoring/settings"

    ines.post(settings, data={"observers": "y"})

    assert "Observers see how far the learners they are linked to have come." in words(ines.get(page(school)))
    assert (school.session.scalars(select(Cohort)).one().state, "checked" in ines.get(settings).text) == ("draft", True)


def test_a_contradiction_stands_at_its_field_or_at_the_top(school: School, ines: FlaskClient):
    form = all_of(ines, page(school, "/edit/form"))
    form |= {"mentoring_type": "group", "smallest_group": "3", "largest_group": "2", "kinds-0-label": ""}

    answer = ines.post(page(school, "/edit/form"), data=form)

    assert answer.status_code == 422
    assert "Make the largest 3 or more." in words(answer)
    assert 'href="#largest_group"' in answer.text
    assert "Name at least one kind of mentor, such as Mentor." in words(answer)


def test_two_instructors_at_once_the_second_sees_what_changed_and_loses_nothing(school: School, visit: Visit):
    school.mentors(maya=1)
    ines, omar = visit(school.ines), visit(school.join("Omar", school.ines.role))
    address = page(school, "/edit/form")
    first, second = all_of(ines, address), all_of(omar, address)
    ines.post(address, data=first | {"length_days": "60"})

    refused = omar.post(address, data=second | {"length_days": "30", "meeting_days": "7"})
    again = omar.post(address, data=all_texts(refused.text, second) | {"length_days": "30", "meeting_days": "7"})

    said = words(refused)
    assert refused.status_code == 422
    assert "Somebody else has saved the program while you were writing" in said
    assert "Length: 30 days (before: 60 days)" in said
    assert 'value="30"' in refused.text
    assert again.status_code == 302
    history = versions.history(school.session, school.course)
    assert [(version.length_days, version.meeting_days) for version in history] == [(30, 7), (60, 14), (90, 14)]


def test_whoever_takes_a_ready_made_program_over_anothers_sees_what_it_would_change(school: School, visit: Visit):
    ines, omar = visit(school.ines), visit(school.join("Omar", school.ines.role))
    address = page(school, "/templates/flash")
    first, second = sent(ines.get(address)), sent(omar.get(address))
    ines.post(address, data=first | {"default_capacity": "7"})

    refused = omar.post(address, data=second)

    assert refused.status_code == 422
    assert "Places of a mentor: 2, unless they say otherwise (before: 7, unless they say otherwise)" in words(refused)
    assert school.session.scalars(select(ProgramVersion)).one().default_capacity == 7


def all_texts(text: str, form: dict[str, object]) -> dict[str, object]:
    """The form as it was, with the stamp that the page gives now."""
    import re

    found = re.search(r'name="seen"[^>]*value="([^"]+)"', text)
    assert found is not None
    return form | {"seen": found.group(1)}


def test_versions_tell_who_changed_what(school: School, ines: FlaskClient):
    school.mentors(maya=1)
    address = page(school, "/edit/form")
    ines.post(address, data=all_of(ines, address) | {"length_days": "60"})

    said = words(ines.get(page(school, "/versions")))

    assert "Version 2 Made by Ines Torres on" in said
    assert "Length: 60 days (before: 90 days)" in said
    assert "Version 1 Made on" in said


def test_what_a_run_is_measured_by_cannot_be_changed_while_it_is_open(school: School, ines: FlaskClient):
    ines.post(page(school, "/templates/students"), data=sent(ines.get(page(school, "/templates/students"))))
    school.mentors(maya=1)
    address = page(school, "/edit/evaluation")

    answer = ines.post(address, data=all_of(ines, address) | {"kpis": "Something easier"})

    assert answer.status_code == 422
    assert "was fixed when the run opened" in words(answer)


def test_nobody_but_instructors_sees_the_design(school: School, visit: Visit):
    maya = visit(school.maya)
    pages = ("", "/versions", "/templates", "/templates/flash", "/edit/goal", "/runs/new")

    assert [maya.get(page(school, then)).status_code for then in pages] == [403] * 6


def test_there_is_no_section_and_no_ready_made_program_of_another_name(school: School, ines: FlaskClient):
    pages = ("/edit/everything", "/templates/none", "/runs/none")

    assert [ines.get(page(school, then)).status_code for then in pages] == [404] * 3


def test_the_page_asks_as_often_for_a_large_program_as_for_a_small(
    school: School, ines: FlaskClient, counting: Counting
):
    costs = []
    for key in ("flash", "employees"):
        ines.post(page(school, f"/templates/{key}"), data=sent(ines.get(page(school, f"/templates/{key}"))))
        with counting() as queries:
            ines.get(page(school))
        costs.append(len(queries))

    assert costs[0] == costs[1]


def test_getting_started_begins_with_the_design(school: School, ines: FlaskClient):
    home = f"/courses/{school.course.public_id}/"
    before = words(ines.get(home))
    ines.post(page(school, "/templates/flash"), data=sent(ines.get(page(school, "/templates/flash"))))

    after = words(ines.get(home))

    assert "Getting started Design the program" in before
    assert "Design the program Done" in after
    assert school.session.scalars(select(Cohort)).one().state == "draft"
