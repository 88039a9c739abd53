from __future__ import annotations

from bench.table import Check, Row, markdown, plain

ROWS = [
    Row(what="Launch", rate=118.4, p50=0.0283, p95=0.0601, cpu_ms=5.214, work=771.3, note="8 browsers"),
    Row(what="Draw 陳", p50=0.0000432),
]


def test_on_the_terminal_figures_stand_under_one_another():
    assert plain("Launches", ROWS).splitlines() == [
        "Launches  per second      p50      p95  CPU ms  work",
        "Launch           118  28.3 ms  60.1 ms    5.21   771  8 browsers",
        "Draw 陳               43.2 µs",
    ]


def test_in_the_diary_the_same_figures_stand_in_a_table():
    assert markdown("Launches", ROWS).splitlines() == [
        "| Launches | per second | p50 | p95 | CPU ms | work |  |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
        "| Launch | 118 | 28.3 ms | 60.1 ms | 5.21 | 771 | 8 browsers |",
        "| Draw 陳 |  | 43.2 µs |  |  |  |  |",
    ]


def test_a_check_says_whether_it_holds_and_what_was_found():
    held = Check(what="One grade each", has_passed=True)
    failed = Check(what="Every statement once", has_passed=False, found="99 of 100")

    assert [str(held), str(failed)] == ["ok: One grade each", "FAILED: Every statement once (99 of 100)"]
