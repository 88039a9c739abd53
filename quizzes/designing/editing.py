"""Changes of a plan, each giving a new one: sections and slots are named by their numbers from 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from quizzes.designing.plan import Plan, SectionPlan, SlotPlan


class NotThere(LookupError):
    """The plan has no such section or slot."""


def section_of(plan: Plan, number: int) -> SectionPlan:
    if not 1 <= number <= len(plan.sections):
        raise NotThere
    return plan.sections[number - 1]


def slot_of(plan: Plan, number: int) -> SlotPlan:
    slots = list(plan.slots)
    if not 1 <= number <= len(slots):
        raise NotThere
    return slots[number - 1]


def add_section(plan: Plan, section: SectionPlan) -> Plan:
    return replace(plan, sections=(*plan.sections, section))


def put_section(plan: Plan, number: int, section: SectionPlan) -> Plan:
    section_of(plan, number)
    return replace(plan, sections=(*plan.sections[: number - 1], section, *plan.sections[number:]))


def remove_section(plan: Plan, number: int) -> Plan:
    """Without that section and what is in it; the last one is emptied."""
    section_of(plan, number)
    left = (*plan.sections[: number - 1], *plan.sections[number:])
    return replace(plan, sections=left or (SectionPlan(),))


def add_slot(plan: Plan, section: int, slot: SlotPlan) -> Plan:
    found = section_of(plan, section)
    return put_section(plan, section, replace(found, slots=(*found.slots, slot)))


def add_slots(plan: Plan, section: int, slots: Iterable[SlotPlan]) -> Plan:
    return reduce(lambda changed, slot: add_slot(changed, section, slot), slots, plan)


def put_slot(plan: Plan, number: int, slot: SlotPlan) -> Plan:
    return _changed(plan, number, (slot,))


def remove_slot(plan: Plan, number: int) -> Plan:
    return _changed(plan, number, ())


def raise_slot(plan: Plan, number: int) -> Plan:
    """The slot before the one before it; the first of a section goes to the end of the section before."""
    section, place = _place(plan, number)
    if place:
        return _put_at(plan, number, section, place - 1)
    return plan if section == 1 else _put_at(plan, number, section - 1, len(plan.sections[section - 2].slots))


def lower_slot(plan: Plan, number: int) -> Plan:
    """The slot after the one after it; the last of a section goes to the beginning of the section after."""
    section, place = _place(plan, number)
    if place + 1 < len(plan.sections[section - 1].slots):
        return _put_at(plan, number, section, place + 1)
    return plan if section == len(plan.sections) else _put_at(plan, number, section + 1, 0)


def move_slot(plan: Plan, number: int, to: int) -> Plan:
    """The slot where that other one stands, which makes way."""
    return _put_at(plan, number, *_place(plan, to))


def _put_at(plan: Plan, number: int, section: int, place: int) -> Plan:
    """The slot in this place of this section, counted from 0 without the slot itself."""
    slot = slot_of(plan, number)
    without = remove_slot(plan, number)
    found = without.sections[section - 1]
    slots = (*found.slots[:place], slot, *found.slots[place:])
    return put_section(without, section, replace(found, slots=slots))


def _changed(plan: Plan, number: int, instead: tuple[SlotPlan, ...]) -> Plan:
    section, place = _place(plan, number)
    found = plan.sections[section - 1]
    slots = (*found.slots[:place], *instead, *found.slots[place + 1 :])
    return put_section(plan, section, replace(found, slots=slots))


def _place(plan: Plan, number: int) -> tuple[int, int]:
    """The number of the slot's section, and where it stands in it from 0."""
    slot_of(plan, number)
    before = number - 1
    for section, each in enumerate(plan.sections, start=1):
        if before < len(each.slots):
            return section, before
        before -= len(each.slots)
    raise NotThere
