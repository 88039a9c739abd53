"""Interactions of an item as questions of ours: what is chosen, typed, matched and put in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from quizzes import rich
from quizzes.formats.qti.content import paragraph
from quizzes.formats.qti.declarations import Variable, coords_of
from quizzes.formats.qti.fitting import Fitted, fit, fit_multiple, fit_order, fit_pairs, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import in_class, is_true, number, number_in_class
from quizzes.formats.qti.slots import Put, Slot
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import items_of, number_of
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import CHOSEN, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
from quizzes.rich import TextFormat

Rows = list[dict[str, Any]]
SAID = re.compile(r"\bkind-(\w+)\b")
"""The kind of ours that a file of ours says in the class of its body."""
IN_A_TEXT = {"choiceInteraction", "inlineChoiceInteraction", "textEntryInteraction", "extendedTextInteraction"}
"""Those of which there may be several in one question."""


def said_kind(item: Item) -> Kind | None:
    found = SAID.search("" if item.body is None else item.body.get("class", ""))
    return Kind(found[1]) if found and found[1] in list(Kind) else None


def fitted(item: Item, trial: Trial) -> Fitted | None:
    """The question that the interactions are; None, which is reported, where they are none of ours."""
    interactions = item.interactions
    if not interactions:
        return Fitted(kind=Kind.DESCRIPTION, body={}, maximum=Fraction(0))
    names = list(dict.fromkeys(str(each.tag) for each in interactions))
    if len(interactions) == 1:
        if names[0] in ALONE:
            return ALONE[names[0]](item, trial, interactions[0])
        item.report.error(Odd.NO_SUCH_KIND, item.line(interactions[0]), what=names[0])
        return None
    if set(names) <= IN_A_TEXT and all(map(_is_one, map(item.variable_of, interactions))):
        return _together(item, trial, interactions)
    item.report.error(Wrong.TOGETHER, item.place, what=", ".join(names))
    return None


def _is_one(variable: Variable) -> bool:
    return variable.cardinality == "single"


def _rows(item: Item, elements: Sequence[Element], *, plainly: bool = False) -> tuple[Rows, dict[str, str]]:
    """Rows that say what the elements say, and what the file calls them."""
    rows = rows_of(item.content.words(each) if plainly else item.content.html(each) for each in elements)
    for row, each in zip(rows, elements, strict=True):
        if is_true(each, "fixed"):
            row["fixed"] = True
    return rows, {str(row["id"]): each.get("identifier", "") for row, each in zip(rows, elements, strict=True)}


def _unless_shuffled(interaction: Element, rows: Rows) -> Rows:
    """What is not shuffled keeps its place."""
    return rows if is_true(interaction, "shuffle") else [{**row, "fixed": True} for row in rows]


def _anything(_puts: Sequence[Put | None]) -> bool:
    return True


def _choice(item: Item, trial: Trial, interaction: Element) -> Fitted:
    rows, names = _rows(item, list(interaction.iter("simpleChoice")))
    return _chosen(item, trial, interaction, _unless_shuffled(interaction, rows), names)


def _chosen(item: Item, trial: Trial, interaction: Element, rows: Rows, names: Mapping[str, str]) -> Fitted:
    variable, most = item.variable_of(interaction), number(interaction, "maxChoices", 1)
    kind = said_kind(item)
    if variable.cardinality == "single" and kind is not Kind.MULTIPLE:
        slot = Slot(Kind.SINGLE, variable, rows, names)
        found = fit_slots(item, trial, [slot], Kind.SINGLE, _anything)
        return _true_false(found) if kind in (None, Kind.TRUE_FALSE) else found
    if 1 < most < len(rows) or number(interaction, "minChoices", 0) > 1:
        item.report.note(Odd.NOT_KEPT, item.line(interaction), what="maxChoices, minChoices")
    return fit_multiple(item, trial, rows, names, variable.name, most, 0)


def _true_false(found: Fitted) -> Fitted:
    """Two options that say just this are a question of that kind."""
    rows = found.body["options"]
    if len(rows) != 2:
        return found
    words = {rich.plain(str(row["text"]), TextFormat.HTML).strip().lower(): row["id"] for row in rows}
    if list(words) not in (["true", "false"], ["false", "true"]) or any("weight" in row for row in rows):
        return found
    ids = {name: word for word, name in words.items()}
    respond = found.respond
    assert respond is not None
    return Fitted(
        kind=Kind.TRUE_FALSE,
        body={"right": [ids[each] for each in found.body["right"]]},
        maximum=found.maximum,
        respond=lambda answer: respond({CHOSEN: [words[each] for each in answer.get(CHOSEN, ())]}),
        answers=[{CHOSEN: [ids[each] for each in answer[CHOSEN]]} if answer else {} for answer in found.answers],
    )


def _hottext(item: Item, trial: Trial, interaction: Element) -> Fitted:
    rows, names = _rows(item, list(interaction.iter("hottext")))
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="hottextInteraction", now="options")
    return _chosen(item, trial, interaction, [{**row, "fixed": True} for row in rows], names)


def _inline(item: Item, trial: Trial, interaction: Element) -> Fitted:
    return _together(item, trial, [interaction])


def _text(item: Item, trial: Trial, interaction: Element) -> Fitted:
    """By itself a line to be typed; amid a text a gap."""
    kind = said_kind(item)
    if kind is Kind.CLOZE or (kind is None and not _stands_alone(interaction)):
        return _together(item, trial, [interaction])
    slot = _slot(item, interaction)
    return fit_slots(item, trial, [slot], slot.kind, _anything)


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
        rows, names = _rows(item, list(interaction.iter("inlineChoice", "simpleChoice")), plainly=True)
        return Slot(Kind.SINGLE, variable, _unless_shuffled(interaction, rows), names, weight=weight)
    if said := interaction.get("patternMask"):
        item.report.note(Odd.NOT_KEPT, item.line(interaction), what=f"patternMask {said}")
    kind = Kind.NUMERIC if variable.is_number else Kind.SHORT_TEXT
    return Slot(kind, variable, weight=weight)


def _together(item: Item, trial: Trial, interactions: Sequence[Element]) -> Fitted:
    slots = []
    for place, each in enumerate(interactions, start=1):
        slots.append(_slot(item, each))
        prompt = each.find("prompt")
        before = "" if prompt is None else item.content.html(prompt)
        block = each.tag in ("choiceInteraction", "extendedTextInteraction")
        item.content.marks[each] = f"<p>{before} [[{place}]]</p>" if block else f"{before}[[{place}]]"
    return fit_slots(item, trial, slots, None, _anything)


def _gap_match(item: Item, trial: Trial, interaction: Element) -> Fitted:
    """Things put into gaps are lists to choose from, the same in every gap."""
    texts, gaps = list(interaction.iter("gapText", "gapImg")), list(interaction.iter("gap"))
    rows, names = _rows(item, texts, plainly=True)
    variable = item.variable_of(interaction)
    slots = []
    for place, gap in enumerate(gaps, start=1):
        slots.append(Slot(Kind.SINGLE, variable, rows, names, gap=gap.get("identifier", "")))
        item.content.marks[gap] = f"[[{place}]]"
    for each in texts:
        item.content.marks[each] = ""
    for each in interaction.iter("gapText", "gapImg"):
        each.tail = ""
    item.content.marks[interaction] = item.content.inner(interaction)
    most = {str(row["id"]): number(each, "matchMax", 1) for row, each in zip(rows, texts, strict=True)}

    def may_put(puts: Sequence[Put | None]) -> bool:
        return all(put is None or not most[put] or puts.count(put) <= most[put] for put in puts)

    return fit_slots(item, trial, slots, None, may_put)


def _order(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    choices = list(interaction.iter("simpleChoice"))
    variable = item.variable_of(interaction)
    order = [str(each) for each in items_of(variable.correct)]
    by_name = {each.get("identifier", ""): each for each in choices}
    if sorted(order) != sorted(by_name):
        if order:
            item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="orderInteraction minChoices, maxChoices")
            return None
        item.report.loss(Wrong.NOT_SCORED, item.place)
        order = list(by_name)
    rows, names = _rows(item, [by_name[each] for each in order])
    rows = [{name: value for name, value in row.items() if name != "fixed"} for row in rows]
    return fit_order(item, trial, rows, names, variable.name, in_class(interaction, "scoring"))


def _match(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    sets = [list(each.iter("simpleAssociableChoice")) for each in interaction.iter("simpleMatchSet")]
    if len(sets) != 2:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="matchInteraction")
        return None
    variable = item.variable_of(interaction)
    correct = [each for each in items_of(variable.correct) if isinstance(each, tuple)]
    if variable.mapping is not None and not correct:
        correct = [key for key, worth, _case in variable.mapping.entries if worth > 0 and isinstance(key, tuple)]
    # Each row takes one choice here: the side whose things belong to one place each is that of the rows.
    ends = [[str(each[side]) for each in correct] for side in (0, 1)]
    is_swapped = len(set(ends[0])) < len(ends[0]) and len(set(ends[1])) == len(ends[1])
    if len(set(ends[is_swapped])) < len(ends[is_swapped]):
        return _table(item, trial, interaction, sets)
    (rows, row_names), (choices, choice_names) = (_rows(item, each) for each in (sets[::-1] if is_swapped else sets))
    rows_by_name, choices_by_name = _turned(row_names), _turned(choice_names)
    sides = [(str(second), str(first)) if is_swapped else (str(first), str(second)) for first, second in correct]
    declared = {
        rows_by_name[row]: choices_by_name[put] for row, put in sides if row in rows_by_name and put in choices_by_name
    }

    def pair(row: str, put: str) -> tuple[str, str]:
        ends = row_names[row], choice_names[put]
        return (ends[1], ends[0]) if is_swapped else ends

    targets = sets[0] if is_swapped else sets[1]
    most = {str(row["id"]): number(each, "matchMax", 1) for row, each in zip(choices, targets, strict=True)}
    if _is_unequal(variable):
        return _lists(item, trial, interaction, sets[is_swapped], sets[not is_swapped], is_row=not is_swapped)
    found = fit_pairs(item, trial, _bare(rows), _bare(choices), pair, variable.name, most, declared)
    return _as_said(item, found)


def _is_unequal(variable: Variable) -> bool:
    """Whether some pairs are worth more than others, which only lists can say here."""
    entries = () if variable.mapping is None else variable.mapping.entries
    return len({worth for _key, worth, _case in entries if worth > 0}) > 1


def _lists(
    item: Item, trial: Trial, interaction: Element, rows: Sequence[Element], choices: Sequence[Element], *, is_row: bool
) -> Fitted:
    """Each row with a list of the choices behind it."""
    item.report.note(Odd.KEPT_AS, item.line(interaction), what=str(interaction.tag), now="lists to choose from")
    options, names = _rows(item, choices, plainly=True)
    variable, slots, lines = item.variable_of(interaction), list[Slot](), list[str]()
    for place, row in enumerate(rows, start=1):
        slots.append(Slot(Kind.SINGLE, variable, options, names, gap=row.get("identifier", ""), is_row=is_row))
        lines.append(f"<p>{item.content.html(row)} [[{place}]]</p>")
    prompt = interaction.find("prompt")
    asked = "" if prompt is None else paragraph(item.content.inner(prompt))
    item.content.marks[interaction] = asked + "".join(lines)
    most = {str(row["id"]): number(each, "matchMax", 1) for row, each in zip(options, choices, strict=True)}

    def may_put(puts: Sequence[Put | None]) -> bool:
        return all(put is None or not most[put] or puts.count(put) <= most[put] for put in puts)

    return fit_slots(item, trial, slots, None, may_put)


def _as_said(item: Item, found: Fitted) -> Fitted:
    kind = said_kind(item)
    belongs_all = len(found.body["right"]) == len(found.body["rows"])
    if kind is Kind.CATEGORIZE or (kind is Kind.MATCHING and belongs_all):
        found.kind = kind
    return found


def _turned(names: Mapping[str, str]) -> dict[str, str]:
    return {name: each for each, name in names.items()}


def _bare(rows: Rows) -> Rows:
    return [{"id": row["id"], "text": row["text"]} for row in rows]


def _table(item: Item, trial: Trial, interaction: Element, sets: Sequence[Sequence[Element]]) -> Fitted | None:
    """What belongs to several on both sides is a list of pairs, several of which are right."""
    first, second = ([item.content.html(each) for each in side] for side in sets)
    names = [(one.get("identifier", ""), other.get("identifier", "")) for one in sets[0] for other in sets[1]]
    if len(names) > 60:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="matchInteraction matchMax")
        return None
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="matchInteraction", now="pairs to choose from")
    rows = rows_of(f"{one} \u2013 {other}" for one in first for other in second)
    by_id: dict[str, Any] = {str(row["id"]): name for row, name in zip(rows, names, strict=True)}
    return fit_multiple(
        item, trial, [{**row, "fixed": True} for row in rows], by_id, item.variable_of(interaction).name, 0, 0
    )


def _associate(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    """Pairs without a side: the first of each pair is a row, whatever else there is a choice."""
    choices = {each.get("identifier", ""): each for each in interaction.iter("simpleAssociableChoice")}
    variable = item.variable_of(interaction)
    correct = [each for each in items_of(variable.correct) if isinstance(each, tuple)]
    if variable.mapping is not None and not correct:
        correct = [key for key, worth, _case in variable.mapping.entries if worth > 0 and isinstance(key, tuple)]
    ends = [(str(first), str(second)) for first, second in correct]
    pairs = [each for each in ends if set(each) <= choices.keys()]
    firsts = _one_of_each(pairs)
    if not firsts:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="associateInteraction")
        return None
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="associateInteraction", now="matching")
    rows, row_names = _rows(item, [choices[each] for each in firsts])
    others, other_names = _rows(item, [each for name, each in choices.items() if name not in firsts])
    rows_by_name, others_by_name = _turned(row_names), _turned(other_names)
    declared = {
        rows_by_name[first if first in firsts else second]: others_by_name[second if first in firsts else first]
        for first, second in pairs
    }

    def pair(row: str, put: str) -> tuple[str, str]:
        ends = row_names[row], other_names[put]
        return ends if variable.base == "directedPair" else (min(ends), max(ends))

    if _is_unequal(variable):
        named = [choices[each] for each in firsts]
        return _lists(item, trial, interaction, named, [choices[each] for each in other_names.values()], is_row=True)
    most = {each: number(choices[name], "matchMax", 1) for each, name in other_names.items()}
    return fit_pairs(item, trial, _bare(rows), _bare(others), pair, variable.name, most, declared)


def _one_of_each(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """One end of each pair, so that no two of them belong together; none where there is no such thing."""
    for side in (0, 1):
        firsts = [pair[side] for pair in pairs]
        if len(set(firsts)) == len(firsts) and not set(firsts) & {pair[1 - side] for pair in pairs}:
            return firsts
    return []


def _slider(item: Item, trial: Trial, interaction: Element) -> Fitted:
    low, high = number_of(interaction.get("lowerBound", "")), number_of(interaction.get("upperBound", ""))
    slot = Slot(Kind.NUMERIC, item.variable_of(interaction), low=low, high=high)
    slot.step = number_of(interaction.get("step", "")) or (Fraction(1) if slot.variable.base == "integer" else None)
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="sliderInteraction", now="a number to be typed")
    return fit_slots(item, trial, [slot], Kind.NUMERIC, _anything)


def _extended(item: Item, trial: Trial, interaction: Element) -> Fitted:
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
    return fit_slots(item, trial, [slot], slot.kind, _anything)


def _upload(item: Item, trial: Trial, interaction: Element) -> Fitted:
    body: dict[str, Any] = {"most": min(number_in_class(interaction, "files") or 1, 20)}
    if endings := in_class(interaction, "ending"):
        body["types"] = endings
    elif said := interaction.get("type"):
        item.report.loss(Odd.NOT_KEPT, item.line(interaction), what=f"uploadInteraction type {said}")
    return Fitted(kind=Kind.UPLOAD, body=body, maximum=trial.worth())


def _hotspot(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    picture = next(iter(interaction.iter("object", "img")), None)
    media = None if picture is None else item.content.taken(picture.get("data") or picture.get("src") or "", picture)
    spots = list(interaction.iter("hotspotChoice"))
    if media is None or picture is None or len(spots) < 2:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="hotspotInteraction")
        return None
    item.content.marks[picture] = ""
    labels = [each.get("hotspotLabel") or each.get("label") or each.get("identifier", "") for each in spots]
    rows, names = rows_of(labels), {}
    areas = []
    for row, spot in zip(rows, spots, strict=True):
        names[str(row["id"])] = spot.get("identifier", "")
        coords = [float(each) for each in coords_of(spot)]
        areas.append({"id": row["id"], "label": row["text"], "shape": spot.get("shape", ""), "coords": coords})
    variable = item.variable_of(interaction)
    alt = picture.get("alt") or " ".join("".join(picture.itertext()).split())
    if variable.cardinality == "single":
        found = fit_slots(item, trial, [Slot(Kind.SINGLE, variable, rows, names)], Kind.SINGLE, _anything)
    else:
        found = fit_multiple(item, trial, rows, names, variable.name, number(interaction, "maxChoices", 1), 0)
    body = {"image": media.key, "alt": alt, "areas": areas, "right": found.body["right"]}
    bodies = [body, {**body, "scoring": ALL_OR_NOTHING}] if trial.is_ruled else [body]
    return fit(item, trial, Kind.HOTSPOT, bodies, found.maximum, found)


ALONE: Mapping[str, Callable[[Item, Trial, Element], Fitted | None]] = {
    "choiceInteraction": _choice,
    "hottextInteraction": _hottext,
    "inlineChoiceInteraction": _inline,
    "textEntryInteraction": _text,
    "extendedTextInteraction": _extended,
    "gapMatchInteraction": _gap_match,
    "matchInteraction": _match,
    "associateInteraction": _associate,
    "orderInteraction": _order,
    "sliderInteraction": _slider,
    "uploadInteraction": _upload,
    "hotspotInteraction": _hotspot,
}
