"""Which rule draws from just these questions: a topic, a tag or a difficulty that they have and no others have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank.queries import with_newest
from quizzes.designing.plan import DIFFICULTIES, RulePlan
from quizzes.kinds import Kind
from quizzes.questions import QUESTION_TAG, Bank, Category, Question, QuestionState, QuestionVersion, Tag

EVERY = (DIFFICULTIES[0], DIFFICULTIES[-1])
Scope = tuple[int | None, bool]
"""A topic, or none for the whole bank; and whether those within it belong to it."""


@dataclass(frozen=True)
class Shelf:
    """The questions of a bank that can be drawn, as rules tell them apart; those that are drafts yet among them."""

    bank: int
    topic: Mapping[int, int]
    """By question."""
    difficulty: Mapping[int, int]
    words: Mapping[int, frozenset[str]]
    above: Mapping[int, int | None]
    """By topic the one that it stands in."""

    @classmethod
    def of(cls, session: Session, bank: Bank) -> Shelf:
        drawn = with_newest().where(
            Question.bank_id == bank.id,
            Question.state != QuestionState.RETIRED,
            QuestionVersion.kind != Kind.DESCRIPTION,
        )
        rows = session.execute(
            drawn.with_only_columns(Question.id, Question.category_id, QuestionVersion.difficulty)
        ).all()
        tagged = (
            select(QUESTION_TAG.c.question_id, Tag.word)
            .join(Tag, Tag.id == QUESTION_TAG.c.tag_id)
            .where(Tag.bank_id == bank.id)
        )
        words: dict[int, set[str]] = {}
        for question, word in session.execute(tagged):
            words.setdefault(question, set()).add(word)
        topics = select(Category.id, Category.parent_id).where(Category.bank_id == bank.id)
        return cls(
            bank=bank.id,
            topic={question: topic for question, topic, _difficulty in rows},
            difficulty={question: difficulty for question, _topic, difficulty in rows},
            words={question: frozenset(each) for question, each in words.items()},
            above=dict(session.execute(topics).all()),
        )

    def within(self, topic: int | None) -> set[int]:
        """The questions of a topic and of those in it; all of them where there is none."""
        return {each for each, its in self.topic.items() if self._is_in(its, topic, with_inner=True)}

    def rule(self, wanted: frozenset[int]) -> RulePlan | None:
        """The narrowest rule that fits these and nothing else, drawing one of them; None where no rule does."""
        common = frozenset.intersection(*(self.words.get(each, frozenset()) for each in wanted))
        hardness = [self.difficulty[each] for each in wanted]
        for topic, with_inner in self._scopes(wanted):
            inside = {each for each, its in self.topic.items() if self._is_in(its, topic, with_inner=with_inner)}
            for word in ("", *sorted(common)):
                for lowest, highest in dict.fromkeys((EVERY, (min(hardness), max(hardness)))):
                    if {each for each in inside if self._fits(each, word, lowest, highest)} == wanted:
                        tags = (word,) if word else ()
                        return RulePlan(
                            bank=self.bank,
                            count=1,
                            category=topic,
                            with_inner=with_inner,
                            tags_all=tags,
                            lowest=lowest,
                            highest=highest,
                        )
        return None

    def _scopes(self, wanted: frozenset[int]) -> Iterator[Scope]:
        """The topics that all of them stand in, from the innermost to the whole bank."""
        ways = [self._way(self.topic[each]) for each in wanted]
        shared = [topic for topic in ways[0] if all(topic in way for way in ways)]
        for topic in shared:
            yield topic, True
            yield topic, False
        yield None, True

    def _way(self, topic: int) -> list[int]:
        """From a topic to the top."""
        way = [topic]
        while (above := self.above.get(way[-1])) is not None and above not in way:
            way.append(above)
        return way

    def _is_in(self, topic: int, scope: int | None, *, with_inner: bool) -> bool:
        if scope is None or topic == scope:
            return True
        return with_inner and scope in self._way(topic)

    def _fits(self, question: int, word: str, lowest: int, highest: int) -> bool:
        if word and word not in self.words.get(question, frozenset()):
            return False
        return lowest <= self.difficulty[question] <= highest
