"""What an item of QTI 1.2 says, as XML of ours."""

from __future__ import annotations

import re
from html import escape

from lxml import etree, html

from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.writing.markup import xml_text
from quizzes.formats.safe_xml import Element

RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")


def metadata(element: Element | None) -> dict[str, str]:
    """What fields of metadata say, by their labels."""
    found: dict[str, str] = {}
    for each in () if element is None else element.iter("qtimetadatafield"):
        label, entry = each.find("fieldlabel"), each.find("fieldentry")
        if label is not None and entry is not None:
            found[text_of(label).strip()] = text_of(entry).strip()
    for each in () if element is None else element.iter("qmd_itemtype", "bbmd_questiontype"):
        found.setdefault("question_type", text_of(each).strip())
    return found


def markup_of(element: Element | None) -> str:
    """The HTML that materials hold, without those of responses."""
    if element is None:
        return ""
    if element.tag == "mattext":
        text = text_of(element)
        is_html = element.get("texttype", "text/plain").lower() in ("text/html", "text/xhtml") or len(element) > 0
        if len(element):
            return "".join(etree.tostring(each, encoding="unicode") for each in element)
        return text if is_html else f"<div>{escape(text, quote=False)}</div>" if text.strip() else ""
    if element.tag == "matimage":
        return f'<img src="{escape(element.get("uri", ""))}" alt="{escape(element.get("label", ""))}">'
    if element.tag == "mataudio":
        return f'<audio src="{escape(element.get("uri", ""))}" title="{escape(element.get("label", ""))}"></audio>'
    return "".join(markup_of(each) for each in element if each.tag not in RESPONSES and each.tag != "render_choice")


def filled(element: Element, markup: str) -> Element:
    """The element with this HTML of strangers in it, mended."""
    if not markup.strip():
        return element
    # A text that is no document keeps its words outside of elements this way.
    root = html.fragment_fromstring(f"<div>{xml_text(markup)}</div>", create_parent="div")
    for each in root.iter():
        for name in list(each.attrib):
            if not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
                del each.attrib[name]
        if isinstance(each.tag, str) and not re.fullmatch(r"[A-Za-z_][\w.-]*", each.tag):
            each.tag = "span"
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    for each in root.iter():
        if not isinstance(each.tag, str):
            each.tag = "span"
    while (
        len(root) == 1 and root[0].tag == "div" and not (root.text or "").strip() and not (root[0].tail or "").strip()
    ):
        root = root[0]
    root.tail = None
    element.append(root)
    return element
