"""What tools leave in files while people work, and nobody is meant to read."""

from __future__ import annotations

import subprocess

from tools.installing import ROOT

MARKS = ("<" * 7 + " ", ">" * 7 + " ")


def test_no_file_holds_a_merge_that_was_never_decided():
    files = [ROOT / name for name in listed("-z")]
    assert len(files) > 500

    torn = [
        str(path.relative_to(ROOT))
        for path in files
        if path.is_file() and any(line.startswith(MARKS) for line in _lines(path.read_bytes()))
    ]

    assert torn == []


def test_no_file_is_a_link_to_somewhere_else():
    listed = subprocess.run(
        ["git", "ls-files", "-s", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert [entry.partition("\t")[2] for entry in listed.split("\0") if entry.startswith("120000")] == []


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", errors="replace").splitlines()


def listed(*how: str) -> list[str]:
    """What git keeps, in its own words."""
    done = subprocess.run(["git", "ls-files", *how], cwd=ROOT, capture_output=True, text=True, check=True)
    return [each for each in done.stdout.split("\0") if each]
