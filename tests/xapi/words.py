"""What the published profiles say of the words we take from them (see `test_vocabulary`)."""

from __future__ import annotations

import csv
from pathlib import Path


def published() -> set[tuple[str, str, str, str]]:
    """Profile, IRI, kind as the profile has it, and label of each."""
    with (Path(__file__).parent / "concepts.csv").open(encoding="utf-8", newline="") as table:
        return {(row["profile"], row["iri"], row["kind"], row["label"]) for row in csv.DictReader(table)}
