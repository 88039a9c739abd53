"""Where the campus stands, which tool it has placed, and how it behaves from the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

IN_MEMORY = ":memory:"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the campus is told before it opens; the rest is in its database."""

    url: str = "http://localhost:8001"
    """The campus's own address, which is its issuer as well."""
    tool: str = "http://localhost:8000"
    data: str = IN_MEMORY
    flavor: str = "strict"
    client_id: str = "campus-tool"
    deployment_id: str = "1"
    people: int = 0
    """How many extra learners the first course gets, for measuring."""
    page_size: int = 10
    """Members on a page of the roster where the platform decides; small, so that paging is exercised."""
    now: Callable[[], datetime] = utc_now
    first_key: str | None = None
    """A signing key (PEM) for a campus that has none yet; None makes one, which takes a moment."""
    fetch_json: Callable[[str], Any] | None = None
    """How the tool's key set and its Canvas configuration are fetched; None asks over HTTP."""
    post_json: Callable[[str, Mapping[str, Any]], int] | None = None
    """How a notice is brought to the tool, the status it answers; None sends it over HTTP."""

    @property
    def login_url(self) -> str:
        return self.tool + "/lti/login"

    @property
    def launch_url(self) -> str:
        """The tool's one redirect URI and target link URI."""
        return self.tool + "/lti/launch"

    @property
    def tool_jwks_url(self) -> str:
        return self.tool + "/lti/jwks"

    @property
    def auth_url(self) -> str:
        return self.url + "/oidc/auth"

    @property
    def token_url(self) -> str:
        return self.url + "/oauth/token"

    @property
    def jwks_url(self) -> str:
        return self.url + "/jwks"
