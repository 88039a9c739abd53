"""The names of QTI 2 as bytes: in a namespace, and with the dashes of QTI 3 where there are to be any."""

from __future__ import annotations

import re

from lxml import etree

from quizzes import rich
from quizzes.formats.safe_xml import Element

LOM = "http://ltsc.ieee.org/xsd/LOM"
_BODIED = ("modalFeedback", "rubricBlock")
_STRETCH = re.compile(r"(?<=[a-z0-9])([A-Z])")


def as_bytes(root: Element, namespace: str, *, is_dashed: bool = False) -> bytes:
    """The tree in this namespace, without prefixes."""
    whole = etree.Element(f"{{{namespace}}}{root.tag}", attrib=dict(root.attrib), nsmap={None: namespace, "lom": LOM})
    whole.text = root.text
    whole.extend(list(root))
    if is_dashed:
        for each in list(whole.iter(*_BODIED)):
            _put_into_body(each)
    for each in whole.iter():
        name = etree.QName(each).localname
        if each.tag.startswith(f"{{{LOM}}}"):
            continue
        is_html = name in rich.BLOCK or name == "object"
        if is_dashed and not is_html:
            for said, value in list(each.attrib.items()):
                if dashed(said) != said:
                    del each.attrib[said]
                    each.set(dashed(said), value)
        each.tag = f"{{{namespace}}}{name if is_html or not is_dashed else 'qti-' + dashed(name)}"
    etree.cleanup_namespaces(whole)
    return bytes(etree.tostring(whole, xml_declaration=True, encoding="UTF-8"))


def dashed(name: str) -> str:
    return _STRETCH.sub(lambda found: "-" + found[1].lower(), name)


def _put_into_body(element: Element) -> None:
    """What QTI 3 wants to have in an element of its own."""
    body = etree.Element("contentBody")
    body.text, element.text = element.text, None
    body.extend(list(element))
    element.append(body)
