"""What belongs together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizzes.formats.qti.content import paragraph
from quizzes.formats.qti.declarations import Variable
from quizzes.formats.qti.fitting import Fitted, fit_multiple, fit_pairs, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import number
from quizzes.formats.qti.shapes.rows import bare, rows_from, said_kind, tell_limits, turned
from quizzes.formats.qti.slots import Put, Slot
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import items_of
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import Kind


def match(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    sets = [list(each.iter("simpleAssociableChoice")) for each in interaction.iter("simpleMatchSet")]
    if len(sets) != 2:
        item.report.error(Odd.NO_SUCH_KIND, item.line(interaction), what="matchInteraction")
        return None
    tell_limits(item, interaction, len(sets[0]), "Associations")
    variable = item.variable_of(interaction)
    correct = [each for each in items_of(variable.correct) if isinstance(each, tuple)]
    if variable.mapping is not None and not correct:
        correct = [key for key, worth, _case in variable.mapping.entries if worth > 0 and isinstance(key, tuple)]
    # Each row takes one choice here: the side whose things belong to one place each is that of the rows.
    ends = [[str(each[side]) for each in correct] for side in (0, 1)]
    is_swapped = len(set(ends[0])) < len(ends[0]) and len(set(ends[1])) == len(ends[1])
    if len(set(ends[is_swapped])) < len(ends[is_swapped]):
        return _table(item, trial, interaction, sets)
    (rows, row_names), (choices, choice_names) = (
        rows_from(item, each) for each in (sets[::-1] if is_swapped else sets)
    )
    rows_by_name, choices_by_name = turned(row_names), turned(choice_names)
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
        item.report.note(Odd.KEPT_AS, item.line(interaction), what=str(interaction.tag), now="lists to choose from")
        return _lists(item, trial, interaction, sets[is_swapped], sets[not is_swapped], is_row=not is_swapped)
    found = fit_pairs(item, trial, bare(rows), bare(choices), pair, variable.name, most, declared)
    if found.differ and found.earns and (listed := _better(item, trial, interaction, sets, found, is_swapped)):
        return listed
    return _as_said(item, found)


def _better(
    item: Item, trial: Trial, interaction: Element, sets: Sequence[Sequence[Element]], found: Fitted, is_swapped: bool
) -> Fitted | None:
    """Lists, if they earn the same."""
    listed = _lists(item, trial, interaction, sets[is_swapped], sets[not is_swapped], is_row=not is_swapped)
    if not listed.differ:
        item.report.note(Odd.KEPT_AS, item.line(interaction), what=str(interaction.tag), now="lists to choose from")
        return listed
    del item.content.marks[interaction]
    return None


def _is_unequal(variable: Variable) -> bool:
    """Whether some pairs are worth more than others, which only lists can say here."""
    entries = () if variable.mapping is None else variable.mapping.entries
    return len({worth for _key, worth, _case in entries if worth > 0}) > 1


def _lists(
    item: Item, trial: Trial, interaction: Element, rows: Sequence[Element], choices: Sequence[Element], *, is_row: bool
) -> Fitted:
    """Each row with a list of the choices behind it."""
    options, names = rows_from(item, choices, plainly=True)
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


def associate(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    """Pairs without a side: the first of each pair is a row, whatever else there is a choice."""
    choices = {each.get("identifier", ""): each for each in interaction.iter("simpleAssociableChoice")}
    tell_limits(item, interaction, len(choices) // 2, "Associations")
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
    rows, row_names = rows_from(item, [choices[each] for each in firsts])
    others, other_names = rows_from(item, [each for name, each in choices.items() if name not in firsts])
    rows_by_name, others_by_name = turned(row_names), turned(other_names)
    declared = {
        rows_by_name[first if first in firsts else second]: others_by_name[second if first in firsts else first]
        for first, second in pairs
    }

    def pair(row: str, put: str) -> tuple[str, str]:
        ends = row_names[row], other_names[put]
        return ends if variable.base == "directedPair" else (min(ends), max(ends))

    if _is_unequal(variable):
        item.report.note(Odd.KEPT_AS, item.line(interaction), what=str(interaction.tag), now="lists to choose from")
        named = [choices[each] for each in firsts]
        return _lists(item, trial, interaction, named, [choices[each] for each in other_names.values()], is_row=True)
    most = {each: number(choices[name], "matchMax", 1) for each, name in other_names.items()}
    return fit_pairs(item, trial, bare(rows), bare(others), pair, variable.name, most, declared)


def _one_of_each(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """One end of each pair, so that no two of them belong together; none where there is no such thing."""
    for side in (0, 1):
        firsts = [pair[side] for pair in pairs]
        if len(set(firsts)) == len(firsts) and not set(firsts) & {pair[1 - side] for pair in pairs}:
            return firsts
    return []
