"""A report as pages and files show it, made of one snapshot and of what was asked; it reads no answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _
from flask_babel import ngettext

from reviews import radar
from reviews.campaigns.models import Campaign, Target
from reviews.disclosure import Cell, Reason, Words
from reviews.instruments.content import SELF, Competency, Content, Profile, Statement
from reviews.results import gathering, wording
from reviews.results.concluding import OfCompetency, Standing
from reviews.results.gathering import IMPORTANCE
from reviews.results.models import ReportSnapshot
from reviews.results.published import Report
from reviews.results.quality import Quality
from reviews.summing_up.fit import Fit
from reviews.summing_up.gaps import Category
from reviews.wording import group_label

Groups = tuple[str, ...]
CLEAR = (Category.BLIND_SPOT, Category.HIDDEN_STRENGTH)
"""Of these something is sure, although it is not sure on which side of the line the others are."""


@dataclass(frozen=True)
class Comment:
    place: int
    """Among all comments of the result."""
    text: str
    whose: str
    """A known group's label; empty in the pool."""
    is_shortened: bool


@dataclass(frozen=True)
class Finding:
    """A sentence about one competency."""

    competency: Competency
    sentence: str


class Figures:
    """What was published of somebody, or of a campaign as a whole, by group, competency and statement."""

    profile: Profile | None = None

    def __init__(self, campaign: Campaign, content: Content, report: Report) -> None:
        self.campaign = campaign
        self.content = content
        self.report = report
        self.shown = report.shown

    @property
    def competencies(self) -> Sequence[Competency]:
        return self.content.competencies

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {group.key: group_label(group) for group in self.campaign.groups}

    def label(self, groups: Groups) -> str:
        return wording.listed([self._labels.get(key, key) for key in groups])

    @cached_property
    def columns(self) -> list[Groups]:
        """Those with a mean somewhere, in the order of their groups."""
        order = {key: place for place, key in enumerate(self._labels)}
        return sorted(self.shown.columns, key=lambda groups: order.get(groups[0], len(order)))

    # Who answered, and what is withheld

    @property
    def answered(self) -> str:
        """Who answered how many, in one line."""
        found = self.report.answered
        parts = [
            _("%(group)s %(done)d of %(asked)d", group=self.label((each.group,)), done=each.answered, asked=each.asked)
            for each in found
        ]
        done, asked = sum(each.answered for each in found), sum(each.asked for each in found)
        if not done:
            return str(_("Nobody has answered."))
        whole = ngettext("%(done)d of %(num)d person answered", "%(done)d of %(num)d people answered", asked, done=done)
        return f"{whole}: {', '.join(parts)}."

    @cached_property
    def withheld(self) -> list[str]:
        """What is not shown in order to protect those who answered, in sentences."""
        return list(self._withheld())

    def _withheld(self) -> Iterator[str]:
        for groups in self.columns:
            if len(groups) > 1:
                yield _(
                    "%(groups)s are counted together, because too few answered in one of them.",
                    groups=self.label(groups),
                )
        shown = {key for groups in self.columns for key in groups}
        known = {group.key for group in self.campaign.groups if not group.is_anonymous}
        answered = [each.group for each in self.report.answered if each.answered]
        hidden = [key for key in answered if key not in shown | known]
        if hidden:
            yield _("What was answered by %(groups)s is not shown: they are too few.", groups=self.label(tuple(hidden)))
        statements = {
            each.what
            for each in self.shown.withheld
            if each.reason is Reason.TOO_FEW
            and each.what in self.content.statements
            and not set(each.groups).isdisjoint(answered)
            and set(each.groups).isdisjoint(hidden)
        }
        if statements:
            yield ngettext(
                "One statement lacks a group, of which too few had observed it.",
                "%(num)d statements lack a group, of which too few had observed them.",
                len(statements),
            )
        questions = [each for each in self.shown.withheld if not each.groups and each.reason is Reason.TOO_FEW]
        if questions:
            yield ngettext(
                "The comments on one question are not shown: too few people wrote one.",
                "The comments on %(num)d questions are not shown: too few people wrote one.",
                len(questions),
            )

    @property
    def purpose(self) -> str:
        """What it is for, as it was declared before the first answer."""
        said = str(wording.PURPOSES[self.campaign.purpose])
        return f"{said} {self.campaign.purpose_words}".rstrip()

    @property
    def asks_for_quotes(self) -> bool:
        return any(each.may_be_quoted for each in self.content.questions)

    # Figures

    @property
    def is_empty(self) -> bool:
        return not self.shown.statements and not self.shown.words

    @property
    def has_others(self) -> bool:
        return any(groups != (SELF,) for groups in self.columns)

    def competency_cells(self, key: str) -> list[Cell | None]:
        return [self.shown.competency(key, groups) for groups in self.columns]

    def statement_cells(self, key: str) -> list[Cell | None]:
        return [self.shown.statement(key, groups) for groups in self.columns]

    def others(self, competency: str) -> Cell | None:
        return self.shown.others_of(competency)

    def importance(self, competency: str) -> Cell | None:
        return self.shown.others_of(f"{IMPORTANCE}.{competency}")

    def chosen(self, statement: Statement) -> list[tuple[str, str]]:
        """How many chose each level, of columns that are large enough for it; a reversed statement's turned round."""
        return [
            (
                self.label(each.groups),
                ", ".join(
                    _("%(level)s: %(count)d", level=level.label, count=count)
                    for level, count in zip(self.content.scale.levels, each.counts, strict=True)
                ),
            )
            for each in self.shown.spreads
            if each.statement == statement.key
        ]

    def required(self, competency: str) -> float | None:
        wanted = self.profile.levels.get(competency) if self.profile else None
        return wanted.level if wanted else None

    @cached_property
    def radar(self) -> str:
        """The picture of the table beside it; empty where it would have too few or too many axes."""
        competencies, scale = self.content.competencies, self.content.scale
        if not radar.FEWEST <= len(competencies) <= radar.MOST or not self.columns:
            return ""
        lines = [
            radar.Line(
                self.label(groups),
                [
                    cell.mean if (cell := self.shown.competency(each.key, groups)) is not None else None
                    for each in competencies
                ],
            )
            for groups in self.columns
        ]
        target = None
        if self.profile is not None:
            target = radar.Line(
                _("Target: %(position)s", position=self.profile.position),
                [self.required(each.key) for each in competencies],
            )
        return radar.radar(
            [each.name for each in competencies],
            lines,
            radar.Scale(low=scale.lowest, high=scale.highest, rings=scale.scores[1:]),
            title=_("Competencies by rater group"),
            missing=_("not shown"),
            target=target,
            say=wording.number,
        )


class Result(Figures):
    """What one person's snapshot says, in words and numbers."""

    def __init__(self, snapshot: ReportSnapshot) -> None:
        assert snapshot.target is not None
        self.snapshot = snapshot
        self.target: Target = snapshot.target
        content = gathering.version_of(self.target).said
        super().__init__(self.target.campaign, content, Report.of_json(snapshot.published))
        self.profile = content.profile(self.target.profile)

    @property
    def about(self) -> str:
        """Whose it is, or of what."""
        return self.target.enrolment.name if self.target.enrolment else self.campaign.course.title

    # Sentences

    def _concluded(self) -> Iterator[tuple[Competency, OfCompetency]]:
        for competency in self.content.competencies:
            if (found := self.report.conclusions.of(competency.key)) is not None:
                yield competency, found

    @property
    def strengths(self) -> list[Finding]:
        return [
            Finding(each, self._standing(found))
            for each, found in self._concluded()
            if found.standing is Standing.STRENGTH
        ]

    @property
    def needs(self) -> list[Finding]:
        return [
            Finding(each, self._standing(found)) for each, found in self._concluded() if found.standing is Standing.NEED
        ]

    @property
    def unclear(self) -> list[Finding]:
        return [
            Finding(each, self._standing(found))
            for each, found in self._concluded()
            if found.standing is Standing.BETWEEN and found.category not in CLEAR
        ]

    @property
    def blind_spots(self) -> list[Finding]:
        return [
            Finding(each, self._gap(found, _("Own view: %(mine)s, clearly more than the others with %(others)s.")))
            for each, found in self._concluded()
            if found.category is Category.BLIND_SPOT
        ]

    @property
    def hidden_strengths(self) -> list[Finding]:
        return [
            Finding(each, self._gap(found, _("Own view: %(mine)s, clearly less than the others with %(others)s.")))
            for each, found in self._concluded()
            if found.category is Category.HIDDEN_STRENGTH
        ]

    def _standing(self, found: OfCompetency) -> str:
        said = {"others": self._others_said(found), "line": wording.number(found.line)}
        sentence = {
            Standing.STRENGTH: _("The others say %(others)s, clearly no less than %(line)s.", **said),
            Standing.NEED: _("The others say %(others)s, clearly less than %(line)s.", **said),
            Standing.BETWEEN: _("The others say %(others)s, too near to %(line)s to be sure.", **said),
        }[found.standing or Standing.BETWEEN]
        confirmed = {
            Category.CONFIRMED_STRENGTH: _("The own view agrees."),
            Category.CONFIRMED_NEED: _("The own view agrees."),
        }.get(found.category, "")
        agreement = str(wording.AGREEMENTS[found.agreement]) if found.agreement else ""
        return " ".join(filter(None, (sentence, confirmed, agreement)))

    def _gap(self, found: OfCompetency, words: str) -> str:
        mine = self.shown.competency(found.key, (SELF,))
        assert mine is not None
        return words % {"mine": wording.mean(mine), "others": self._others_said(found)}

    def _others_said(self, found: OfCompetency) -> str:
        """Their mean, and where it would lie had others been asked."""
        cell = self.others(found.key)
        assert cell is not None
        if found.low is None or found.high is None:
            return wording.mean(cell)
        said = {"low": wording.number(found.low), "high": wording.number(found.high)}
        return str(_("%(mean)s (%(low)s to %(high)s)", mean=wording.mean(cell), **said))

    # Fit and trend

    @property
    def fit(self) -> Fit | None:
        return self.report.conclusions.fit

    @property
    def shortfalls(self) -> list[Finding]:
        if self.fit is None:
            return []
        found = []
        for each in self.fit.shortfalls:
            cell, required = self.others(each.competency), self.required(each.competency)
            assert cell is not None
            assert required is not None
            said = {"required": wording.number(required), "others": wording.mean(cell)}
            found.append(
                Finding(
                    self.content.competency(each.competency),
                    _("Asked for is %(required)s; the others say %(others)s.", **said),
                )
            )
        return found

    @property
    def not_known(self) -> list[str]:
        return [self.content.competency(key).name for key in self.fit.not_known] if self.fit else []

    @property
    def trends(self) -> list[Finding]:
        return [
            Finding(
                self.content.competency(each.competency),
                ngettext(
                    "%(change)s, by the one statement that both rounds have",
                    "%(change)s, by %(num)d statements that both rounds have",
                    each.statements,
                    change=wording.DIRECTIONS[each.direction],
                ),
            )
            for each in self.report.conclusions.trends
        ]

    # Comments

    @property
    def comments(self) -> list[tuple[str, list[Comment]]]:
        """By what they are about, in the order of the instrument."""
        headings = {each.key: each.name for each in self.content.competencies}
        headings |= {each.key: each.text for each in self.content.questions}
        return self._under(headings)

    @property
    def quotes(self) -> list[tuple[str, list[Comment]]]:
        """Of questions that ask whether answers may be quoted: nobody else's words are there."""
        return self._under({each.key: each.text for each in self.content.questions if each.may_be_quoted})

    def _under(self, headings: Mapping[str, str]) -> list[tuple[str, list[Comment]]]:
        found: dict[str, list[Comment]] = {}
        for place, words in enumerate(self.shown.words):
            found.setdefault(words.question, []).append(self._comment(place, words))
        return [(heading, found[key]) for key, heading in headings.items() if key in found]

    def _comment(self, place: int, words: Words) -> Comment:
        whose = self.label((words.group,)) if words.group else ""
        return Comment(place, words.text, whose, place in self.report.shortened)


class Whole(Figures):
    """What the people of a campaign have in common."""

    def __init__(self, snapshot: ReportSnapshot) -> None:
        assert snapshot.whole_of is not None
        self.snapshot = snapshot
        super().__init__(snapshot.whole_of, snapshot.whole_of.version.said, Report.of_json(snapshot.published))
        self.subjects: int = snapshot.published["subjects"]
        self.quality = [Quality(**each) for each in snapshot.published["quality"]]


def title_of(result: Result) -> str:
    return str(_("%(name)s: %(title)s", name=result.about, title=result.campaign.title))
