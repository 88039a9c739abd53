"""Templates parse, and every translation keeps the placeholders of its sentence."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, TemplateSyntaxError

from tools.installing import ROOT

PACKAGES = ("lti_tool", "mentoring", "quizzes", "reviews", "xapi", "campus")


def problems_of_templates(templates: Iterable[Path]) -> Iterator[str]:
    jinja = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    for path in templates:
        try:
            jinja.parse(path.read_text(encoding="utf-8"))
        except TemplateSyntaxError as problem:
            yield f"{path}:{problem.lineno}: {problem.message}"


def problems_of_catalogs(catalogs: Iterable[Path]) -> Iterator[str]:
    for path in catalogs:
        with path.open("rb") as file:
            catalog = read_po(file)
        for message, errors in catalog.check():
            for error in errors:
                yield f"{path}:{message.lineno}: {error}"


def main() -> int:
    folders = [ROOT / package for package in PACKAGES]
    templates = (path for folder in folders for path in sorted(folder.rglob("templates/**/*.html")))
    catalogs = (path for folder in folders for path in sorted(folder.rglob("*.po")))
    problems = [*problems_of_templates(templates), *problems_of_catalogs(catalogs)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
