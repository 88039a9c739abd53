"""`make messages`: what the pages say, collected for translators; LANGUAGE=de begins a new language."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from tools.installing import ROOT, Environment
from tools.trouble import Trouble

SPOKEN = ("lti_tool", "mentoring", "quizzes", "reviews", "xapi")
"""The packages whose words go through gettext; named here, because this runs under a Python without Babel."""
FOLDER = "lti_tool/translations"
TEMPLATE = f"{FOLDER}/messages.pot"
EXTRACTION = ("--mapping-file", "tools/babel.cfg", "--keyword", "_l")
"""What is said to those who are not there yet, such as why a launch is refused, is marked with `_l`."""


def main(_words: Sequence[str]) -> int:
    environment = Environment(ROOT)
    environment.bring_up_to("dev")
    (ROOT / FOLDER).mkdir(parents=True, exist_ok=True)
    _pybabel(
        *("extract", *EXTRACTION, "--output-file", TEMPLATE, "--sort-by-file"),
        *("--add-location", "file", "--project", "Mentoring", "--copyright-holder", "The Mentoring developers"),
        *SPOKEN,
    )
    if language := os.environ.get("LANGUAGE", ""):
        _pybabel("init", "--input-file", TEMPLATE, "--output-dir", FOLDER, "--locale", language)
    if any((ROOT / FOLDER).glob("*/LC_MESSAGES/*.po")):
        _pybabel("update", "--input-file", TEMPLATE, "--output-dir", FOLDER, "--no-fuzzy-matching")
    return 0


def _pybabel(*words: str) -> None:
    command = [str(Environment(ROOT).folder / "bin" / "pybabel"), "--quiet", *words]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise Trouble(f"pybabel {words[0]} failed; it says why above.")
