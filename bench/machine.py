"""What the figures were measured on, so that they can be read later."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sqlite3
import subprocess
from pathlib import Path

from tools import postgres
from tools.installing import ROOT

PACKAGES = (
    *("Flask", "SQLAlchemy", "gunicorn", "granian", "waitress"),
    *("pylti1p3next", "PyJWT", "joserfc", "cryptography", "psycopg"),
)


def described() -> list[str]:
    """Machine and versions, a line each."""
    return [
        f"Machine: {os.cpu_count()} CPUs ({_cpu()}), {_memory()}, {_system()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}",
        ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES),
        f"Commit {_commit()}; load average before the run {os.getloadavg()[0]:.1f}",
    ]


def _cpu() -> str:
    return _after("/proc/cpuinfo", "model name") or platform.machine()


def _memory() -> str:
    words = (_after("/proc/meminfo", "MemTotal") or "").split()
    return f"{int(words[0]) / 1024**2:.0f} GiB" if words else "memory unknown"


def _system() -> str:
    name = (_after("/etc/os-release", "PRETTY_NAME", "=") or platform.system()).strip('"')
    return f"{name}, Linux {platform.release()}"


def _after(path: str, name: str, separator: str = ":") -> str | None:
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((line.partition(separator)[2].strip() for line in lines if line.startswith(name)), None)


def _postgres() -> str:
    programs = postgres.find_programs()
    if programs is None:
        return "no PostgreSQL"
    said = _said([str(programs / "postgres"), "--version"])
    return f"PostgreSQL {said.split()[2]}" if len(said.split()) > 2 else "PostgreSQL of unknown version"


def _commit() -> str:
    changed = " with changes" if _said(["git", "status", "--porcelain"]) else ""
    return (_said(["git", "rev-parse", "--short", "HEAD"]) or "unknown") + changed


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
