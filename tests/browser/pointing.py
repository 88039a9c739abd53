"""People point at pages that stand still: whatever is clicked on waits until every frame of its page has come whole.

While a page comes in it moves: pictures push down what stands below them, and the place an address names is scrolled
to. A script of Playwright's own notices when a click lands beside, and clicks once more; where scripts are off that one
does not run either, and the click is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from playwright.sync_api import Error, Locator, Page


def stand_still(page: Page) -> None:
    for frame in page.frames:
        try:
            frame.wait_for_load_state()
        except Error:
            if not frame.is_detached():
                raise


def _once_it_stands_still(act: Callable[..., None]) -> Callable[..., None]:
    @wraps(act)
    def point(self: Locator, **options: Any) -> None:
        self.wait_for(state="attached")
        stand_still(self.page)
        act(self, **options)

    return point


def point_at_what_stands_still() -> None:
    """From now on, for everybody in this process."""
    for name in ("click", "check", "uncheck"):
        act = getattr(Locator, name)
        if not hasattr(act, "__wrapped__"):
            setattr(Locator, name, _once_it_stands_still(act))
