"""What is put in order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from quizzes.formats.qti.fitting import Fitted, fit_listed, fit_order
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import in_class
from quizzes.formats.qti.shapes.rows import rows_from
from quizzes.formats.qti.trying import Trial
from quizzes.formats.qti.values import items_of, several
from quizzes.formats.qti.wrong import Wrong
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of

MOST_LISTED = 4
"""Things whose orders are all written down."""


def order(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
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
    rows, names = rows_from(item, [by_name[each] for each in order])
    rows = [{name: value for name, value in row.items() if name != "fixed"} for row in rows]
    found = fit_order(item, trial, rows, names, variable.name, in_class(interaction, "scoring"))
    if not found.differ or len(rows) > MOST_LISTED:
        return found
    listed = _listed(item, trial, variable.name, [by_name[each] for each in order])
    if listed.differ:
        return found
    item.report.note(Odd.KEPT_AS, item.line(interaction), what="orderInteraction", now="orders to choose from")
    return listed


def _listed(item: Item, trial: Trial, response: str, things: Sequence[Element]) -> Fitted:
    """Every order as something to choose, in the order of the alphabet, for rules that no scoring of ours says."""
    said = {each.get("identifier", ""): item.content.words(each) for each in things}
    orders = sorted(permutations(said), key=lambda names: [said[name].casefold() for name in names])
    rows = rows_of(" \u2013 ".join(said[name] for name in names) for names in orders)
    held = {
        str(row["id"]): {response: several(list(names), is_ordered=True)}
        for row, names in zip(rows, orders, strict=True)
    }
    return fit_listed(trial, rows, held)
