"""`python -m bench.corpora FOLDER`: how many items of other people's QTI collections earn here what they earn there.

The folder, or that which QTI_CORPORA names, holds the collections unpacked; nothing of them is kept in this project.
Every file with an item in it is read by itself, with what lies beside it. An item whose rules earn something is the
same where no answer that is tried earns anything else here; what the specification gives no score is counted apart.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from quizzes.formats.packages import beside
from quizzes.formats.qti.items import ITEM
from quizzes.formats.qti.names import INTERACTION, normalized
from quizzes.formats.qti.older import assessments as older
from quizzes.formats.qti.older.items import as_item
from quizzes.formats.qti.older.making import NoSuchKind
from quizzes.formats.qti.reading import questions_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Finding, Reporter, Severity
from quizzes.formats.safe_xml import Element, NotRead, parsed
from quizzes.kinds import Kind
from tools.commands import obey
from tools.trouble import Trouble

FOLDER = "QTI_CORPORA"
OURS = {
    *("choiceInteraction", "textEntryInteraction", "inlineChoiceInteraction", "extendedTextInteraction"),
    *("matchInteraction", "orderInteraction", "associateInteraction", "gapMatchInteraction", "hottextInteraction"),
    *("sliderInteraction", "uploadInteraction"),
}
"""What is promised to be read; `endAttemptInteraction` and `mediaInteraction` answer nothing."""
_ANSWERS_NOTHING = {"endAttemptInteraction", "mediaInteraction"}
_BY_HAND = {Kind.ESSAY, Kind.UPLOAD, Kind.DESCRIPTION}
_OTHER_SCORES = {Wrong.SCORES_DIFFER, Wrong.NOT_INTERPRETED, Wrong.BELOW_ZERO}


class How(StrEnum):
    SAME = "the same scores"
    UNSCORED = "no score by the specification"
    """People mark it, or nothing says what is right."""
    NOTHING = "no answer earns anything, here or there"
    OTHER = "other scores, which is told"
    NOT_READ = "not read, which is told"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Read:
    """What became of one item."""

    name: str
    how: How
    why: str
    is_ours: bool
    """Whether it has none but the interactions that are promised."""
    is_old: bool


def main(words: Sequence[str]) -> int:
    asked = _asked(words)
    folder = Path(asked.folder or os.environ.get(FOLDER, ""))
    if not (asked.folder or os.environ.get(FOLDER)) or not folder.is_dir():
        raise Trouble(f"Name a folder with collections of QTI, or set {FOLDER}.")
    found = [each for file in sorted(folder.rglob("*")) if file.is_file() for each in _of_file(file, folder)]
    for is_old, title in ((False, "QTI 2 and 3"), (True, "QTI 1.2")):
        _tell(title, [each for each in found if each.is_old is is_old], is_long=asked.all)
    return 1 if any(each.how is How.CRASHED for each in found) else 0


def _asked(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.corpora", description="Read other people's QTI.")
    parser.add_argument("folder", nargs="?", default="", help=f"where the collections are; else that of {FOLDER}")
    parser.add_argument("--all", action="store_true", help="every item that is not the same, with its reasons")
    return parser.parse_args(list(words))


def _tell(title: str, found: Sequence[Read], *, is_long: bool) -> None:
    ours = [each for each in found if each.is_ours]
    print(f"\n{title}: {len(found)} items, {len(ours)} with none but the interactions promised")
    counted, among = Counter(each.how for each in found), Counter(each.how for each in ours)
    for how in How:
        print(f"  {counted[how]:5} {among[how]:5}  {how}")
    for how in (How.OTHER, How.NOT_READ, How.CRASHED):
        reasons = Counter(each.why for each in found if each.how is how)
        for why, number in reasons.most_common():
            print(f"    {number:5}  {how}: {why}")
    if is_long:
        for each in found:
            if each.how not in (How.SAME, How.UNSCORED):
                print(f"  {'*' if each.is_ours else ' '} {each.name}: {each.how}: {each.why}")


def _of_file(file: Path, folder: Path) -> Iterator[Read]:
    name = file.relative_to(folder).as_posix()
    if not name.lower().endswith((".xml", ".qti")):
        return
    try:
        root = normalized(parsed(file.read_bytes()))
    except NotRead:
        return
    if root.tag == ITEM:
        yield _read(root, name, folder, is_old=False)
    elif root.tag == older.ROOT:
        for number, each in enumerate(root.iter("item"), start=1):
            yield _read(each, f"{name} {number} {each.get('title') or each.get('ident', '')}", folder, is_old=True)


def _read(root: Element, name: str, folder: Path, *, is_old: bool) -> Read:
    names = {str(each.tag) for each in root.iter() if str(each.tag).endswith(INTERACTION)} - _ANSWERS_NOTHING
    try:
        how, why = _how(as_item(root) if is_old else root, name, folder)
    except NoSuchKind as unknown:
        how, why = How.NOT_READ, f"no_such_kind {unknown.what}"
    except Exception:
        how, why = How.CRASHED, traceback.format_exc().splitlines()[-1]
    return Read(name, how, why, names <= OURS, is_old)


def _how(root: Element, name: str, folder: Path) -> tuple[How, str]:
    report = Reporter()

    def bytes_of(address: str) -> bytes | None:
        found = beside(name, address)
        file = folder / found
        return file.read_bytes() if found and file.is_file() else None

    questions = questions_of(root, name, bytes_of, report)
    findings = report.done().findings
    if not questions:
        return How.NOT_READ, _reasons(findings, {each.odd for each in findings if each.severity is Severity.ERROR})
    odd = {each.odd for each in findings}
    kinds = ", ".join(sorted({each.kind for each in questions}))
    if odd & _OTHER_SCORES:
        return How.OTHER, f"{kinds} {_reasons(findings, odd & _OTHER_SCORES)}"
    rules = root.find("responseProcessing")
    is_ruled = rules is not None and (len(rules) or rules.get("template"))
    if all(each.kind in _BY_HAND for each in questions) or not is_ruled:
        return How.UNSCORED, kinds
    is_nothing = any(each.odd is Wrong.NOT_SCORED and each.severity is Severity.LOSS for each in findings)
    return (How.NOTHING if is_nothing else How.SAME), kinds


def _reasons(findings: Sequence[Finding], wanted: set[StrEnum]) -> str:
    said = (f"{each.odd} {each.about.get('what', '')}".strip() for each in findings if each.odd in wanted)
    return "; ".join(dict.fromkeys(said))


if __name__ == "__main__":
    sys.exit(obey(lambda: main(sys.argv[1:])))
