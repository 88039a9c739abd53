"""What somebody wrote is kept once, though their button was pressed twice or the page sent again."""

from __future__ import annotations

from datetime import timedelta

AGAIN = timedelta(minutes=10)
"""Within which the same words of the same person, at the same place, are the same form sent twice."""
