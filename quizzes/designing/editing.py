"""Changes of a plan, each giving a new one: sections and slots are named by their numbers from 1."""

from __future__ import annotations

from dataclasses import replace

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


def put_slot(plan: Plan, number: int, slot: SlotPlan) -> Plan:
    return _changed(plan, number, (slot,))


def remove_slot(plan: Plan, number: int) -> Plan:
    return _changed(plan, number, ())


def raise_slot(plan: Plan, number: int) -> Plan:
    """The slot before the one before it, in its section; the first one stays."""
    section, place = _place(plan, number)
    slots = list(plan.sections[section - 1].slots)
    if place:
        slots[place - 1], slots[place] = slots[place], slots[place - 1]
    return put_section(plan, section, replace(plan.sections[section - 1], slots=tuple(slots)))


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
