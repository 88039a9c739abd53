"""What is chosen: from a list, in a text, in a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quizzes import rich
from quizzes.formats.qti.declarations import coords_of
from quizzes.formats.qti.fitting import Fitted, fit, fit_multiple, fit_slots
from quizzes.formats.qti.items import Item
from quizzes.formats.qti.names import number
from quizzes.formats.qti.shapes.rows import Rows, anything, rows_from, said_kind, tell_limits, unless_shuffled
from quizzes.formats.qti.slots import Slot
from quizzes.formats.qti.trying import Trial
from quizzes.formats.reports import Odd
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import rows_of
from quizzes.kinds import CHOSEN, Kind
from quizzes.kinds.choices import ALL_OR_NOTHING
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


def hotspot(item: Item, trial: Trial, interaction: Element) -> Fitted | None:
    picture = next(iter(interaction.iter("object", "img")), None)
    media = None if picture is None else item.content.taken(picture.get("data") or picture.get("src") or "", picture)
    spots = list(interaction.iter("hotspotChoice"))
    if picture is None or len(spots) < 2:
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
        found = fit_slots(item, trial, [Slot(Kind.SINGLE, variable, rows, names)], Kind.SINGLE, anything)
    else:
        tell_limits(item, interaction, len(rows))
        found = fit_multiple(item, trial, rows, names, variable.name, number(interaction, "maxChoices", 1), 0)
    body = {"image": media.key if media else "", "alt": alt, "areas": areas, "right": found.body["right"]}
    bodies = [body, {**body, "scoring": ALL_OR_NOTHING}] if trial.is_ruled else [body]
    if len(body["right"]) < 2:
        # Then one place can be chosen here.
        found.answers = [each for each in found.answers if len(each.get(CHOSEN, ())) < 2]
    found.kind = Kind.HOTSPOT
    return fit(trial, bodies, found)
