"""What of an item of QTI 1.2 nobody reads: each element, attribute and field of metadata is carried over or told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from quizzes.formats.model import Place
from quizzes.formats.qti.declarations import text_of
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element

_COMPARES = {"respident"}
READ: Mapping[str, Collection[str]] = {
    "item": {"ident", "title"},
    "itemmetadata": (),
    "qtimetadata": (),
    "qtimetadatafield": (),
    "fieldlabel": (),
    "fieldentry": (),
    "qmd_itemtype": (),
    "bbmd_questiontype": (),
    "presentation": (),
    "flow": (),
    "flow_mat": (),
    "flow_label": (),
    "material": (),
    "mattext": {"texttype", "charset"},
    "matemtext": {"texttype", "charset"},
    "matimage": {"uri", "label", "imagtype"},
    "mataudio": {"uri", "label", "audiotype"},
    "matbreak": (),
    "response_lid": {"ident", "rcardinality"},
    "response_str": {"ident", "rcardinality"},
    "response_num": {"ident", "rcardinality"},
    "render_choice": {"shuffle"},
    "render_fib": {"fibtype"},
    "response_label": {"ident", "rshuffle"},
    "resprocessing": (),
    "outcomes": (),
    "decvar": {"maxvalue", "varname", "vartype", "minvalue"},
    "respcondition": {"continue"},
    "conditionvar": (),
    "and": (),
    "or": (),
    "not": (),
    "other": (),
    "unanswered": _COMPARES,
    "varequal": {*_COMPARES, "case"},
    "vargte": _COMPARES,
    "varlte": _COMPARES,
    "vargt": _COMPARES,
    "varlt": _COMPARES,
    "setvar": {"action", "varname"},
    "displayfeedback": {"linkrefid", "feedbacktype"},
    "itemfeedback": {"ident"},
    "itemproc_extension": (),
    "calculated": (),
    "answer_tolerance": (),
    "var_sets": (),
    "var_set": {"ident"},
    "var": {"name"},
    "answer": (),
}
"""Of each element the attributes that are read."""
_USUAL = {
    "minvalue": {"0", "0.0"},
    "view": {"All"},
    "minnumber": {"0", "1"},
    "rtiming": {"No"},
    "rarea": {"Ellipse"},
    "scoremodel": {"SumOfScores"},
}
_LOOKS = {
    *("label", "lang", "width", "height", "x0", "y0", "rows", "columns", "maxchars", "prompt", "orientation", "class"),
    *("title", "encoding", "schemaLocation", "noNamespaceSchemaLocation", "space", "respident", "id"),
}
_FIELDS = {"question_type", "points_possible", "original_answer_ids", "assessment_question_identifierref"}
"""Of metadata those that are read, or name what nobody asks for."""


def tell_unread(item: Element, place: Place, report: Reporter) -> None:
    looks: set[str] = set()
    for element in _elements(item):
        tag, line = str(element.tag), Place(element.sourceline or place.line, place.item)
        if tag not in READ:
            report.loss(Odd.NOT_KEPT, line, what=tag)
            continue
        for name, value in element.attrib.items():
            if name in READ[tag] or value.strip() in _USUAL.get(name, ()):
                continue
            if name in _LOOKS:
                looks.add(name)
            else:
                report.loss(Odd.NOT_KEPT, line, what=f"{tag} {name}")
        if tag == "fieldlabel" and text_of(element).strip() not in _FIELDS:
            report.note(Odd.NOT_KEPT, line, what=text_of(element).strip())
    if looks:
        report.note(Odd.NOT_KEPT, place, what=", ".join(sorted(looks)))


def _elements(element: Element) -> Iterator[Element]:
    """All but those within one that is told as a whole, or within a text, whose tags are told where it is cleaned."""
    yield element
    if element.tag in READ and element.tag != "mattext":
        for each in element:
            yield from _elements(each)
