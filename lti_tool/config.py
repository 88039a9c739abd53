"""Every setting: where it comes from, its default, and what is wrong with it, all at once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class ConfigError(Exception):
    """The settings have gaps or contradict each other; the message names every one."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an operator may set; `from_env` reads the environment."""

    root: Path = field(default_factory=Path.cwd)
    """The folder under which `var/` keeps the database, keys and mail of a local installation."""
    database_url: str = ""
    """Where the data lives; empty for an SQLite file under `var/`."""
    public_url: str = "http://localhost:8000"
    """The address browsers and the LMS reach the tool under."""
    secret_key: str = ""
    """Signs forms and encrypts stored keys; made and kept under `var/` on a local installation."""
    secret_key_fallbacks: tuple[str, ...] = ()
    """Older secret keys that may still open what they closed."""
    iri_base: str = ""
    """What activity ids in statements start with; fixed at the first migration, empty for `public_url`."""
    private_hosts: frozenset[str] = frozenset()
    """LMS and LRS hosts on private addresses that outgoing calls may reach."""
    trusted_proxies: int = 0
    """How many reverse proxies in front are to be believed about address and scheme."""
    log_level: str = "INFO"
    testing: bool = False

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def var(self) -> Path:
        return self.root / "var"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, root: Path | None = None) -> Config:
        """Read the settings.

        Raises ConfigError naming every gap and contradiction at once.
        """
        env = os.environ if env is None else env
        root = root or Path.cwd()
        public_url = env.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")
        problems = [*_address_problems(public_url), *_other_problems(env, public_url)]
        if problems:
            raise ConfigError("Mentoring cannot start: " + " ".join(problems))
        return cls(
            root=root,
            database_url=_database(env, root),
            public_url=public_url,
            secret_key=env.get("SECRET_KEY") or _kept_secret(root / "var"),
            secret_key_fallbacks=tuple(env.get("SECRET_KEY_FALLBACKS", "").split()),
            iri_base=env.get("IRI_BASE", "").rstrip("/") or public_url,
            private_hosts=frozenset(env.get("PRIVATE_HOSTS", "").replace(",", " ").split()),
            trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
            log_level=env.get("LOG_LEVEL", "INFO").upper(),
        )


def _address_problems(public_url: str) -> list[str]:
    parts = urlsplit(public_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        return [f"PUBLIC_URL must be an address such as https://mentoring.example.org, not {public_url!r}."]
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return ["PUBLIC_URL must start with https:// unless the host is localhost."]
    return []


def _other_problems(env: Mapping[str, str], public_url: str) -> list[str]:
    problems = []
    secret = env.get("SECRET_KEY", "")
    if public_url.startswith("https://") and not secret:
        problems.append("SECRET_KEY is required when PUBLIC_URL is https.")
    if secret and len(secret) < 32:
        problems.append("SECRET_KEY must have at least 32 characters.")
    if not env.get("TRUSTED_PROXIES", "0").isdigit():
        problems.append("TRUSTED_PROXIES must be a whole number, such as 1.")
    if env.get("LOG_LEVEL", "INFO").upper() not in LOG_LEVELS:
        problems.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    url = env.get("DATABASE_URL", "")
    if url and urlsplit(url).scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        problems.append("DATABASE_URL must start with sqlite:// or postgresql://.")
    return problems


def _database(env: Mapping[str, str], root: Path) -> str:
    url = env.get("DATABASE_URL", "")
    if not url:
        folder = _writable(root / "var")
        return f"sqlite:///{folder / 'mentoring.sqlite'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return url


def _kept_secret(var: Path) -> str:
    """The secret of a local installation: made once, readable by its owner alone."""
    path = _writable(var) / "secret-key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        secret = secrets.token_urlsafe(48)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret)
        return secret


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ConfigError(f"Mentoring cannot start: the folder {folder} cannot be made ({problem.strerror}).") from None
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"Mentoring cannot start: the folder {folder} is not writable.")
    return folder
