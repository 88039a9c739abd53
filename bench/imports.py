"""What a file of tests is made of: itself, whatever it imports of ours, what that imports, and the data beside it."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path


@cache
def content_of(tests: Path, root: Path) -> str:
    """A word that stays as long as everything stays that decides about these tests, if they ask for no fixture.

    Libraries count by the lock files, data by where it lies: beside the modules, or anywhere in the room of the tests.
    """
    modules = files_behind(tests, root)
    room = root.joinpath(*tests.relative_to(root).parts[:2])
    files = {*modules, *_data(room.rglob("*")), *root.glob("requirements/*.lock")}
    for module in modules:
        files.update(_data(module.parent.iterdir()))
    said = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in sorted(files):
        said.update(f"\n{file.relative_to(root).as_posix()}\n".encode())
        said.update(hashlib.sha256(file.read_bytes()).digest())
    return f"content-{said.hexdigest()[:40]}"


def _data(found: Iterable[Path]) -> Iterator[Path]:
    return (each for each in found if each.is_file() and each.suffix not in (".py", ".pyc"))


def files_behind(path: Path, root: Path) -> set[Path]:
    """All of them below `root`, as far as they say so in an import. Of a package that is only on the way to a module,
    its own first steps."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        each = waiting.pop()
        if each in found:
            continue
        found.add(each)
        waiting += _imported(each, root)
    return found


def _imported(path: Path, root: Path) -> Iterator[Path]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    is_on_the_way = path.name == "__init__.py"
    for node in tree.body if is_on_the_way else ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files(alias.name, root)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from _files(node.module, root)
            for alias in node.names:
                yield from _files(f"{node.module}.{alias.name}", root)


def _files(module: str, root: Path) -> Iterator[Path]:
    """The module, if it is one of ours, and the packages on the way to it."""
    names = module.split(".")
    for length in range(1, len(names) + 1):
        there = root.joinpath(*names[:length])
        for file in (there / "__init__.py", there.with_name(f"{there.name}.py")):
            if file.is_file():
                yield file
