"""What is typed, put into gaps, or handed in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from quizzes.formats.qti.fitting import Fitted, fit_multiple, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import in_class, number, number_in_class
from quizzes.formats.qti.shapes.rows import anything, rows_from, said_kind, unless_shuffled
from quizzes.formats.qti.slots import Put, Slot
from quizzes.formats.qti.trying import Trial, is_without_key
from quizzes.formats.qti.values import number_of
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind

BLANK = "____"
"""Where nothing is asked."""
MOST_PAIRS = 40
"""Pairs that are all written down."""


def inline(item: Item, trial: Trial, interaction: Element) -> Fitted:
    return together(item, trial, [interaction])


def text(item: Item, trial: Trial, interaction: Element) -> Fitted:
    """By itself a line to be typed; amid a text a gap."""
    kind = said_kind(item)
    if kind is Kind.CLOZE or (kind is None and not _stands_alone(interaction)):
        return together(item, trial, [interaction])
    slot = _slot(item, interaction)
    return fit_slots(item, trial, [slot], slot.kind, anything)


def _stands_alone(interaction: Element) -> bool:
    parent = interaction.getparent()
    if parent is None or "".join([parent.text or "", *(each.tail or "" for each in parent)]).strip():
        return False
    return all(each is interaction or each.tag in ("br", "img") for each in parent) or parent.tag in (
        "itemBody",
        "contentBody",
    )


def _slot(item: Item, interaction: Element) -> Slot:
    variable = item.variable_of(interaction)
    weight = number_in_class(interaction, "weight") or 1
    if interaction.tag in ("inlineChoiceInteraction", "choiceInteraction"):
        rows, names = rows_from(item, list(interaction.iter("inlineChoice", "simpleChoice")), plainly=True)
        return Slot(Kind.SINGLE, variable, unless_shuffled(interaction, rows), names, weight=weight)
    if said := interaction.get("patternMask"):
        item.report.note(Odd.NOT_KEPT, item.line(interaction), what=f"patternMask {said}")
    kind = Kind.NUMERIC if variable.is_number else Kind.SHORT_TEXT
    return Slot(kind, variable, weight=weight)


def together(item: Item, trial: Trial, interactions: Sequence[Element]) -> Fitted:
    slots = [_slot(item, each) for each in interactions]
    found = fit_slots(item, trial, slots, None, anything)
    asking = list(interactions)
    if found.differ and (idle := _idle(found)):
        kept = [number for number in range(len(slots)) if number not in idle]
        other = fit_slots(item, trial, [slots[number] for number in kept], None, anything)
        if not other.differ:
            found, asking = other, [interactions[number] for number in kept]
    for each in interactions:
        place = asking.index(each) + 1 if each in asking else 0
        if not place:
            item.report.loss(Odd.NOT_KEPT, item.line(each), what=str(each.tag))
        _mark(item, each, f"[[{place}]]" if place else BLANK)
    return found


def _idle(found: Fitted) -> list[int]:
    """Gaps in which nothing earns anything, some of several."""
    gaps = found.body["gaps"]
    idle = [number for number, gap in enumerate(gaps) if is_without_key(Kind(gap["kind"]), gap)]
    return idle if len(idle) < len(gaps) else []


def _mark(item: Item, interaction: Element, gap: str) -> None:
    prompt = interaction.find("prompt")
    before = "" if prompt is None else item.content.html(prompt)
    is_block = interaction.tag in ("choiceInteraction", "extendedTextInteraction")
    item.content.marks[interaction] = f"<p>{before} {gap}</p>" if is_block else f"{before}{gap}"


def gap_match(item: Item, trial: Trial, interaction: Element) -> Fitted:
    """Things put into gaps are lists to choose from, the same in every gap."""
    texts, gaps = list(interaction.iter("gapText", "gapImg")), list(interaction.iter("gap"))
    rows, names = rows_from(item, texts, plainly=True)
    variable = item.variable_of(interaction)
    slots = [Slot(Kind.SINGLE, variable, rows, names, gap=gap.get("identifier", "")) for gap in gaps]
    for each in texts:
        item.content.marks[each] = each.tail = ""
    most = {str(row["id"]): number(each, "matchMax", 1) for row, each in zip(rows, texts, strict=True)}

    def may_put(puts: Sequence[Put | None]) -> bool:
        return all(put is None or not most[put] or puts.count(put) <= most[put] for put in puts)

    found, sign = fit_slots(item, trial, slots, None, may_put), "[[{}]]"
    if found.earns and found.differ and len(rows) * len(gaps) <= MOST_PAIRS:
        listed = _gaps_listed(item, trial, slots)
        if not listed.differ:
            item.report.note(
                Odd.KEPT_AS, item.line(interaction), what="gapMatchInteraction", now="pairs to choose from"
            )
            found, sign = listed, "({})"
    for place, gap in enumerate(gaps, start=1):
        item.content.marks[gap] = sign.format(place)
    item.content.marks[interaction] = item.content.inner(interaction)
    return found


def _gaps_listed(item: Item, trial: Trial, slots: Sequence[Slot]) -> Fitted:
    """Everything that can be put into a gap as a pair to choose, for rules that take away what they gave elsewhere."""
    pairs = [
        (f"({place}) {row['text']}", slot.value(row["id"])) for place, slot in enumerate(slots, 1) for row in slot.rows
    ]
    rows = rows_of(text for text, _pair in pairs)
    names: dict[str, Any] = {str(row["id"]): pair for row, (_text, pair) in zip(rows, pairs, strict=True)}
    response = slots[0].variable.name
    return fit_multiple(item, trial, [{**row, "fixed": True} for row in rows], names, response, 0, 0)


def slider(item: Item, trial: Trial, interaction: Element) -> Fitted:
    low, high = number_of(interaction.get("lowerBound", "")), number_of(interaction.get("upperBound", ""))
    slot = Slot(Kind.NUMERIC, item.variable_of(interaction), low=low, high=high)
    slot.step = number_of(interaction.get("step", "")) or (Fraction(1) if slot.variable.base == "integer" else None)
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="sliderInteraction", now="a number to be typed")
    return fit_slots(item, trial, [slot], Kind.NUMERIC, anything)


def extended(item: Item, trial: Trial, interaction: Element) -> Fitted:
    variable = item.variable_of(interaction)
    if trial.is_ruled and (variable.correct is not None or variable.mapping is not None) and said_kind(item) is None:
        item.report.note(Odd.KEPT_AS, item.line(interaction), what="extendedTextInteraction", now="a short text")
        return _text_of_one(item, trial, interaction)
    body: dict[str, Any] = {}
    if lines := min(number(interaction, "expectedLines", 0), 60):
        body["lines"] = lines
    for name in ("least", "most"):
        if said := number_in_class(interaction, f"{name}-words"):
            body[f"{name}_words"] = said
    return Fitted(kind=Kind.ESSAY, body=body, maximum=trial.worth())


def _text_of_one(item: Item, trial: Trial, interaction: Element) -> Fitted:
    slot = _slot(item, interaction)
    return fit_slots(item, trial, [slot], slot.kind, anything)


def upload(item: Item, trial: Trial, interaction: Element) -> Fitted:
    body: dict[str, Any] = {"most": min(number_in_class(interaction, "files") or 1, 20)}
    if endings := in_class(interaction, "ending"):
        body["types"] = endings
    elif said := interaction.get("type"):
        item.report.loss(Odd.NOT_KEPT, item.line(interaction), what=f"uploadInteraction type {said}")
    return Fitted(kind=Kind.UPLOAD, body=body, maximum=trial.worth())
