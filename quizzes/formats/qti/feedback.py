"""What an item says to answers, found by looking which of them its rules say it to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from quizzes.formats.model import OTHER, PARTLY, RIGHT, WRONG
from quizzes.formats.qti.fitting import Fitted
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.trying import Trial, is_without_key
from quizzes.formats.qti.values import items_of
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.kinds import CHOSEN, Kind, Response, kind_of

TAGS = ("modalFeedback", "feedbackBlock", "feedbackInline")
WHY = "why"
_MOST = 120
_OF_OPTIONS = (Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE)
_BY_HAND = (Kind.ESSAY, Kind.UPLOAD, Kind.DESCRIPTION)
_OF_ANSWERS = (Kind.SHORT_TEXT, Kind.NUMERIC)


@dataclass
class Told:
    feedback: dict[str, str] = field(default_factory=dict)
    why: str = ""

    def add(self, path: str, text: str) -> None:
        if path == WHY:
            self.why += text
        else:
            self.feedback[path] = self.feedback.get(path, "") + text


def told(item: Item, trial: Trial, fitted: Sequence[Fitted]) -> list[Told]:
    """What each of the questions says that the item is."""
    found = [Told() for _each in fitted]
    blocks = [
        each for each in item.root.iter(*TAGS) if each not in item.content.shown and not _is_within_shown(item, each)
    ]
    for each, said in zip(fitted, found, strict=True) if blocks else ():
        blocks = [block for block in blocks if not _take_ours(item, block, each, said)]
    taken: set[Element] = set()
    for each, said in zip(fitted, found, strict=True) if blocks else ():
        taken |= _take(item, each.trial or trial, each, said, blocks)
    for block in blocks:
        if block not in taken and item.content.html(block):
            item.report.loss(Odd.NOT_KEPT, item.line(block), what=f"{block.tag} {block.get('identifier', '')}")
    return found


def _take_ours(item: Item, block: Element, fitted: Fitted, found: Told) -> bool:
    paths = list(_ours(item, block, fitted))
    for path in paths:
        found.add(path, item.content.html(block))
    return bool(paths)


def _take(item: Item, trial: Trial, fitted: Fitted, found: Told, blocks: Sequence[Element]) -> set[Element]:
    """Puts what the question can say into `found`; which of the blocks that is."""
    if fitted.respond is None:
        # Nobody marks it here: what is said to any answer explains it.
        fitted = replace(fitted, answers=[{CHOSEN: []}], respond=lambda _answer: {})
    answers = [each for each in fitted.answers if each][:_MOST]
    if is_without_key(fitted.kind, fitted.body):
        answers = []
    outcomes = [dict(trial.outcomes(fitted.respond(each))) for each in answers] if fitted.respond else []
    earned = (
        [Fraction(0)]
        if fitted.kind in _BY_HAND and answers
        else [kind_of(fitted.kind).fraction(fitted.body, each) or Fraction(0) for each in answers]
    )
    taken = set()
    for block in blocks:
        shown = {place for place, each in enumerate(outcomes) if _is_shown(block, each)}
        if fitted.is_part and len(shown) == len(answers):
            # It is said to what another part is answered with.
            continue
        paths = list(_paths(shown, answers, earned, fitted))
        if paths and (text := item.content.html(block)):
            taken.add(block)
            for path in paths:
                found.add(path, text)
    return taken


def _is_within_shown(item: Item, block: Element) -> bool:
    """A block within another that is feedback is told with it."""
    return any(each.tag in TAGS and each not in item.content.shown for each in block.iterancestors())


def _is_shown(block: Element, outcomes: Mapping[str, object]) -> bool:
    held = items_of(outcomes.get(block.get("outcomeIdentifier", "")))  # type: ignore[arg-type]
    is_held = block.get("identifier", "") in held
    return is_held is (block.get("showHide", "show") == "show")


def _ours(item: Item, block: Element, fitted: Fitted) -> Iterator[str]:
    """`options_2` is the third option of a file of ours: what its feedback belongs to stands in the identifier."""
    if item.root.get("toolName") != OURS:
        return
    name, _dash, rest = block.get("identifier", "").partition("_")
    if not rest:
        yield name
        return
    here = fitted.body
    path = [name, rest] if name != "gaps" else ["gaps", *rest.split("_")]
    for place, (what, number) in enumerate(zip(path[::2], path[1::2], strict=False)):
        rows = here.get(what, ()) if number.isdigit() else ()
        if fitted.kind is Kind.TRUE_FALSE:
            path[1] = ("true", "false")[int(number) % 2]
        elif rows and int(number) < len(rows):
            here = rows[int(number)]
            path[2 * place + 1] = str(here.get("id", number))
    yield "/".join(path)


def _paths(shown: set[int], answers: Sequence[Response], earned: Sequence[Fraction], fitted: Fitted) -> Iterator[str]:
    """What the answers have in common to which it is said."""
    if not shown:
        return
    if len(shown) == len(answers):
        yield WHY
        return
    full, none = (_places(earned, lambda each: each == 1), _places(earned, lambda each: each == 0))
    part = set(range(len(answers))) - full - none
    if fitted.kind in _OF_OPTIONS and (shown != none or len(none) == 1 or fitted.kind is Kind.MULTIPLE):
        options = _of_options(shown, answers, fitted)
        if options:
            yield from options
            return
    if fitted.kind in _OF_ANSWERS:
        of_answers = list(_of_answers(shown, answers, fitted))
        if of_answers:
            yield from of_answers
            return
    for path in _of_gaps(shown, answers, fitted):
        yield path
        return
    if shown == full:
        yield RIGHT
    elif shown == none:
        yield WRONG
    elif shown == part:
        yield PARTLY
    elif shown == part | none:
        yield from (WRONG, PARTLY)
    elif shown == part | full:
        yield from (RIGHT, PARTLY)


def _places(earned: Sequence[Fraction], wanted: object) -> set[int]:
    assert callable(wanted)
    return {place for place, each in enumerate(earned) if wanted(each)}


def _of_options(shown: set[int], answers: Sequence[Response], fitted: Fitted) -> list[str]:
    ids = list(dict.fromkeys(each for answer in answers for each in answer.get(CHOSEN, ())))
    holding = {each: {n for n, answer in enumerate(answers) if each in answer.get(CHOSEN, ())} for each in ids}
    if fitted.kind is Kind.MULTIPLE:
        return [f"options/{each}" for each, places in holding.items() if places == shown][:1]
    return [f"options/{each}" for each, places in holding.items() if places <= shown]


def _of_answers(shown: set[int], answers: Sequence[Response], fitted: Fitted) -> Iterator[str]:
    marker, rows = kind_of(fitted.kind), fitted.body.get("answers", ())
    others = set(range(len(answers)))
    for number, row in enumerate(rows):
        alone = {**fitted.body, "answers": [{name: value for name, value in row.items() if name != "weight"}]}
        fits = {place for place in others if marker.fraction(alone, answers[place])}
        others -= fits
        if fits and fits <= shown:
            yield f"answers/{number}"
    if others and others <= shown:
        yield OTHER


def _of_gaps(shown: set[int], answers: Sequence[Response], fitted: Fitted) -> Iterator[str]:
    for gap in fitted.body.get("gaps", ()):
        for row in gap.get("options", ()):
            if shown == {n for n, answer in enumerate(answers) if answer.get(gap["id"]) == [row["id"]]}:
                yield f"gaps/{gap['id']}/options/{row['id']}"
