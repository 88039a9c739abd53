"""What the second algorithm promises, and that it can be written again from its definition."""

from __future__ import annotations

import hashlib
import itertools
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import pstdev

import pytest

from quizzes.banks import load
from quizzes.drawing import Candidate as PlainCandidate
from quizzes.drawing import draw as draw_from_pool
from quizzes.drawing.by_outline import Asked, draw
from quizzes.drawing.outline import Band, Candidate, Fixed, Outline, Rule, Section, Seen
from quizzes.drawing.shortages import FallsShort, Shortage
from tests.quizzes.deriving import derive, having_seen, some_outline

FOUR = ((0, 1, 2, 3),)
THREE_BANDS = [Band(lowest=level, highest=level) for level in (1, 2, 3)]


def seed(number: int) -> bytes:
    return number.to_bytes(16, "big")


def question(number: int, **more) -> Candidate:
    return Candidate(**{"question": number, "version": 1000 + number, "options": 4, "groups": FOUR, **more})


def questions(*numbers: int, **more) -> list[Candidate]:
    return [question(number, **more) for number in numbers]


def rule(count: int, pool: Sequence[Candidate], name: str = "any", **more) -> Rule:
    return Rule(name=name, count=count, pool=pool, **more)


def outline(*slots: Fixed | Rule, enemies: Sequence[set[int]] = (), is_shuffled: bool = True) -> Outline:
    return Outline([Section(slots, is_shuffled=is_shuffled)], [frozenset(each) for each in enemies])


def asked(attempt: Sequence[Asked]) -> list[int]:
    return [each.question for each in attempt]


def chi_square(counts: Sequence[int]) -> float:
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


# Written again


@pytest.mark.parametrize("number", range(150))
def test_another_hand_derives_the_same_attempts_from_the_definition(number):
    now, previous = some_outline(random.Random(number)), list[int]()

    for turn in range(3):
        theirs = derive(now, seed(number * 10 + turn), previous)
        if theirs is None:
            with pytest.raises(FallsShort):
                draw(now, seed(number * 10 + turn), previous=previous)
            return

        ours = draw(now, seed(number * 10 + turn), previous=previous)

        assert ours == theirs
        now, previous = having_seen(now, ours), asked(ours)


def large(chance: random.Random) -> Outline:
    """As quizzes are: a fixed question, two sections of rules that share nothing, one of them with bands."""
    pool = [question(n, difficulty=n % 3 + 1, groups=chance.choice([FOUR, ((0, 1, 2),)])) for n in range(1, 17)]
    few, many = pool[:5], pool[5:]
    chance.shuffle(many)
    first = Section([Fixed(question(99, groups=((0, 1),))), rule(2, few)], is_shuffled=False)
    return Outline([first, Section([rule(3, many, bands=THREE_BANDS)])], is_shuffled=True)


def derived_alike(learners: Iterable[int]) -> int:
    """How many attempts, four of each learner, come out bit for bit as another hand derives them from their seeds."""
    alike = 0
    for learner in learners:
        now, previous = large(random.Random(learner)), list[int]()
        for turn in range(4):
            mine = draw(now, seed(4 * learner + turn), previous=previous)
            alike += mine == derive(now, seed(4 * learner + turn), previous, by_trying=False)
            now, previous = having_seen(now, mine), asked(mine)
    return alike


def test_four_hundred_attempts_are_derived_bit_for_bit():
    assert derived_alike(range(100)) == 400


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_a_hundred_thousand_attempts_are_derived_bit_for_bit(part):
    assert derived_alike(range(2_500 * part, 2_500 * (part + 1))) == 10_000


def test_attempts_come_out_as_they_did_when_the_algorithm_was_written():
    told = hashlib.sha256()
    for learner in range(40):
        now, previous = large(random.Random(learner)), list[int]()
        for turn in range(4):
            attempt = draw(now, seed(4 * learner + turn), previous=previous)
            told.update(repr([(each.slot, each.version, each.option_order) for each in attempt]).encode())
            now, previous = having_seen(now, attempt), asked(attempt)

    assert told.hexdigest() == "a96a60cb666f07fba01a99e9de69693dec7150ea222f0dce4081efa8dca6d8d5"


def test_what_follows_from_a_seed_does_not_hang_on_the_order_of_the_pool_or_of_enemies():
    pool, enemies = questions(*range(1, 31)), [{1, 2, 3}, {3, 4}, {20, 21}]

    one = draw(outline(rule(10, pool), enemies=enemies), seed(5))
    other = draw(outline(rule(10, pool[::-1]), enemies=enemies[::-1]), seed(5))

    assert one == other


# Who is asked


def test_one_rule_alone_asks_those_met_least_as_the_first_algorithm_does():
    pool = [question(n, met=n % 2) for n in range(1, 31)]
    plain = [PlainCandidate(question=n, version=n, options=4, met=n % 2) for n in range(1, 31)]

    mets = [
        Counter(each.question % 2 for each in attempt)
        for attempt in (draw(outline(rule(20, pool)), seed(1)), draw_from_pool(plain, 20, seed(1)))
    ]

    assert mets == [{0: 15, 1: 5}] * 2


def test_nobody_is_asked_again_while_something_unseen_remains():
    now, met, repeats = outline(rule(20, questions(*range(60)))), set[int](), []

    for turn in range(4):
        attempt = asked(draw(now, seed(turn)))
        repeats.append(len(met & set(attempt)))
        met |= set(attempt)
        now = having_seen(now, draw(now, seed(turn)))

    assert repeats == [0, 0, 0, 20]


def test_a_rule_leaves_the_unseen_question_to_the_one_that_has_no_other():
    # Had the first rule taken question 1, the second would have to repeat question 3.
    both = [rule(1, questions(1, 2), "wide"), rule(1, [question(1), question(3, met=1)], "narrow")]

    attempts = [draw(outline(*both), seed(number)) for number in range(50)]

    assert {frozenset((each.slot, each.question) for each in attempt) for attempt in attempts} == {
        frozenset({(1, 2), (2, 1)})
    }


def test_unseen_first_never_costs_another_rule_its_question():
    both = [rule(1, [question(1), question(2, met=7)], "wide"), rule(1, questions(1), "narrow")]

    attempt = draw(outline(*both, is_shuffled=False), seed(1))

    assert [(each.slot, each.question) for each in attempt] == [(1, 2), (2, 1)]


def test_least_met_first_avoiding_and_chance():
    pool = [question(1, met=2), question(2, met=1), *questions(3)]

    def often(seen: Seen) -> list[int]:
        counts = Counter(n for i in range(300) for n in asked(draw(outline(rule(2, pool, seen=seen)), seed(i))))
        return [counts[number] for number in (1, 2, 3)]

    first, avoid, chance = often(Seen.FIRST), often(Seen.AVOID), often(Seen.RANDOM)

    assert first == [0, 300, 300]
    assert avoid[2] == 300
    assert 120 < avoid[0] < 180
    assert all(170 < count < 230 for count in chance)


def test_every_question_is_asked_equally_often():
    counts = Counter(n for i in range(1500) for n in asked(draw(outline(rule(10, questions(*range(30)))), seed(i))))

    # A draw without replacement varies less than chi-square assumes, by (30 - 10) / (30 - 1).
    assert chi_square([counts[n] for n in range(30)]) * 29 / 20 < 49.6, "df 29, critical at 1 %"


def test_enemies_are_never_asked_together_and_each_has_its_chance():
    enemies = [{1, 2, 3}, {3, 4}]

    attempts = [
        set(asked(draw(outline(rule(3, questions(*range(1, 7))), enemies=enemies), seed(i)))) for i in range(400)
    ]

    assert all(len(attempt & each) < 2 for attempt in attempts for each in enemies)
    assert set().union(*attempts) == {1, 2, 3, 4, 5, 6}


def test_a_way_between_enemies_is_found_where_there_is_but_one():
    # Of a chain of enemies 1-2-3-4-5-6-7 only every second question can stand.
    chain = [{number, number + 1} for number in range(1, 7)]

    attempt = draw(outline(rule(4, questions(*range(1, 8))), enemies=chain), seed(3))

    assert sorted(asked(attempt)) == [1, 3, 5, 7]


def test_enemies_stay_apart_across_rules_and_fixed_questions():
    rules = [rule(1, questions(2, 3), "one"), rule(1, questions(3, 4), "two")]

    attempt = draw(outline(Fixed(question(1)), *rules, enemies=[{1, 2}]), seed(1))

    assert sorted((each.slot, each.question) for each in attempt) == [(1, 1), (2, 3), (3, 4)]


def test_no_question_stands_twice_though_every_rule_could_have_it():
    slots = [rule(3, questions(*range(1, 10)), f"rule {n}") for n in range(3)]

    assert sorted(asked(draw(outline(*slots), seed(8)))) == list(range(1, 10))


def test_bands_get_equal_shares_or_those_stated():
    pool = [question(n, difficulty=n % 3 + 1) for n in range(60)]
    stated = [Band(lowest=1, highest=1, share=5), Band(lowest=2, highest=3, share=2)]

    equal, uneven = (draw(outline(rule(20, pool, bands=bands)), seed(1)) for bands in (THREE_BANDS, stated))

    assert Counter(each.question % 3 + 1 for each in equal) == {1: 7, 2: 7, 3: 6}
    assert Counter((each.question % 3 + 1) > 1 for each in uneven) == {False: 14, True: 6}


@pytest.mark.parametrize("number", range(3))
def test_forms_of_the_bank_that_comes_along_are_equally_hard(number):
    chance, expected = random.Random(number), {}
    pool = []
    for n, text in enumerate(load("onboarding").questions):
        pool.append(question(n, difficulty=text.difficulty))
        expected[n] = {1: 85, 2: 70, 3: 55}[text.difficulty] + chance.uniform(-5, 5)

    def spread(**more) -> float:
        forms = [draw(outline(rule(20, pool, **more)), seed(i)) for i in range(100)]
        return pstdev(sum(expected[each.question] for each in form) / 20 for form in forms)

    assert spread(bands=THREE_BANDS) < 1 < spread()


# In which order


def test_a_section_that_is_kept_stands_in_order_and_a_shuffled_one_does_not():
    kept = outline(Fixed(question(9)), rule(3, questions(3, 1, 2)), Fixed(question(5)), is_shuffled=False)

    attempts = [asked(draw(kept, seed(i), previous=[9, 1, 2, 3, 5])) for i in range(5)]

    assert attempts == [[9, 1, 2, 3, 5]] * 5
    assert len({tuple(asked(draw(outline(rule(3, questions(1, 2, 3))), seed(i)))) for i in range(60)}) == 6


def test_sections_change_places_as_a_whole():
    two = Outline([Section([rule(2, questions(1, 2))]), Section([rule(2, questions(3, 4))])], is_shuffled=True)

    firsts = Counter(tuple(each.section for each in draw(two, seed(i))) for i in range(200))

    assert set(firsts) == {(1, 1, 2, 2), (2, 2, 1, 1)}
    assert min(firsts.values()) > 70


def test_two_kept_sections_change_places_next_time():
    kept = [Section([Fixed(question(n))], is_shuffled=False) for n in (1, 2)]
    two = Outline([*kept, Section([])], is_shuffled=True)

    assert {tuple(asked(draw(two, seed(i), previous=[1, 2]))) for i in range(30)} == {(2, 1)}


def test_places_are_uniform():
    five = outline(rule(5, questions(*range(5))))
    places = Counter(asked(draw(five, seed(i))).index(0) for i in range(4000))

    assert chi_square([places[place] for place in range(5)]) < 13.28, "df 4, critical at 1 %"


def test_orders_of_options_are_uniform():
    one = outline(Fixed(question(1)))
    orders = Counter(draw(one, seed(i))[0].option_order for i in range(6000))

    assert chi_square([orders[order] for order in itertools.permutations(range(4))]) < 41.64, "df 23, critical at 1 %"


def test_consecutive_attempts_show_neither_questions_nor_options_in_the_same_order():
    now, previous = outline(rule(3, questions(1, 2, 3))), list[int]()
    for turn in range(300):
        attempt = draw(now, seed(turn), previous=previous)
        last = {each.question: each.last_order for each in now.sections[0].slots[0].pool}

        assert asked(attempt) != previous
        assert all(each.option_order != last[each.question] for each in attempt)
        now, previous = having_seen(now, attempt), asked(attempt)


def test_rows_are_shuffled_among_rows_and_choices_among_choices():
    matching = question(1, options=6, groups=((0, 1, 2), (3, 4)))

    orders = {draw(outline(Fixed(matching)), seed(i))[0].option_order for i in range(200)}

    assert orders == {
        (*rows, *choices, 5) for rows in itertools.permutations((0, 1, 2)) for choices in [(3, 4), (4, 3)]
    }


def test_what_is_to_be_put_in_order_is_not_shown_in_its_right_order():
    steps = question(1, options=3, groups=((0, 1, 2),), hides_order=True)

    orders = Counter(draw(outline(Fixed(steps)), seed(i))[0].option_order for i in range(500))

    assert len(orders) == 5
    assert (0, 1, 2) not in orders


def test_two_steps_are_turned_round_each_time_though_that_shows_the_right_order():
    steps = question(1, options=2, groups=((0, 1),), hides_order=True)

    shown = [draw(outline(Fixed(replace(steps, last_order=last))), seed(1))[0].option_order for last in [(), (1, 0)]]

    assert shown == [(1, 0), (0, 1)]


def test_an_order_that_another_version_was_shown_in_is_no_hindrance():
    changed = question(1, options=2, groups=((0, 1),), last_order=(2, 0, 1))

    assert len({draw(outline(Fixed(changed)), seed(i))[0].option_order for i in range(30)}) == 2


# What cannot be


def test_a_rule_that_falls_short_is_named():
    slots = [rule(2, questions(1, 2, 3), "all"), rule(3, questions(1, 2, 3, 4), "safety")]

    with pytest.raises(FallsShort, match="Slot 2 'safety' lacks 1") as short:
        draw(outline(*slots), seed(1))

    assert short.value.shortages == (Shortage(slot=2, rule="safety", band=None, available=4, wanted=3, missing=1),)


def test_a_band_that_falls_short_is_named():
    pool = [question(n, difficulty=1) for n in range(9)]

    with pytest.raises(FallsShort) as short:
        draw(outline(rule(3, pool, bands=THREE_BANDS)), seed(1))

    assert [(each.band, each.missing) for each in short.value.shortages] == [(THREE_BANDS[1], 1), (THREE_BANDS[2], 1)]


def test_the_same_question_cannot_be_fixed_twice():
    with pytest.raises(FallsShort) as short:
        draw(outline(Fixed(question(1)), Fixed(question(1))), seed(1))

    assert short.value.shortages == (Shortage(slot=2, rule="", band=None, available=1, wanted=1, missing=1),)


def test_groups_that_overlap_and_pools_that_hold_a_question_twice_are_refused():
    with pytest.raises(ValueError, match="Question 1 has groups that overlap"):
        question(1, groups=((0, 1), (1, 2)))
    with pytest.raises(ValueError, match="rule 'any' holds a question twice"):
        rule(1, questions(1, 1))
    with pytest.raises(ValueError, match="A rule needs a name"):
        rule(1, questions(1), name="")
    with pytest.raises(ValueError, match="rule 'any' has bands that share nothing"):
        rule(1, questions(1), bands=[Band(lowest=1, highest=1, share=0)])
