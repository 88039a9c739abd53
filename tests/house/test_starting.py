"""What a start does not do: it is what everybody waits for who installs the tool, and every process that is begun."""

from __future__ import annotations

import subprocess
import sys

from tools.installing import ROOT

LATER = ("highspy", "lxml", "python_calamine", "scipy", "weasyprint", "xlsxwriter")
ASKED = f"import gc, sys, wsgi; print(*sorted(set({LATER}) & set(sys.modules)), gc.isenabled())"


def test_solvers_and_what_reads_and_writes_files_are_not_read_and_garbage_is_left_to_us():
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False"]
