"""What is chosen: from a list, in a text, in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quizzes import rich
from quizzes.formats.qti.fitting import Fitted, fit_multiple, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import number
from quizzes.formats.qti.shapes.rows import Rows, anything, rows_from, said_kind, tell_limits, unless_shuffled
from quizzes.formats.qti.slots import Slot
from quizzes.formats.qti.trying import Trial
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.kinds import CHOSEN, Kind
from quizzes.rich import TextFormat


def choice(item: Item, trial: Trial, interaction: Element) -> Fitted:
    rows, names = rows_from(item, list(interaction.iter("simpleChoice")))
    return _chosen(item, trial, interaction, unless_shuffled(interaction, rows), names)


def _chosen(item: Item, trial: Trial, interaction: Element, rows: Rows, names: Mapping[str, str]) -> Fitted:
    variable, most = item.variable_of(interaction), number(interaction, "maxChoices", 1)
    kind = said_kind(item)
    if variable.cardinality == "single" and kind is not Kind.MULTIPLE:
        slot = Slot(Kind.SINGLE, variable, rows, names)
        found = fit_slots(item, trial, [slot], Kind.SINGLE, anything)
        return _true_false(found) if kind in (None, Kind.TRUE_FALSE) else found
    tell_limits(item, interaction, len(rows))
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
    return replace(
        found,
        kind=Kind.TRUE_FALSE,
        body={"right": [ids[each] for each in found.body["right"]]},
        respond=lambda answer: respond({CHOSEN: [words[each] for each in answer.get(CHOSEN, ())]}),
        answers=[{CHOSEN: [ids[each] for each in answer[CHOSEN]]} if answer else {} for answer in found.answers],
    )


def hottext(item: Item, trial: Trial, interaction: Element) -> Fitted:
    rows, names = rows_from(item, list(interaction.iter("hottext")))
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="hottextInteraction", now="options")
    return _chosen(item, trial, interaction, [{**row, "fixed": True} for row in rows], names)
