"""Of what stands alone, everything that decides is in its word, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.imports import content_of, files_behind
from tools.installing import ROOT

FILES: Mapping[str, str] = {
    "tests/rooms/test_stories.py": "import json\nfrom gate import publish\nfrom tests.rooms.telling import tell\n",
    "tests/rooms/telling.py": "def tell():\n    import gate.late\n",
    "tests/rooms/oracles/known.json": "{}",
    "tests/other/test_other.py": "",
    "gate/__init__.py": "from gate.publishing import publish\n\ndef init_app(app):\n    from gate import pages\n",
    "gate/publishing.py": "from gate import means\n",
    "gate/means.py": "HALF = 0.5\n",
    "gate/late.py": "",
    "gate/pages.py": "",
    "requirements/run.lock": "numpy==2.2",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def test_imports_are_followed_but_not_what_a_package_only_does_later(root: Path):
    found = files_behind(root / "tests/rooms/test_stories.py", root)

    assert {each.relative_to(root).as_posix() for each in found} == {
        "tests/rooms/test_stories.py",
        "tests/rooms/telling.py",
        "gate/__init__.py",
        "gate/publishing.py",
        "gate/means.py",
        "gate/late.py",
    }


@pytest.mark.parametrize(
    ("name", "decides"), [(name, name not in ("tests/other/test_other.py", "gate/pages.py")) for name in FILES]
)
def test_the_word_changes_with_whatever_decides(root: Path, name: str, decides: bool):
    tests = root / "tests/rooms/test_stories.py"
    before = content_of(tests, root)
    (root / name).write_text(FILES[name] + "\n")
    content_of.cache_clear()

    assert (content_of(tests, root) != before) is decides


def test_the_million_stories_depend_on_the_gate_and_on_no_page_or_database():
    found = files_behind(ROOT / "tests/reviews/disclosure/test_histories.py", ROOT)

    rooms = {each.parent.relative_to(ROOT).as_posix() for each in found}
    assert rooms == {"reviews", "reviews/disclosure", "tests/reviews/disclosure"}
