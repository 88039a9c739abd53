"""One set of names for all versions, those of QTI 2: what QTI 3 calls `qti-choice-interaction` is `choiceInteraction`.

Namespaces fall away, prefixes with them. Attributes of QTI 3 lose their dashes, but for `data-` and `aria-`.
"""

from __future__ import annotations

import re

from quizzes.formats.safe_xml import Element, name_of

_NEW = "qti-"
_DASH = re.compile(r"-([a-z0-9])")
INTERACTION, IDENTIFIER = "Interaction", "dentifier"
OURS = "mentoring"
"""The tool that files of ours name."""
MEDIA = "mediaInteraction"
"""Asks nothing, and shows what is in it."""


def normalized(root: Element) -> Element:
    """The same tree with names of QTI 2."""
    for element in root.iter():
        name = name_of(element)
        if not name:
            continue
        is_new = name.startswith(_NEW)
        element.tag = camel(name.removeprefix(_NEW)) if is_new else name
        for said, value in list(element.attrib.items()):
            short = said.rpartition("}")[2]
            wanted = camel(short) if is_new and not short.startswith(("data-", "aria-")) else short
            # Names are tokens of XML, around which spaces mean nothing.
            meant = value.strip() if wanted.endswith(IDENTIFIER) else value
            if wanted != said:
                del element.attrib[said]
                if wanted not in element.attrib:
                    element.set(wanted, meant)
            elif meant != value:
                element.set(said, meant)
    return root


def camel(name: str) -> str:
    return _DASH.sub(lambda found: found[1].upper(), name)


def number(element: Element, name: str, usual: int) -> int:
    """A whole number that an attribute says."""
    said = element.get(name, "").strip()
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else usual


def in_class(element: Element, name: str) -> list[str]:
    """What files of ours say in a class: of `weight-2` the 2."""
    words = element.get("class", "").split()
    return [each.removeprefix(f"{name}-") for each in words if each.startswith(f"{name}-")]


def number_in_class(element: Element, name: str) -> int:
    said = [each for each in in_class(element, name) if each.isascii() and each.isdigit() and len(each) < 6]
    return int(said[0]) if said else 0


def is_true(element: Element, name: str) -> bool:
    return element.get(name, "false").strip() in ("true", "1")
