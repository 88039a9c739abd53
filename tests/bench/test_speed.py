from __future__ import annotations

from bench import speed


def test_the_piece_of_work_is_always_the_same():
    assert speed.piece() == "3a03604e1e48911b733ebfdf5f51ba5d7bac4804038fcf11fcaa6937ab0b5fce"


def test_twice_the_time_is_half_the_speed(monkeypatch):
    indexes = []
    for seconds in (0.05, 0.1):
        monkeypatch.setattr(speed, "_seconds", lambda seconds=seconds: seconds)
        indexes.append(speed.index())

    assert indexes == [50.0, 25.0]


def test_one_slow_try_does_not_change_the_speed(monkeypatch):
    tries = iter([0.05] * (speed.TRIES - 1) + [5.0])
    monkeypatch.setattr(speed, "_seconds", lambda: next(tries))

    assert speed.index() == 50.0
