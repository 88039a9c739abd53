"""Tables in CSV, as spreadsheets and people write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lti_tool.tables.reading import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_ROWS,
    Column,
    Problem,
    Row,
    Table,
    Trouble,
    Unreadable,
    cleaned,
    is_formula,
    read,
)
from lti_tool.tables.writing import neutral, written

NAME = Column("name", ("name", "full name"))
PLACES = Column("places", ("places", "capacity"))
COLUMNS = (NAME, PLACES)
WANTS = (("name",),)


def table(text: str | bytes) -> Table:
    return read(text if isinstance(text, bytes) else text.encode(), COLUMNS, wants=WANTS)


def cells(text: str | bytes) -> list[tuple[int, str, str]]:
    return [(row.number, row.cells["name"], row.cells["places"]) for row in table(text).rows]


def trouble(text: str | bytes) -> Trouble:
    with pytest.raises(Unreadable) as refused:
        table(text)
    return refused.value.trouble


ZOE = [(2, "Zoë Müller", "3")]


@pytest.mark.parametrize(
    "text",
    [
        "name,places\nZoë Müller,3\n",
        "Name;Capacity\r\nZoë Müller;3\r\n",
        "places\tFULL NAME\r3\tZoë Müller\r",
        '"name","places"\n"Zoë Müller","3"',
        "sep=;\nname;places\nZoë Müller;3",
        "places,section,name\n3,A,  Zoë\u00a0Müller \n",
        "name,places\nZoe\u0308 Müller,3",
        "name,places\n'Zoë Müller,3".replace("'", ""),
    ],
)
def test_whatever_a_spreadsheet_makes_of_the_same_table_the_same_is_read(text: str):
    assert cells(text) == ZOE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_and_utf_8_are_read_without_a_word(encoding: str):
    found = table("name,places\nZoë Müller,3".encode(encoding))

    assert (cells("name,places\nZoë Müller,3".encode(encoding)), found.is_guessed) == (ZOE, False)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_read_in_either_order(mark: bytes):
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"

    assert cells(mark + "name,places\nZoë Müller,3".encode(order)) == ZOE


def test_windows_1252_is_read_and_said_to_be_a_guess():
    content = "name,places\nZoë Müller,3".encode("cp1252")

    assert (cells(content), table(content).is_guessed) == (ZOE, True)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", Trouble(Problem.EMPTY)),
        (b"\xef\xbb\xbf \n\n", Trouble(Problem.EMPTY)),
        (b"name\n" + b"x" * MOST_BYTES, Trouble(Problem.TOO_LARGE)),
        ("name\n" + "x\n" * (MOST_ROWS + 1), Trouble(Problem.TOO_MANY_ROWS, MOST_ROWS + 2)),
        (b"name\nM\x81ya", Trouble(Problem.ENCODING)),
        (b"\xef\xbb\xbfname\nMay\xe9", Trouble(Problem.ENCODING)),
        (b"\xff\xfen", Trouble(Problem.ENCODING)),
        (b"name\nMa\x00ya", Trouble(Problem.NULS)),
        ("name\nMaya".encode("utf-16-le"), Trouble(Problem.NULS)),
        (b"\xff\xfe" + "name\nMa\x00ya".encode("utf-16-le"), Trouble(Problem.NULS)),
        ("Maya,3\nLeo,2", Trouble(Problem.NO_HEADER, 1, "name")),
        ("\n\nplaces\n3", Trouble(Problem.NO_HEADER, 3, "name")),
        ("sep=;", Trouble(Problem.NO_HEADER, 1, "name")),
        ("name,places,full name\nMaya,3,Maya", Trouble(Problem.COLUMN_TWICE, 1, "name")),
        ("name,places\n\n ,\n", Trouble(Problem.NO_ROWS)),
        ('name,places\nMaya,3\n"Leo,2\nZoe,1\n', Trouble(Problem.OPEN_QUOTE, 3)),
        ('name\n"' + "long\n" * 40_000, Trouble(Problem.OPEN_QUOTE, 2)),
        ('name,places\n"Leo,2\n"Zoe",1\n', Trouble(Problem.ODD_QUOTE, 2)),
    ],
    ids=lambda value: value.problem if isinstance(value, Trouble) else "",
)
def test_what_cannot_be_used_at_all_is_refused_with_its_reason_and_row(content: str | bytes, found: Trouble):
    assert trouble(content) == found


@pytest.mark.parametrize(
    ("line", "problem", "column"),
    [
        ("=HYPERLINK(1),3", Problem.FORMULA, "name"),
        ("@SUM(1),3", Problem.FORMULA, "name"),
        ("\t+1-1,3", Problem.FORMULA, "name"),
        ("＝1+1,3", Problem.FORMULA, "name"),
        ("Maya,=1+2", Problem.FORMULA, "places"),
        ("Okafor, Maya,3", Problem.TOO_MANY_CELLS, ""),
        ("x" * (LONGEST_CELL + 1) + ",3", Problem.LONG_CELL, "name"),
    ],
)
def test_a_row_that_cannot_be_used_says_so_and_the_others_stay(line: str, problem: Problem, column: str):
    rows = table(f"name,places\nLeo,2\n{line}\n\nZoe,1").rows

    assert [(row.number, row.trouble) for row in rows] == [(2, None), (3, Trouble(problem, 3, column)), (5, None)]


def test_numbers_with_a_sign_are_no_formulas():
    assert table("name,places\nMaya,-1\nLeo,+2\nZoe,-1.5").rows == [
        Row(2, {"name": "Maya", "places": "-1"}),
        Row(3, {"name": "Leo", "places": "+2"}),
        Row(4, {"name": "Zoe", "places": "-1.5"}),
    ]


def test_an_apostrophe_makes_text_of_what_looks_like_a_formula_and_stays_elsewhere():
    assert cells("name,places\n'=Maya,3\nO'-Brien,2\n'Abd,1") == [
        (2, "=Maya", "3"),
        (3, "O'-Brien", "2"),
        (4, "'Abd", "1"),
    ]


def test_cells_of_columns_nobody_asked_for_are_left_alone_and_their_headings_told():
    found = table("name,salary,\nMaya,=1+1,\n")

    assert (found.rows, found.unknown) == ([Row(2, {"name": "Maya", "places": ""})], ["salary"])


def test_rows_that_end_early_have_empty_cells():
    assert cells("name,places\nMaya\n") == [(2, "Maya", "")]


def outcome(content: str | bytes) -> list[Row] | Problem:
    try:
        return list(table(content).rows)
    except Unreadable as refused:
        return refused.trouble.problem


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00\x00")
@example(b"sep=,")
@example(b'name\r"\r')
def test_no_content_whatever_makes_the_reader_stumble(content: bytes):
    found = outcome(content)

    numbers = [] if isinstance(found, Problem) else [row.number for row in found]
    assert numbers == sorted(set(numbers))


@given(st.text(alphabet="name,;\t\"\r\n'=+-@ é\u0301\x00\x85", max_size=60))
def test_no_formula_gets_past_the_reader_without_an_apostrophe(text: str):
    found = outcome("name,places\n" + text)

    rows = [] if isinstance(found, Problem) else found
    assert all(row.trouble or not is_formula(row.cells["name"]) or "'" in text for row in rows)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
@example([("=1+1", "'=1+1"), ("-5", "@x"), ("＝1", "''-")])
def test_what_we_write_is_read_as_it_was_and_is_nowhere_a_formula(rows: list[tuple[str, str]]):
    content = written(["name", "places"], rows)

    raw = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not any(is_formula(cell) for record in raw for cell in record)
    kept = [pair for one, two in rows if any(pair := (cleaned(one), cleaned(two)))]
    if kept:
        assert [(name, places) for _number, name, places in cells(content)] == kept
        assert not any(row.trouble for row in table(content).rows)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8), st.sampled_from(",;\t"))
def test_the_delimiter_changes_nothing(rows: list[tuple[str, str]], delimiter: str):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("name", "places"), *((neutral(a), neutral(b)) for a, b in rows)])
    content = file.getvalue().encode()

    assert outcome(content) == outcome(written(["name", "places"], rows))


@given(WORDS)
def test_a_cell_once_cleaned_stays_as_it_is(cell: str):
    assert cleaned(cleaned(cell)) == cleaned(cell)


def test_numbers_are_written_as_numbers_and_the_file_says_its_encoding():
    assert written(["name", "places"], [["Zoë", -3]]) == "\ufeffname,places\r\nZoë,-3\r\n".encode()
