"""The campus itself: everything a request needs, found through the running application."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app

from campus.flavors import FLAVORS, Flavor
from campus.keys import SigningKeys
from campus.people import Register
from campus.settings import Settings
from campus.store import Store
from campus.tool_keys import ToolKeys
from campus.tools import Tool, Toolbox
from campus.traffic import Traffic

if TYPE_CHECKING:
    from campus.faults import Faults


@dataclass
class Campus:
    settings: Settings
    store: Store
    register: Register
    keys: SigningKeys
    tools: Toolbox
    traffic: Traffic
    faults: Faults
    flavor: Flavor
    token_life: int = 3600
    accepts: dict[str, Any] = field(default_factory=dict)
    """What deep linking requests say differently from the flavor's own: `{"accept_multiple": False}`."""

    @property
    def tool(self) -> Tool:
        """The tool the courses use."""
        return self.tools.current()

    @property
    def tool_keys(self) -> ToolKeys:
        return self.tools.keys_of(self.tool)

    def set_flavor(self, name: str) -> None:
        self.flavor = FLAVORS[name]


def campus() -> Campus:
    found = current_app.extensions["campus"]
    assert isinstance(found, Campus)
    return found
