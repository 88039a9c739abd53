"""`make lock`: the exact versions of pyproject.toml's dependencies, for CPython 3.11 to 3.14, with hashes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from tools.installing import ROOT, Environment
from tools.trouble import Trouble

ALWAYS = (
    *("--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--custom-compile-command", "make lock"),
)

OF_LOCK = {
    "requirements/run.lock": ("pyproject.toml",),
    "requirements/dev.lock": ("pyproject.toml", "--group", "dev", "--constraint", "requirements/run.lock"),
    # Programs of others that judge us, each in a process of its own.
    "tests/judges/python/requirements.txt": ("tests/judges/python/requirements.in",),
}


def main(_words: Sequence[str]) -> int:
    """Keeps versions that still fit; UPGRADE=1 takes the newest of everything."""
    environment = Environment(ROOT)
    environment.bring_up_to("dev")
    newest = ("--upgrade",) if os.environ.get("UPGRADE") == "1" else ()
    for path, more in OF_LOCK.items():
        uv = str(environment.folder / "bin" / "uv")
        command = [uv, "pip", "compile", *more, "-o", path, *ALWAYS, *newest]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode != 0:
            raise Trouble(f"{path} could not be made; uv says why above.")
        if "://" in (ROOT / path).read_text(encoding="utf-8"):
            raise Trouble(f"{path} names a host, which a lock file of ours must not.")
    return 0
