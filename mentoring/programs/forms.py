"""The design of a program as forms, one for each section that a person can take in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, HiddenField

from lti_tool.activities import Offer
from lti_tool.fields import MOST_DAYS, WholeNumber, chosen, lines, long_text, number, text, ticked
from mentoring.pairing.matching.people import DEFAULT_WEIGHTS
from mentoring.programs import telling, words
from mentoring.programs.choices import Channel, EvaluationPoint, GoalType, Manner, MentoringType, MustAgree, StepManner
from mentoring.programs.contradictions import Contradiction
from mentoring.programs.design import ProgramDesign, StepPlan
from mentoring.programs.rows import KindRow, QuestionRow, TaskRow, step_row, training_row

MOST_ROWS = 40


class SettingsForm(FlaskForm):  # type: ignore[misc]
    observers = BooleanField(_l("Observers may follow the learners they are linked to"))


class SectionForm(FlaskForm):  # type: ignore[misc]
    """The base of the forms of all sections."""

    seen: Any = HiddenField()
    """The stamp of the design that the form was filled from."""
    row_lists: Sequence[str] = ()

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        """The design with what this form says."""
        raise NotImplementedError

    def one_more(self, name: str) -> None:
        """Another blank row of this list, if there is one and it is not full."""
        if name in self.row_lists and len(self[name].entries) < MOST_ROWS:
            self[name].append_entry()

    def refuse(self, problems: Iterable[Contradiction]) -> None:
        """Say what is wrong where it stands; what stands in another section, or in a whole list, at the top."""
        for problem in problems:
            if problem.field in self and problem.field not in self.row_lists:
                field = self[problem.field]
                field.errors = [*field.errors, problem.sentence]
            else:
                self.form_errors.append(problem.sentence)

    def _rows(self, name: str) -> tuple[Any, ...]:
        return tuple(entry.form.plan() for entry in self[name].entries if not entry.form.is_blank)


class GoalForm(SectionForm):
    title = text(_l("Title"), is_required=_l("Give the program a title."))
    goal = long_text(_l("Objective"))
    goal_types = ticked(_l("Kind of goal"), words.GOALS)
    tasks = FieldList(FormField(TaskRow), max_entries=MOST_ROWS)
    row_lists = ("tasks",)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        return replace(
            design,
            title=self.title.data,
            goal=self.goal.data,
            goal_types=tuple(GoalType(each) for each in self.goal_types.data),
            tasks=tuple(sorted(self._rows("tasks"), key=lambda task: task.days)),
            steps=tuple(self._following(step, design) for step in design.steps),
        )

    def _following(self, step: StepPlan, design: ProgramDesign) -> StepPlan:
        """The step, which waits for the task it waited for when that has another title now."""
        rows = zip(design.tasks, self["tasks"].entries, strict=False)
        titles = {task.title: entry.form.title.data for task, entry in rows if not entry.form.is_blank}
        is_task = step.manner == StepManner.TASK
        return replace(step, address=titles.get(step.address, step.address)) if is_task else step


class FormForm(SectionForm):
    """The section about form."""

    mentoring_type = chosen(_l("Type"), words.TYPES)
    kinds = FieldList(FormField(KindRow), max_entries=MOST_ROWS)
    smallest_group = number(_l("Smallest group"), least=1, most=50)
    largest_group = number(_l("Largest group"), least=1, most=50)
    length_days = number(_l("Length in days"), least=1, most=MOST_DAYS)
    meeting_days = number(_l("Days from one meeting to the next"), least=1, most=365)
    channel = chosen(_l("Where they meet"), words.CHANNELS)
    reply_days = number(_l("Days to answer"), least=1, most=60)
    default_capacity = number(_l("Places of a mentor"), least=1, most=100)
    row_lists = ("kinds",)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        numbers = ("length_days", "meeting_days", "reply_days", "default_capacity", "smallest_group", "largest_group")
        return replace(
            design,
            mentoring_type=MentoringType(self.mentoring_type.data),
            kinds=self._rows("kinds"),
            channel=Channel(self.channel.data),
            **{name: self[name].data for name in numbers},
        )


class PeopleForm(SectionForm):
    needs_consent = BooleanField(_l("Nobody is matched before they have said yes to taking part"))
    must_agree = chosen(_l("Who must agree to a match"), words.AGREEMENTS)
    takes_requests = BooleanField(_l("Mentees may ask a mentor themselves"))
    checklist = ticked(_l("Checklist for mentors"), words.CHECKS)
    row_lists = ("training",)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        return replace(
            design,
            needs_consent=self.needs_consent.data,
            must_agree=MustAgree(self.must_agree.data),
            takes_requests=self.takes_requests.data,
            checklist=tuple(self.checklist.data),
            training=self._rows("training"),
        )


class StepsForm(SectionForm):
    row_lists = ("steps",)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        return replace(design, steps=self._rows("steps"))


class AnswersForm(SectionForm):
    skills = lines(_l("Skills"))
    topics = lines(_l("Goals"))
    interests = lines(_l("Interests"))
    questions = FieldList(FormField(QuestionRow), max_entries=MOST_ROWS)
    row_lists = ("questions",)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        return replace(
            design,
            skills=self.skills.data,
            topics=self.topics.data,
            interests=self.interests.data,
            questions=self._rows("questions"),
        )


class MatchingForm(SectionForm):
    least_minutes = number(_l("Least free time in common, in minutes a week"), least=0, most=2400)
    most_hours_apart = number(_l("Most hours between their clocks"), least=0, most=14, is_optional=True)
    least_experience = number(_l("Least experience of a mentor, in years"), least=0, most=50)
    level_rule = chosen(_l("The mentor's level"), words.LEVELS)
    bars_same_manager = BooleanField(_l("Two people with the same manager are not matched"))

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        names = ("least_minutes", "most_hours_apart", "least_experience", "level_rule", "bars_same_manager")
        weights = {question: self[f"weight-{question}"].data for question in words.WEIGHTS}
        return replace(design, weights=_as_little(weights), **{name: self[name].data for name in names})

    @property
    def weights(self) -> list[WholeNumber]:
        return [self[f"weight-{question}"] for question in words.WEIGHTS]

    def __contains__(self, name: str) -> bool:
        """Nothing is wrong with one weight alone."""
        return name != "weights" and bool(super().__contains__(name))


def _as_little(weights: Mapping[str, int]) -> Mapping[str, int]:
    """The usual weights are said by saying none, and what does not count is left out, unless nothing counts."""
    if weights == _all_weights({}):
        return {}
    return {str(name): weight for name, weight in weights.items() if weight or not any(weights.values())}


def _all_weights(weights: Mapping[str, int]) -> dict[str, int]:
    said = weights or {question.value: weight for question, weight in DEFAULT_WEIGHTS.items()}
    return {question: said.get(question, 0) for question in words.WEIGHTS}


class EvaluationForm(SectionForm):
    kpis = lines(_l("What success is measured by"))
    evaluations = ticked(_l("When it is evaluated"), words.POINTS)
    evaluation_days = number(_l("Days between evaluations at intervals"), least=0, most=MOST_DAYS)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        return replace(
            design,
            kpis=self.kpis.data,
            evaluations=tuple(EvaluationPoint(each) for each in self.evaluations.data),
            evaluation_days=self.evaluation_days.data,
        )


class TemplateForm(SectionForm):
    """The few things worth changing of a ready-made design."""

    title = text(_l("Title"), is_required=_l("Give the program a title."))
    goal = long_text(_l("Objective"))
    length_days = number(_l("Length in days"), least=1, most=MOST_DAYS)
    default_capacity = number(_l("Places of a mentor"), least=1, most=100)
    must_agree = chosen(_l("Who must agree to a match"), words.AGREEMENTS)

    def changed(self, design: ProgramDesign) -> ProgramDesign:
        said = replace(design, title=self.title.data, goal=self.goal.data, length_days=self.length_days.data)
        if self.default_capacity is not None:
            said = replace(said, default_capacity=self.default_capacity.data)
        if self.must_agree is not None:
            said = replace(said, must_agree=MustAgree(self.must_agree.data))
        return said


class PeersTemplateForm(TemplateForm):
    """Among peers nobody is a mentor with places, and nobody has to agree."""

    default_capacity = None
    must_agree = None


FORMS: Mapping[str, type[SectionForm]] = {
    telling.GOAL: GoalForm,
    telling.FORM: FormForm,
    telling.PEOPLE: PeopleForm,
    telling.STEPS: StepsForm,
    telling.ANSWERS: AnswersForm,
    telling.MATCHING: MatchingForm,
    telling.EVALUATION: EvaluationForm,
}


def section_form(
    section: str, *, design: ProgramDesign, seen: str, quizzes: Sequence[Offer], activities: Sequence[Offer]
) -> SectionForm:
    """The form of a section, filled with what the design says."""
    fields: dict[str, Any] = {}
    if section == telling.PEOPLE:
        fields["training"] = FieldList(FormField(training_row(quizzes)), max_entries=MOST_ROWS)
    if section == telling.STEPS:
        fields["steps"] = FieldList(FormField(step_row(activities, design.tasks)), max_entries=MOST_ROWS)
    if section == telling.MATCHING:
        for question, label in words.WEIGHTS.items():
            fields[f"weight-{question}"] = number(label, least=0, most=100)
    made = type(FORMS[section].__name__, (FORMS[section],), fields)(data={"seen": seen, **_filled(design)})
    assert isinstance(made, SectionForm)
    return made


def template_form(*, design: ProgramDesign, seen: str) -> TemplateForm:
    kind = PeersTemplateForm if design.is_of_peers else TemplateForm
    return kind(data={"seen": seen, **_filled(design)})


def _filled(design: ProgramDesign) -> dict[str, Any]:
    said = asdict(design)
    said["questions"] = [{"key": each.key, "title": each.text, "answers": each.answers} for each in design.questions]
    said["training"] = [
        {
            **asdict(each),
            "side": "mentors" if each.is_for_mentors else "mentees",
            "address": each.address if each.manner == Manner.LINK else "",
            "quiz": each.address if each.manner == Manner.QUIZ else "",
        }
        for each in design.training
    ]
    said["steps"] = [
        {
            **asdict(each),
            "address": each.address if each.manner == StepManner.LINK else "",
            "activity": each.address if each.manner == StepManner.ACTIVITY else "",
            "task": each.address if each.manner == StepManner.TASK else "",
        }
        for each in design.steps
    ]
    weights = _all_weights(design.weights)
    return {**said, **{f"weight-{question}": weight for question, weight in weights.items()}}
