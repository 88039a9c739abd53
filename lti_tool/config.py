"""Every setting: where it comes from, its default, and what is wrong with it, all at once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from lti_tool.outgoing import addresses
from lti_tool.outgoing.mail_settings import sender_of, server_of

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASES = ("sqlite", "postgresql", "postgresql+psycopg", "postgres")
SHORTEST_SECRET = 32
STATIC = Path(__file__).parent / "static"


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
    trusted_proxies: int = 0
    """How many reverse proxies in front are to be believed about address and scheme."""
    private_hosts: tuple[str, ...] = ()
    """LMS and LRS hosts on private addresses that outgoing calls may reach, by their exact names."""
    mail_url: str = ""
    """The server that takes our mail; empty to write mail into `var/mail/` instead."""
    mail_from: str = ""
    """Whom mail comes from; empty for `mentoring@` and the host of `public_url`."""
    uploads: Path | None = None
    """The folder in which files that people give lie; none for `var/uploads/`."""
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
        problems = [*_address_problems(public_url), *_other_problems(env, public_url), *_upload_problems(env, root)]
        if problems:
            raise ConfigError("Mentoring cannot start: " + " ".join(problems))
        return cls(
            root=root,
            database_url=_database(env, root),
            public_url=public_url,
            secret_key=env.get("SECRET_KEY") or _kept_secret(root / "var"),
            secret_key_fallbacks=_fallbacks(env),
            iri_base=env.get("IRI_BASE", "").rstrip("/") or public_url,
            trusted_proxies=int(env.get("TRUSTED_PROXIES", "0")),
            private_hosts=_private_hosts(env),
            mail_url=env.get("MAIL_URL", ""),
            mail_from=env.get("MAIL_FROM", ""),
            uploads=_uploads(env, root),
            log_level=env.get("LOG_LEVEL", "INFO").upper(),
        )


def _address_problems(public_url: str) -> list[str]:
    parts = addresses.split(public_url)
    if parts is None or "@" in parts.netloc or public_url != f"{parts.scheme}://{parts.netloc}":
        return [f"PUBLIC_URL must be an address such as https://mentoring.example.org, not {public_url!r}."]
    if not addresses.is_safe(public_url):
        return ["PUBLIC_URL must start with https:// unless the host is localhost."]
    return []


def _other_problems(env: Mapping[str, str], public_url: str) -> list[str]:
    problems = []
    secret = env.get("SECRET_KEY", "")
    if public_url.startswith("https://") and not secret:
        problems.append("SECRET_KEY is required when PUBLIC_URL is https.")
    if secret and len(secret) < SHORTEST_SECRET:
        problems.append(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
    if any(len(each) < SHORTEST_SECRET for each in _fallbacks(env)):
        # Each is believed as the newest is: a short one would let its guesser in.
        problems.append(
            f"SECRET_KEY_FALLBACKS must be older keys of at least {SHORTEST_SECRET} characters, separated by spaces."
        )
    proxies = env.get("TRUSTED_PROXIES", "0")
    if not (proxies.isascii() and proxies.isdecimal() and len(proxies) <= 3):
        problems.append("TRUSTED_PROXIES must be a whole number, such as 1.")
    if odd := [host for host in _private_hosts(env) if not addresses.is_host(host)]:
        problems.append(
            "PRIVATE_HOSTS must be exact host names such as lms.internal, separated by spaces or commas, without"
            f" scheme, port or wildcard; not {', '.join(map(repr, odd))}."
        )
    if env.get("LOG_LEVEL", "INFO").upper() not in LOG_LEVELS:
        problems.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    base = env.get("IRI_BASE", "")
    if base and not _can_begin_an_iri(base):
        problems.append(f"IRI_BASE must be an address such as https://mentoring.example.org, not {base!r}.")
    return [*problems, *_database_problems(env.get("DATABASE_URL", "")), *_mail_problems(env)]


def _mail_problems(env: Mapping[str, str]) -> list[str]:
    """What is wrong with the settings for mail; the server's is not shown, because it may hold a password."""
    url, sender = env.get("MAIL_URL", ""), env.get("MAIL_FROM", "")
    problems = []
    try:
        if url:
            server_of(url)
    except ValueError as problem:
        problems.append(f"MAIL_URL {problem}.")
    if sender and sender_of(sender) is None:
        problems.append("MAIL_FROM must be one address, such as Mentoring <mentoring@example.org>.")
    if url and not sender:
        problems.append("MAIL_FROM is required when MAIL_URL is set: servers refuse mail from an address made up.")
    return problems


def _uploads(env: Mapping[str, str], root: Path) -> Path:
    return (root / (env.get("UPLOADS", "") or "var/uploads")).absolute()


def _upload_problems(env: Mapping[str, str], root: Path) -> list[str]:
    """Whether it can be written to or made: no file that somebody gives is to find out that it has no place."""
    folder = _uploads(env, root)
    if folder.resolve().is_relative_to(STATIC.resolve()):
        return [f"UPLOADS must be a folder that no web server shows, and {folder} is one of the tool's static files."]
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return [f"UPLOADS must be writable, and the folder {folder} cannot be made or written to: look at {there}."]
    return []


def _fallbacks(env: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(env.get("SECRET_KEY_FALLBACKS", "").split())


def _private_hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    named = env.get("PRIVATE_HOSTS", "").replace(",", " ").lower().split()
    return tuple(dict.fromkeys(host.rstrip(".") for host in named))


def _can_begin_an_iri(base: str) -> bool:
    parts = addresses.split(base)
    return parts is not None and not {"@", "?", "#"} & set(base)


def _database_problems(url: str) -> list[str]:
    """What is wrong with it, without showing it: it may hold a password."""
    if not url:
        return []
    if url.partition("://")[0] not in DATABASES:
        return ["DATABASE_URL must start with sqlite:// or postgresql://."]
    try:
        parts = make_url(url)
        is_whole = (parts.port or 1) in range(1, 65536) and set("[] ").isdisjoint(parts.host or "")
    except (ArgumentError, ValueError):
        is_whole = False
    example = "postgresql://user:password@host/database"
    return [] if is_whole else [f"DATABASE_URL must be an address such as {example}."]


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
    if not path.exists():
        _keep_new_secret(path)
    secret = path.read_bytes().decode("ascii", errors="replace").strip()
    if len(secret) < SHORTEST_SECRET:
        raise ConfigError(
            f"Mentoring cannot start: the secret key in {path} is damaged. Put it back from a backup, or delete "
            "the file for a new one; what was stored encrypted under the old one can then not be opened."
        )
    return secret


def _keep_new_secret(path: Path) -> None:
    """Write it aside and link it into place: it is there whole or not at all, and the first of two starts wins."""
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix="secret-key-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        os.unlink(aside)


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ConfigError(f"Mentoring cannot start: the folder {folder} cannot be made ({problem.strerror}).") from None
    if not os.access(folder, os.W_OK):
        raise ConfigError(f"Mentoring cannot start: the folder {folder} is not writable.")
    return folder
