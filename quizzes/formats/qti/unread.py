"""What of an item nobody reads: each element and attribute is carried over or told, here or by whoever meets it.

`READ` names what is read. What stands in rules is read by the interpreter, which tells what it does not know; of what
is HTML the tags are told where texts are cleaned. What only says how things look or sound is told once for an item.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from quizzes.formats.model import Place
from quizzes.formats.qti.names import OURS
from quizzes.formats.qti.processing import LEAVES, RULE_NAMES
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element

_VARIABLE = {"identifier", "cardinality", "baseType"}
_CHOICE = {"identifier", "fixed"}
_ASKS = {"responseIdentifier"}
_FEEDBACK = {"outcomeIdentifier", "showHide", "identifier"}
_TABLE = {"defaultValue"}
READ: Mapping[str, Collection[str]] = {
    "assessmentItem": {"identifier", "title", "adaptive", "toolName", "toolVersion"},
    "responseDeclaration": _VARIABLE,
    "outcomeDeclaration": {*_VARIABLE, "normalMaximum"},
    "templateDeclaration": _VARIABLE,
    "correctResponse": (),
    "defaultValue": (),
    "value": {"baseType"},
    "mapping": {"defaultValue", "lowerBound", "upperBound"},
    "mapEntry": {"mapKey", "mappedValue", "caseSensitive"},
    "areaMapping": {"defaultValue", "lowerBound", "upperBound"},
    "areaMapEntry": {"shape", "coords", "mappedValue"},
    "matchTable": _TABLE,
    "matchTableEntry": {"sourceValue", "targetValue"},
    "interpolationTable": _TABLE,
    "interpolationTableEntry": {"sourceValue", "targetValue", "includeBoundary"},
    "assessmentStimulusRef": {"href", "identifier", "title"},
    "itemBody": (),
    "contentBody": (),
    "prompt": (),
    "rubricBlock": {"view"},
    "modalFeedback": _FEEDBACK,
    "feedbackBlock": _FEEDBACK,
    "feedbackInline": _FEEDBACK,
    "templateBlock": {"templateIdentifier", "showHide", "identifier"},
    "templateInline": {"templateIdentifier", "showHide", "identifier"},
    "printedVariable": {"identifier"},
    "choiceInteraction": {*_ASKS, "shuffle", "maxChoices", "minChoices"},
    "simpleChoice": _CHOICE,
    "hottextInteraction": {*_ASKS, "maxChoices", "minChoices"},
    "hottext": _CHOICE,
    "inlineChoiceInteraction": {*_ASKS, "shuffle"},
    "inlineChoice": _CHOICE,
    "textEntryInteraction": {*_ASKS, "patternMask"},
    "extendedTextInteraction": {*_ASKS, "expectedLines"},
    "gapMatchInteraction": _ASKS,
    "gapText": {"identifier", "matchMax"},
    "gapImg": {"identifier", "matchMax"},
    "gap": {"identifier"},
    "orderInteraction": _ASKS,
    "matchInteraction": {*_ASKS, "maxAssociations", "minAssociations"},
    "simpleMatchSet": (),
    "simpleAssociableChoice": {*_CHOICE, "matchMax"},
    "associateInteraction": {*_ASKS, "maxAssociations", "minAssociations"},
    "sliderInteraction": {*_ASKS, "lowerBound", "upperBound", "step"},
    "uploadInteraction": {*_ASKS, "type"},
    "hotspotInteraction": {*_ASKS, "maxChoices", "minChoices"},
    "hotspotChoice": {"identifier", "shape", "coords", "hotspotLabel", "label"},
    "object": {"data", "type", "width", "height", "alt", "title", "aria-label"},
    "endAttemptInteraction": _ASKS,
    "responseProcessing": {"template"},
    "templateProcessing": (),
}
"""Of each element of an item the attributes that are read, here with the names of QTI 2."""
USUAL: Mapping[str, Collection[str]] = {
    "timeDependent": {"false", "0"},
    "required": {"false", "0"},
    "matchMin": {"0"},
    "externalScored": {"none"},
    "stepLabel": {"false", "0"},
    "reverse": {"false", "0"},
    "fixed": {"false", "0"},
    "shuffle": {"true", "1"},
    "minChoices": {"0"},
    "minStrings": {"0"},
    "maxStrings": {"1"},
    "format": {"plain"},
}
"""What attributes say where they say nothing new."""
_BY_PEOPLE = ("extendedTextInteraction", "uploadInteraction")
_SCORED_BY_PEOPLE = ("externalScored", "human")
"""As such interactions are here, whether or not anything says so; and where nothing is asked, nothing is scored."""
_OF_FILES = {"schemaLocation", "noNamespaceSchemaLocation"}
_KEPT_OF_HTML = {
    *("dir", "lang", "title", "href", "alt", "src", "width", "height", "colspan", "rowspan", "scope", "start", "data"),
    *("type", "rel", "controls"),
}
_LOOKS = {
    *("class", "id", "lang", "label", "base", "dir", "role", "style", "orientation", "expectedLength", "space"),
    *("expectedLines", "suppressTts", "audience", "autocomplete", "spellcheck", "placeholderText"),
}
_OF_RULES = {
    *("identifier", "baseType", "template", "templateLocation", "tolerance", "toleranceMode", "includeLowerBound"),
    *("includeUpperBound", "caseSensitive", "substring", "pattern", "n", "min", "max", "step", "figures", "name"),
    *("roundingMode", "numberRepeats", "shape", "coords", "title"),
}
"""Attributes that the interpreter reads."""
_RULES = ("responseProcessing", "templateProcessing")
_OF_ITEMS = {
    *("responseDeclaration", "outcomeDeclaration", "templateDeclaration", "assessmentStimulusRef", "itemBody"),
    *(*_RULES, "modalFeedback"),
}
"""What an item consists of."""
_HOLDING_TEXTS = {
    *("itemBody", "contentBody", "prompt", "rubricBlock", "modalFeedback", "feedbackBlock", "feedbackInline"),
    *("templateBlock", "templateInline", "simpleChoice", "hottext", "inlineChoice", "gapText", "gapImg"),
    *("simpleAssociableChoice", "hottextInteraction", "gapMatchInteraction"),
}
"""In which HTML stands, whose tags are told where texts are cleaned."""
_PICTURES = {"object", "img", "picture"}
_NEVER_SHOWN = {"stylesheet", "catalogInfo", "companionMaterialsInfo", "apipAccessibility"}


def tell_unread(root: Element, place: Place, report: Reporter, *, is_ruled: bool = True) -> None:
    """Whatever stands in the item and is read nowhere; of rules that are not followed it is told already why."""
    looks: set[str] = set()
    asks = {str(each.tag) for each in root.iter() if str(each.tag).endswith("Interaction")}
    is_by_people = not asks or not asks.isdisjoint(_BY_PEOPLE)
    for element, is_rule in _elements(root):
        tag, line = str(element.tag), Place(element.sourceline or place.line, place.item)
        if _is_unknown_rule(element) if is_rule else _is_passed_over(element, root):
            if is_ruled or not is_rule:
                report.loss(Odd.NOT_KEPT, line, what=tag)
            continue
        for name, value in element.attrib.items():
            if is_rule:
                if name not in _OF_RULES:
                    report.loss(Odd.NOT_KEPT, line, what=f"{tag} {name}")
            elif _is_look(tag, name):
                looks.add(name)
            elif not (_is_read(tag, name, value) or (is_by_people and (name, value) == _SCORED_BY_PEOPLE)):
                report.loss(Odd.NOT_KEPT, line, what=f"{tag} {name}")
    if root.get("toolName") == OURS:
        # There classes say what QTI has no words for.
        looks.discard("class")
    if looks:
        report.note(Odd.NOT_KEPT, place, what=", ".join(sorted(looks)))


def _elements(root: Element) -> Iterator[tuple[Element, bool]]:
    """All but those within what is told as a whole, and whether they are rules."""
    yield root, False
    for child in root:
        is_rule = child.tag in _RULES
        for each in child.iter() if child.tag in _OF_ITEMS else (child,):
            yield each, is_rule


def _is_unknown_rule(element: Element) -> bool:
    above = element.getparent()
    return element.tag not in RULE_NAMES or (above is not None and above.tag in LEAVES)


def _is_passed_over(element: Element, root: Element) -> bool:
    above = element.getparent()
    if element is root or above is None:
        return False
    if element.tag in _NEVER_SHOWN or element.tag in _PICTURES:
        return element.tag in _NEVER_SHOWN
    if above is root:
        return element.tag not in _OF_ITEMS
    return element.tag not in READ and above.tag in READ and above.tag not in _HOLDING_TEXTS


def _is_look(tag: str, name: str) -> bool:
    if name in READ.get(tag, _KEPT_OF_HTML):
        return False
    return tag not in READ or name in _LOOKS or name.startswith(("data-", "aria-"))


def _is_read(tag: str, name: str, value: str) -> bool:
    return name in READ.get(tag, _KEPT_OF_HTML) or name in _OF_FILES or value.strip() in USUAL.get(name, ())
