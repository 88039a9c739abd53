from __future__ import annotations

from functools import partial

from bench.browsers import Ran, Stopwatch, closed_loop
from bench.processes import Spent
from bench.rounds import Round, nothing_failed, ratios, summary, take_round, take_round_together, works
from bench.servers import Phase
from bench.table import Check, Row


def phase(*, web: float, seconds: float, legs: list[dict[str, float]], problems: tuple[str, ...] = ()) -> Phase:
    spent = Spent(web=web, delivery=0.0, campus=0.5, database=0.0, browsers=0.25, machine=3.0)
    return Phase(Ran(seconds, [Stopwatch(each) for each in legs], problems), spent)


QUICK = phase(web=0.02, seconds=0.5, legs=[{"login": 0.1, "launch": 0.2}, {"login": 0.1, "launch": 0.3}])
SLOW = phase(web=0.04, seconds=1.0, legs=[{"login": 0.2, "launch": 0.4}, {"login": 0.2, "launch": 0.6}])


def test_work_is_the_same_in_a_quick_round_and_in_a_slow_one():
    rounds = [Round(200.0, {"visit": QUICK}), Round(100.0, {"visit": SLOW})]

    row = summary("Launch", rounds, "visit", "login", "launch", note="two rounds")

    assert row == Row(what="Launch", rate=3.0, p50=0.4, p95=0.8, cpu_ms=15.0, work=2000.0, note="two rounds")


def test_another_part_of_the_way_has_its_own_times_and_its_own_cpu():
    row = summary("Campus", [Round(100.0, {"visit": QUICK})], "visit", "launch", part=lambda spent: spent.campus)

    assert row == Row(what="Campus", rate=4.0, p50=0.2, p95=0.3, cpu_ms=250.0, work=25000.0)


def test_a_phase_in_which_nobody_got_anywhere_has_no_figures():
    nobody = phase(web=0.0, seconds=1.0, legs=[], problems=("AssertionError: 500",))

    assert summary("Launch", [Round(100.0, {"visit": nobody})], "visit", "login") == Row(what="Launch")


def test_one_failure_fails_the_check_and_is_told():
    failing = phase(web=0.1, seconds=1.0, legs=[{"login": 0.1}], problems=("AssertionError: it answered 500",))

    assert nothing_failed("Launches", [Round(100.0, {"visit": QUICK, "home": failing})]) == Check(
        what="Launches", has_passed=False, found="1 of 4 acts failed, first: AssertionError: it answered 500"
    )


def test_a_round_is_played_by_its_people_between_two_looks_at_the_speed(monkeypatch):
    looks = iter([100.0, 300.0])
    monkeypatch.setattr("bench.rounds.speed.index", lambda: next(looks))

    found = take_round(lambda keys: dict.fromkeys(keys, QUICK), ["leo", "mei"])

    assert found == Round(200.0, {"leo": QUICK, "mei": QUICK})


def test_strangers_have_what_nobody_known_took():
    spent = Spent(web=0.5, delivery=0.25, campus=0.5, database=0.25, browsers=0.5, machine=3.0)

    assert spent.strangers == 1.0
    assert (spent - spent).strangers == 0.0


def test_the_loop_does_everything_once_and_counts_who_failed():
    done = []

    def act(number, watch):
        with watch.leg("post"):
            done.append(number)
        if number % 5 == 0:
            raise AssertionError(f"{number} is refused")

    ran = closed_loop(range(1, 11), act, browsers=3)

    assert sorted(done) == list(range(1, 11))
    assert [list(watch.legs) for watch in ran.watches] == [["post"]] * 8
    assert sorted(ran.problems) == ["AssertionError: 10 is refused", "AssertionError: 5 is refused"]


def test_a_phase_whose_times_are_nobodys_has_its_cost_alone():
    row = summary("Database", [Round(100.0, {"visit": QUICK})], "visit", part=lambda spent: spent.machine)

    assert row == Row(what="Database", rate=4.0, cpu_ms=1500.0, work=150000.0)


def test_two_tools_are_compared_round_by_round_where_both_have_got_through():
    nobody = phase(web=0.0, seconds=1.0, legs=[], problems=("AssertionError: 500",))
    ours = works([Round(200.0, {"visit": QUICK}), Round(100.0, {"visit": SLOW})], "visit")
    theirs = works([Round(100.0, {"visit": SLOW}), Round(100.0, {"visit": nobody})], "visit")

    assert (ours, theirs) == ([2000.0, 2000.0], [2000.0, None])
    assert ratios(ours, theirs) == [1.0]


def test_those_compared_take_turns_after_a_few_people_and_share_the_speed(monkeypatch):
    monkeypatch.setattr("bench.rounds.speed.index", iter([100.0, 300.0, 200.0]).__next__)
    monkeypatch.setattr("bench.rounds.SLICE", 2)
    seen = []

    def play(name, keys):
        seen.append((name, keys))
        return {"visit": QUICK}

    both = [partial(play, "ours"), partial(play, "theirs")]
    ours, theirs = take_round_together(both, ["leo", "mei", "noam"], turn=0)

    assert seen == [("ours", ["leo", "mei"]), ("theirs", ["leo", "mei"]), ("theirs", ["noam"]), ("ours", ["noam"])]
    assert ours == theirs == Round(200.0, {"visit": QUICK + QUICK})
    assert ((QUICK + QUICK).done, (QUICK + QUICK).spent.web, (QUICK + QUICK).ran.seconds) == (4, 0.04, 1.0)
