"""Topics as a tree, words, and questions kept apart."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank import enemies, sorting
from quizzes.bank.sorting import CannotMove, NotEmpty
from quizzes.bank.tags import words_in
from quizzes.questions import Bank, Category, EnemySet, Tag
from tests.quizzes.bank.conftest import Write


def test_topics_stand_in_one_another(session: Session, bank: Bank):
    fire = sorting.add_category(session, bank, "Fire & safety")
    exits = sorting.add_category(session, bank, "Exits", fire)
    again = sorting.add_category(session, bank, "Fire & safety")

    sorting.move_category(session, exits, None)

    assert (fire.name, exits.name, exits.parent_id) == ("fire-safety", "exits", None)
    assert again.name.startswith("fire-safety-")
    assert [fire.position, exits.position, again.position] == [1, 2, 3]


def test_a_topic_never_stands_within_itself_nor_too_deep(session: Session, bank: Bank):
    chain = [sorting.add_category(session, bank, "0")]
    for number in range(1, sorting.DEEPEST):
        chain.append(sorting.add_category(session, bank, str(number), chain[-1]))
    other = sorting.add_category(session, bank, "Other")

    for category, parent in ((chain[0], chain[0]), (chain[0], chain[3]), (other, chain[-1]), (chain[0], other)):
        with pytest.raises(CannotMove):
            sorting.move_category(session, category, parent)
    with pytest.raises(CannotMove):
        sorting.add_category(session, bank, "Deeper", chain[-1])


def test_a_topic_goes_when_it_is_empty_and_the_last_one_stays(session: Session, bank: Bank, write: Write):
    [general] = bank.categories
    outer = sorting.add_category(session, bank, "Outer")
    inner = sorting.add_category(session, bank, "Inner", outer)
    write(category=inner)

    for each in (outer, inner):
        with pytest.raises(NotEmpty):
            sorting.remove_category(session, each)
    sorting.remove_category(session, general)

    assert set(session.scalars(select(Category))) == {outer, inner}


def test_words_are_small_and_stand_once():
    assert words_in(" Fire,  fire ,first   aid,, ") == ["fire", "first aid"]


def test_questions_of_a_bank_share_their_words(session: Session, write: Write):
    one, other = write(), write(text="Other?")

    sorting.tag(session, one, ["fire", "exits"])
    sorting.add_tags(session, [one, other], ["fire", "new"])
    session.commit()
    session.expire_all()

    assert [tag.word for tag in one.tags] == ["exits", "fire", "new"]
    assert [tag.word for tag in other.tags] == ["fire", "new"]
    assert len(session.scalars(select(Tag)).all()) == 3


def test_enemies_of_enemies_are_enemies(session: Session, write: Write):
    one, two, three, four = (write(text=f"{number}?") for number in range(4))

    enemies.keep_apart(session, one, two)
    enemies.keep_apart(session, three, four)
    enemies.keep_apart(session, two, three)
    session.commit()

    assert len({each.enemy_set_id for each in (one, two, three, four)}) == 1
    assert len(session.scalars(select(EnemySet)).all()) == 1


def test_whoever_is_left_alone_is_free(session: Session, write: Write):
    one, two = write(), write(text="Other?")
    enemies.keep_apart(session, one, two)

    enemies.let_go(session, one)
    session.commit()

    assert (one.enemy_set_id, two.enemy_set_id) == (None, None)
    assert session.scalars(select(EnemySet)).all() == []


def test_nothing_is_its_own_enemy(session: Session, write: Write):
    one = write()

    with pytest.raises(ValueError, match="two questions"):
        enemies.keep_apart(session, one, one)
