"""Settings: defaults for a newcomer, and every gap named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from lti_tool.config import Config, ConfigError


def test_a_newcomer_needs_no_settings(tmp_path: Path):
    config = Config.from_env({}, root=tmp_path)

    assert config.database_url == f"sqlite:///{tmp_path}/var/mentoring.sqlite"
    assert (config.public_url, config.iri_base, config.is_https) == (
        "http://localhost:8000",
        "http://localhost:8000",
        False,
    )
    assert config.secret_key == (tmp_path / "var" / "secret-key").read_text()


def test_the_secret_of_a_local_installation_is_kept_and_private(tmp_path: Path):
    first, second = (Config.from_env({}, root=tmp_path) for _ in range(2))

    assert first.secret_key == second.secret_key
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_every_problem_is_named_at_once(tmp_path: Path):
    env = {
        "PUBLIC_URL": "https://mentoring.example.org",
        "TRUSTED_PROXIES": "one",
        "LOG_LEVEL": "LOUD",
        "DATABASE_URL": "mysql://x",
    }

    with pytest.raises(ConfigError) as problem:
        Config.from_env(env, root=tmp_path)

    said = str(problem.value)
    assert [word in said for word in ("SECRET_KEY", "TRUSTED_PROXIES", "LOG_LEVEL", "DATABASE_URL")] == [True] * 4


@pytest.mark.parametrize(
    "url",
    [
        *("mentoring.example.org", "http://mentoring.example.org", "https://a.example/path", "ftp://x"),
        *("https://[", "https://a:b@h", "https://h#f", "https://h?q", "https://h:99999999", "https://a b"),
        "http://localhost.evil.example",
    ],
)
def test_a_public_address_that_cannot_work_is_refused(tmp_path: Path, url: str):
    with pytest.raises(ConfigError, match="PUBLIC_URL"):
        Config.from_env({"PUBLIC_URL": url, "SECRET_KEY": "x" * 40}, root=tmp_path)


def test_a_postgresql_address_gets_its_driver(tmp_path: Path):
    config = Config.from_env({"DATABASE_URL": "postgresql://me@localhost/mentoring"}, root=tmp_path)

    assert config.database_url == "postgresql+psycopg://me@localhost/mentoring"


def test_an_unwritable_folder_is_one_sentence(tmp_path: Path):
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(ConfigError, match=r"the folder .* cannot be made"):
        Config.from_env({}, root=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://["),
        ("DATABASE_URL", "postgresql://me:secret@h:port/x"),
        ("DATABASE_URL", "postgresql://me:secret@h:99999999/x"),
        ("DATABASE_URL", "postgresql+asyncpg://me:secret@h/x"),
        ("TRUSTED_PROXIES", "²"),
        ("TRUSTED_PROXIES", "9" * 5000),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FALLBACKS", "short"),
        ("SECRET_KEY_FALLBACKS", "x" * 40 + " some words, more than long enough together"),
        ("IRI_BASE", "nonsense"),
        ("IRI_BASE", "https://["),
        ("IRI_BASE", "https://h#f"),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(tmp_path: Path, name: str, value: str):
    with pytest.raises(ConfigError) as problem:
        Config.from_env({name: value}, root=tmp_path)

    said = str(problem.value)
    assert said.startswith(f"Mentoring cannot start: {name} must ")
    assert (said.count(". "), "secret" in said) == (0, False)


@pytest.mark.parametrize("base", ["https://ids.example", "https://ids.example/mentoring/"])
def test_ids_may_begin_with_another_address(tmp_path: Path, base: str):
    assert Config.from_env({"IRI_BASE": base}, root=tmp_path).iri_base == base.rstrip("/")


@pytest.mark.parametrize("kept", [b"", b"short", b"\xff" * 20])
def test_a_damaged_secret_is_refused_and_kept(tmp_path: Path, kept: bytes):
    (tmp_path / "var").mkdir()
    path = tmp_path / "var" / "secret-key"
    path.write_bytes(kept)

    with pytest.raises(ConfigError, match="is damaged"):
        Config.from_env({}, root=tmp_path)

    assert path.read_bytes() == kept


def test_a_start_that_is_cut_short_leaves_no_half_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def cut_short(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", cut_short)
    with pytest.raises(KeyboardInterrupt):
        Config.from_env({}, root=tmp_path)

    assert list((tmp_path / "var").iterdir()) == []


@pytest.mark.parametrize(
    "hosts", ["*.internal", "https://lms.internal", "lms.internal:8443", "10.0.0.0/8", "a..b", "-"]
)
def test_a_private_host_that_is_no_exact_name_is_refused(tmp_path: Path, hosts: str):
    with pytest.raises(ConfigError, match="PRIVATE_HOSTS must be exact host names"):
        Config.from_env({"PRIVATE_HOSTS": f"fine.internal {hosts}"}, root=tmp_path)
