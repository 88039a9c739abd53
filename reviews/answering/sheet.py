"""A rater's page as its template prints it: what is asked in this group, with what was said so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from reviews.answering.reading import COMMENT, DAY, IMPORTANCE, NOT_OBSERVED, NOTE, QUOTE, RATING, TICK
from reviews.answering.said import MOST_CHARACTERS, Said, open_parts
from reviews.instruments.content import Comments, Competency, Content, OpenQuestion, Scale, Statement


@dataclass(frozen=True, kw_only=True)
class Choice:
    value: str
    label: str
    anchor: str
    """What somebody does at this level; empty where nothing is said of it."""
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Tick:
    """Something of a checklist: whether it was seen done, and, where that is asked, when and what there is to say."""

    name: str
    is_ticked: bool
    day_name: str = ""
    day: str = ""
    note_name: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something to be rated by one choice."""

    key: str
    id: str
    name: str
    text: str
    choices: Sequence[Choice]
    error: str = ""
    tick: Tick | None = None
    """Instead of choices, of a checklist."""

    @property
    def has_anchors(self) -> bool:
        return any(choice.anchor for choice in self.choices)

    @property
    def first_id(self) -> str:
        return f"{self.id}-0"

    @property
    def fault(self) -> str:
        """How the list of what is open calls it."""
        return self.text


@dataclass(frozen=True, kw_only=True)
class Words:
    """Something to be said in words."""

    key: str
    id: str
    name: str
    label: str
    text: str
    is_required: bool
    quote_name: str = ""
    """Of the field that says yes to being quoted; empty where nobody is asked."""
    is_quotable: bool = False
    error: str = ""

    @property
    def first_id(self) -> str:
        return self.id

    @property
    def fault(self) -> str:
        return self.error


@dataclass(frozen=True, kw_only=True)
class Section:
    """One competency."""

    id: str
    name: str
    definition: str
    items: Sequence[Item]
    importance: Item | None
    words: Words | None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is open or cannot be taken, and where it is mended."""

    first_id: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    language: str
    introduction: str
    sections: Sequence[Section]
    questions: Sequence[Words]
    open: int
    """How many parts have to be answered before it can be handed in."""
    most: int = MOST_CHARACTERS

    def parts(self) -> Iterator[Item | Words]:
        for section in self.sections:
            yield from section.items
            if section.importance:
                yield section.importance
            if section.words:
                yield section.words
        yield from self.questions

    @property
    def faults(self) -> list[Fault]:
        return [Fault(first_id=each.first_id, sentence=each.fault) for each in self.parts() if each.error]


def sheet_of(
    content: Content,
    group: str,
    said: Said,
    *,
    lengths: Mapping[str, int] | None = None,
    marks_open: bool = False,
    under: str = "",
    ticks: bool = False,
    has_notes: bool = False,
) -> Sheet:
    """`lengths` are those of comments that are too long; with `marks_open` what is open is said to be so.

    With `ticks` it is a checklist, and `has_notes` asks when something was seen and what there is to say of it.
    """
    is_open = set(open_parts(content, group, said))
    maker = _Maker(content, group, said, lengths or {}, is_open if marks_open else set(), under, ticks, has_notes)
    return Sheet(
        language=content.language,
        introduction=content.introduction,
        sections=[maker.section(n, *each) for n, each in enumerate(content.for_group(group), start=1)],
        questions=[maker.question(n, each) for n, each in enumerate(content.questions_for(group), start=1)],
        open=len(is_open),
    )


@dataclass(frozen=True)
class _Maker:
    content: Content
    group: str
    said: Said
    lengths: Mapping[str, int]
    open: set[str]
    under: str
    ticks: bool
    has_notes: bool

    def section(self, n: int, competency: Competency, statements: Sequence[Statement]) -> Section:
        key = self._id(f"part-{n}")
        return Section(
            id=key,
            name=competency.name,
            # Judged as a whole, its definition is what is rated.
            definition="" if competency.is_whole else competency.definition,
            items=[self._item(f"{key}-{m}", each) for m, each in enumerate(statements, start=1)],
            importance=self._importance(key, competency) if self.content.asks_importance else None,
            words=None if competency.comments is Comments.DISABLED else self._comment(key, competency),
        )

    def question(self, n: int, question: OpenQuestion) -> Words:
        return Words(
            key=question.key,
            id=self._id(f"question-{n}"),
            name=f"{self.under}{COMMENT}{question.key}",
            label=question.text,
            text=self.said.comments.get(question.key, ""),
            is_required=question.is_required,
            quote_name=f"{self.under}{QUOTE}{question.key}" if question.may_be_quoted else "",
            is_quotable=question.key in self.said.quotable,
            error=self._error(question.key, _("Answer the question: %(text)s", text=question.text)),
        )

    def _id(self, name: str) -> str:
        return f"{self.under.rstrip('.')}-{name}" if self.under else name

    def _item(self, key: str, statement: Statement) -> Item:
        text, scale = statement.said_by(self.group), self.content.scale
        if self.ticks:
            return Item(key=statement.key, id=key, name="", text=text, choices=(), tick=self._tick(statement))
        is_said, score = statement.key in self.said.ratings, self.said.ratings.get(statement.key)
        choices = [
            Choice(
                value=str(level.score),
                label=level.label,
                anchor=statement.anchors.get(level.score, ""),
                is_chosen=is_said and score == level.score,
            )
            for level in scale.levels
        ]
        if scale.allows_not_observed:
            is_chosen = is_said and score is None
            choices.append(Choice(value=NOT_OBSERVED, label=_("Not observed"), anchor="", is_chosen=is_chosen))
        name, error = f"{self.under}{RATING}{statement.key}", self._error(statement.key, _unrated(scale))
        return Item(key=statement.key, id=key, name=name, text=text, choices=choices, error=error)

    def _tick(self, statement: Statement) -> Tick:
        is_ticked = self.said.ratings.get(statement.key) == self.content.scale.highest
        if not self.has_notes:
            return Tick(name=f"{TICK}{statement.key}", is_ticked=is_ticked)
        seen = self.said.seen.get(statement.key)
        return Tick(
            name=f"{TICK}{statement.key}",
            is_ticked=is_ticked,
            day_name=f"{DAY}{statement.key}",
            day=seen.day if seen else "",
            note_name=f"{NOTE}{statement.key}",
            note=seen.note if seen else "",
        )

    def _importance(self, section: str, competency: Competency) -> Item:
        said = self.said.importance.get(competency.key)
        return Item(
            key=competency.key,
            id=f"{section}-importance",
            name=f"{self.under}{IMPORTANCE}{competency.key}",
            text=_("How much does this matter for the work? (%(low)d: least, %(high)d: most)", **self._ends),
            choices=[
                Choice(value=str(score), label=str(score), anchor="", is_chosen=said == score)
                for score in self.content.scale.scores
            ],
        )

    @property
    def _ends(self) -> dict[str, int]:
        return {"low": self.content.scale.lowest, "high": self.content.scale.highest}

    def _comment(self, section: str, competency: Competency) -> Words:
        return Words(
            key=competency.key,
            id=f"{section}-words",
            name=f"{self.under}{COMMENT}{competency.key}",
            label=_("In your words: %(competency)s", competency=competency.name),
            text=self.said.comments.get(competency.key, ""),
            is_required=competency.comments is Comments.REQUIRED,
            error=self._error(competency.key, _("Say something in words about: %(name)s", name=competency.name)),
        )

    def _error(self, key: str, where_open: str) -> str:
        if (length := self.lengths.get(key)) is not None:
            return longer(length)
        return where_open if key in self.open else ""


def _unrated(scale: Scale) -> str:
    if scale.allows_not_observed:
        return str(_("Choose a level, or that you have not observed it."))
    return str(_("Choose a level."))


def longer(length: int) -> str:
    words: str = ngettext(
        "This has %(num)d character; at most %(most)s are kept. Shorten it here: nothing of it is lost.",
        "This has %(num)d characters; at most %(most)s are kept. Shorten it here: nothing of it is lost.",
        length,
        most=MOST_CHARACTERS,
    )
    return words
