"""Collecting messages needs nothing but the standard library until the environment stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

from lti_tool.arrivals import verdicts
from tools.installing import ROOT
from tools.messages import EXTRACTION, SPOKEN, TEMPLATE


def test_it_starts_under_a_python_without_packages():
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, '.'); import tools.messages"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_every_package_that_speaks_to_people_has_its_words_in_the_template():
    template = (ROOT / TEMPLATE).read_text(encoding="utf-8")

    assert [name for name in SPOKEN if f"#: {name}/" not in template] == []


def test_the_template_holds_what_the_pages_say_today(tmp_path: Path):
    """A sentence that was added or changed and not collected would be missing for translators: `make messages`."""
    fresh = tmp_path / "fresh.pot"
    subprocess.run(
        [
            *(sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"),
            *(*EXTRACTION, "--output-file", str(fresh), *SPOKEN),
        ],
        cwd=ROOT,
        check=True,
    )

    assert _sentences(ROOT / TEMPLATE) == _sentences(fresh)


def test_what_is_translated_when_it_is_shown_is_in_the_template_too():
    assert str(verdicts.UNKNOWN_PLATFORM.cause) in _sentences(ROOT / TEMPLATE)


def _sentences(template: Path) -> set[str]:
    with template.open("rb") as file:
        return {str(message.id) for message in read_po(file) if message.id}
