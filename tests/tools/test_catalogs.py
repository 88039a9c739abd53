"""Broken templates and translations are found before anybody opens the page."""

from pathlib import Path

from tools.catalogs import problems_of_catalogs, problems_of_templates

SPANISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

#, python-format
msgid "You earned %(points)s of %(most)s"
msgstr "Has ganado %(puntos)s de %(most)s"
"""


def test_a_template_that_does_not_parse_is_named_with_its_line(tmp_path: Path):
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text("{% trans %}Hello{% endtrans %}{{ name|anything }}\n", encoding="utf-8")
    bad.write_text("<p>\n{% if %}\n", encoding="utf-8")

    assert list(problems_of_templates([good, bad])) == [
        f"{bad}:2: Expected an expression, got 'end of statement block'"
    ]


def test_a_translation_with_another_placeholder_is_named_with_its_line(tmp_path: Path):
    catalog = tmp_path / "messages.po"
    catalog.write_text(SPANISH, encoding="utf-8")

    (problem,) = problems_of_catalogs([catalog])

    assert problem.startswith(f"{catalog}:6: ")
