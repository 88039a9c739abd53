"""An item of QTI 1.2 as one of QTI 2."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

from lxml import etree, html

from quizzes.formats.numbers import approximately
from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.older.conditions import translated
from quizzes.formats.qti.reading import MADE_UP
from quizzes.formats.qti.values import number_of
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import made, xml_text
from quizzes.formats.safe_xml import Element

GAP = "x-gap"
_HUNDRED = Fraction(100)
_FIRST_ONLY = ("material", "mattext")
_RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")


@dataclass(frozen=True)
class NoSuchKind(Exception):
    """There is nothing like this question here; says what it is."""

    what: str


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
    return "".join(markup_of(each) for each in element if each.tag not in _RESPONSES and each.tag != "render_choice")


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


@dataclass
class _Made:
    """An item while it is made."""

    item: Element
    about: Mapping[str, str]
    declared: list[Element] = field(default_factory=list)
    body: Element = field(default_factory=lambda: made("itemBody"))
    equal: Callable[[Element], Element] = field(default=lambda each: made("null"))

    @property
    def type(self) -> str:
        return self.about.get("question_type", "")

    @property
    def scale(self) -> Fraction:
        points = number_of(self.about.get("points_possible", ""))
        if points is None:
            return Fraction(1)
        said = [number_of(each.get("maxvalue", "")) for each in self.item.iter("decvar")]
        most = next((each for each in said if each), _HUNDRED)
        return points / most

    def declare(self, name: str, cardinality: str, base: str, correct: Sequence[str] = ()) -> None:
        values = made("correctResponse", *(made("value", each) for each in correct)) if correct else None
        about = {"identifier": name, "cardinality": cardinality, "baseType": base}
        self.declared.append(made("responseDeclaration", values, **about))

    def right(self, response: str = "") -> list[Element]:
        """What has to be equal in the conditions that earn most, or in any that earns something."""
        found: list[tuple[Fraction, list[Element]]] = []
        for condition in self.item.iter("respcondition"):
            worth = max(
                (number_of(text_of(each)) or Fraction(0) for each in condition.iter("setvar")), default=Fraction(0)
            )
            said = [
                each
                for each in condition.iter("varequal")
                if (not response or each.get("respident") == response)
                and not any(above.tag == "not" for above in each.iterancestors())
            ]
            if worth > 0 and said:
                found.append((worth, said))
        best = max((worth for worth, _said in found), default=Fraction(0))
        return [each for worth, said in found if worth == best for each in said]


def as_item(item: Element) -> Element:
    """The same as an item of QTI 2.

    Raises NoSuchKind.
    """
    it = _Made(item, metadata(item.find("itemmetadata")))
    presentation = item.find("presentation")
    responses = [] if presentation is None else list(presentation.iter(*_RESPONSES))
    text = markup_of(presentation)
    shape = _shape(it, responses)
    shape(it, responses, text)
    feedback = {each.get("ident", ""): f"f{place}" for place, each in enumerate(item.iter("itemfeedback"))}
    points = number_of(it.about.get("points_possible", ""))
    most = None if points is None else approximately(points)
    score = {"cardinality": "single", "baseType": "float", "normalMaximum": most}
    comments = {"cardinality": "multiple", "baseType": "identifier"}
    return made(
        "assessmentItem",
        *it.declared,
        made("outcomeDeclaration", identifier="SCORE", **score),
        made("outcomeDeclaration", identifier="FEEDBACK", **comments),
        it.body,
        _processing(it, feedback),
        *_comments(item, feedback),
        identifier="" if item.get("ident", "").startswith(MADE_UP) else item.get("ident", ""),
        title=item.get("title", ""),
    )


def _processing(it: _Made, feedback: Mapping[str, str]) -> Element:
    found = translated(it.item, it.equal, it.scale, feedback)
    if it.type == "multiple_answers_question":
        _by_right_minus_wrong(it, found)
    return found


def _by_right_minus_wrong(it: _Made, found: Element) -> None:
    """Canvas does not do what it writes here: each right answer earns its share, each wrong one takes it away."""
    right = [text_of(each).strip() for each in it.right()]
    names = [each.get("ident", "") for each in it.item.iter("response_label")]
    points = number_of(it.about.get("points_possible", "")) or Fraction(1)
    if not right:
        return
    share = points / len(set(right))
    mapping = rules.mapping([(name, share if name in right else -share) for name in names])
    it.declared[0].append(mapping)
    for each in list(found.iter("setOutcomeValue")):
        if each.get("identifier") == "SCORE":
            each.getparent().remove(each)
    for each in list(found):
        if not list(each.iter("setOutcomeValue")):
            found.remove(each)
    found.insert(0, rules.set_score(made("mapResponse", identifier=it.declared[0].get("identifier"))))


def _comments(item: Element, feedback: Mapping[str, str]) -> list[Element]:
    found = []
    for each in item.iter("itemfeedback"):
        about = {"outcomeIdentifier": "FEEDBACK", "identifier": feedback[each.get("ident", "")], "showHide": "show"}
        found.append(filled(made("modalFeedback", **about), markup_of(each)))
    return found


Shape = Callable[[_Made, list[Element], str], None]


def _shape(it: _Made, responses: Sequence[Element]) -> Shape:
    if it.type in _TYPES:
        return _TYPES[it.type]
    tags = [str(each.tag) for each in responses]
    if it.type in ("calculated_question", "hot_spot_question") or set(tags) - set(_RESPONSES[:3]):
        raise NoSuchKind(it.type or next(each for each in tags if each not in _RESPONSES[:3]))
    if not responses:
        return _nothing
    if all(each == "response_lid" for each in tags):
        if len(tags) == 1:
            is_order = responses[0].get("rcardinality", "") == "Ordered"
            return _order if is_order else _choice
        if all(each.get("rcardinality") == "Multiple" for each in responses):
            return _categories
        return _matching if len({tuple(_names(each)) for each in responses}) == 1 else _lists
    if all(each != "response_lid" for each in tags):
        if len(tags) > 1:
            return _blanks
        return _line if it.right() or _compares(it.item) else _essay
    raise NoSuchKind(", ".join(dict.fromkeys(tags)))


def _compares(item: Element) -> bool:
    return next(item.iter("vargte", "varlte", "vargt", "varlt"), None) is not None


def _names(response: Element) -> list[str]:
    return [each.get("ident", "") for each in response.iter("response_label")]


def _labels(response: Element, tag: str, **more: str) -> list[Element]:
    """The things to choose from."""
    found = []
    for each in response.iter("response_label"):
        about = {"identifier": each.get("ident", ""), "fixed": "true" if each.get("rshuffle") == "No" else None, **more}
        found.append(filled(made(tag, **about), markup_of(each)))
    return found


def _nothing(it: _Made, _responses: list[Element], text: str) -> None:
    filled(it.body, text)


def _is_shuffled(response: Element) -> str:
    said = [each.get("shuffle", "").lower() for each in response.iter("render_choice")]
    return "false" if said == ["no"] else "true"


def _choice(it: _Made, responses: list[Element], text: str) -> None:
    if not responses:
        raise NoSuchKind(it.type or "item")
    response = responses[0]
    name, several = response.get("ident", ""), response.get("rcardinality", "Single") == "Multiple"
    right = list(dict.fromkeys(text_of(each).strip() for each in it.right(name)))
    it.declare(name, "multiple" if several else "single", "identifier", right if several else right[:1])
    it.equal = lambda each: made("member" if several else "match", *_of_choice(each, several=several))
    filled(it.body, text)
    about = {"responseIdentifier": name, "maxChoices": "0" if several else "1", "shuffle": _is_shuffled(response)}
    it.body.append(made("choiceInteraction", *_labels(response, "simpleChoice"), **about))


def _of_choice(each: Element, *, several: bool) -> list[Element]:
    value, held = rules.identifier(text_of(each).strip()), rules.variable(each.get("respident", ""))
    return [value, held] if several else [held, value]


def _order(it: _Made, responses: list[Element], text: str) -> None:
    response = responses[0]
    name = response.get("ident", "")
    right = [text_of(each).strip() for each in it.right(name)]
    right = list(dict.fromkeys(right)) or _names(response)
    it.declare(name, "ordered", "identifier", right)
    places = {
        each: place
        for condition in it.item.iter("respcondition")
        for place, each in enumerate(condition.iter("varequal"))
    }

    def equal(each: Element) -> Element:
        place = places.get(each, 0)
        return made(
            "match", made("index", rules.variable(name), n=str(place + 1)), rules.identifier(text_of(each).strip())
        )

    it.equal = equal
    filled(it.body, text)
    it.body.append(
        made("orderInteraction", *_labels(response, "simpleChoice"), responseIdentifier=name, shuffle="true")
    )


def _matching(it: _Made, responses: list[Element], text: str) -> None:
    """Each response is a row, and all have the same labels."""
    labels = {each.get("ident", ""): each for response in responses for each in response.iter("response_label")}
    rows = [
        filled(made("simpleAssociableChoice", identifier=each.get("ident", ""), matchMax="1"), markup_of(each))
        for each in responses
    ]
    choices = [
        filled(made("simpleAssociableChoice", identifier=name, matchMax="0"), markup_of(each))
        for name, each in labels.items()
    ]
    _match(it, text, rows, choices, lambda each: f"{each.get('respident', '')} {text_of(each).strip()}")


def _categories(it: _Made, responses: list[Element], text: str) -> None:
    """Each response is a category, which takes several labels."""
    labels = {each.get("ident", ""): each for response in responses for each in response.iter("response_label")}
    rows = [
        filled(made("simpleAssociableChoice", identifier=name, matchMax="1"), markup_of(each))
        for name, each in labels.items()
    ]
    choices = [
        filled(made("simpleAssociableChoice", identifier=each.get("ident", ""), matchMax="0"), markup_of(each))
        for each in responses
    ]
    _match(it, text, rows, choices, lambda each: f"{text_of(each).strip()} {each.get('respident', '')}")


def _match(it: _Made, text: str, rows: list[Element], choices: list[Element], pair: Callable[[Element], str]) -> None:
    it.declare("RESPONSE", "multiple", "directedPair", list(dict.fromkeys(pair(each) for each in it.right())))
    it.equal = lambda each: made(
        "member", made("baseValue", pair(each), baseType="directedPair"), rules.variable("RESPONSE")
    )
    filled(it.body, text)
    sets = (made("simpleMatchSet", *each) for each in (rows, choices))
    it.body.append(made("matchInteraction", *sets, responseIdentifier="RESPONSE", maxAssociations="0", shuffle="true"))


def _lists(it: _Made, responses: list[Element], text: str) -> None:
    """Lists to choose from amid the text, each at its name in brackets."""
    interactions = {}
    for response in responses:
        name = response.get("ident", "")
        right = [text_of(each).strip() for each in it.right(name)]
        it.declare(name, "single", "identifier", right[:1])
        about = {"responseIdentifier": name, "shuffle": _is_shuffled(response)}
        interactions[_called(response)] = made("inlineChoiceInteraction", *_labels(response, "inlineChoice"), **about)
    it.equal = lambda each: made("match", *_of_choice(each, several=False))
    _amid(it, text, interactions)


def _blanks(it: _Made, responses: list[Element], text: str) -> None:
    """Blanks to be filled in; whatever labels a blank has is right in it."""
    interactions, answers = {}, dict[str, list[str]]()
    for response in responses:
        name = response.get("ident", "")
        answers[name] = ["".join(each.itertext()).strip() for each in response.iter("response_label")]
        said = [text_of(each).strip() for each in it.right(name)]
        right = [each for each in answers[name] if each] or said
        it.declare(name, "single", "string", right[:1])
        interactions[_called(response)] = made("textEntryInteraction", responseIdentifier=name)

    def equal(each: Element) -> Element:
        name = each.get("respident", "")
        texts = [text for text in answers.get(name, ()) if text] or [text_of(each).strip()]
        found = [_typed(name, text) for text in texts]
        return found[0] if len(found) == 1 else made("or", *found)

    it.equal = equal
    _amid(it, text, interactions)


def _typed(name: str, text: str, *, case: bool = False) -> Element:
    value = made("baseValue", text, baseType="string")
    return made("stringMatch", rules.variable(name), value, caseSensitive=str(case).lower(), substring="false")


def _called(response: Element) -> str:
    """What a blank is called in the text."""
    return text_of(found).strip() if (found := response.find("material")) is not None else response.get("ident", "")


def _amid(it: _Made, text: str, interactions: Mapping[str, Element]) -> None:
    for name in interactions:
        text = text.replace(f"[{name}]", f'<{GAP} name="{escape(name)}"></{GAP}>', 1)
    filled(it.body, text)
    for gap in list(it.body.iter(GAP)):
        interaction = interactions.get(gap.get("name", ""))
        if interaction is not None and interaction.getparent() is None:
            interaction.tail, gap.tail = gap.tail, None
            gap.getparent().replace(gap, interaction)
    for each in interactions.values():
        if each.getparent() is None:
            it.body.append(made("p", each))


def _line(it: _Made, responses: list[Element], text: str) -> None:
    response = responses[0]
    name = response.get("ident", "")
    compared = _compares(it.item)
    fib = [each.get("fibtype", "") for each in response.iter("render_fib")]
    is_number = it.type == "numerical_question" or compared or "Decimal" in fib or "Integer" in fib
    right = [text_of(each).strip() for each in it.right(name)]
    it.declare(name, "single", "float" if is_number else "string", right[:1])
    if is_number:
        it.equal = lambda each: made(
            "equal", rules.number(number_of(text_of(each)) or Fraction(0)), rules.variable(name), toleranceMode="exact"
        )
    else:
        it.equal = lambda each: _typed(name, text_of(each), case=each.get("case", "No") == "Yes")
    filled(it.body, text)
    it.body.append(made("div", made("textEntryInteraction", responseIdentifier=name)))


def _essay(it: _Made, responses: list[Element], text: str) -> None:
    name = responses[0].get("ident", "") if responses else "RESPONSE"
    it.declare(name, "single", "string")
    filled(it.body, text)
    it.body.append(made("extendedTextInteraction", responseIdentifier=name))


def _upload(it: _Made, responses: list[Element], text: str) -> None:
    it.declare("RESPONSE", "single", "file")
    filled(it.body, text)
    it.body.append(made("uploadInteraction", responseIdentifier="RESPONSE"))


_TYPES: Mapping[str, Shape] = {
    "multiple_choice_question": _choice,
    "true_false_question": _choice,
    "multiple_answers_question": _choice,
    "short_answer_question": _line,
    "numerical_question": _line,
    "fill_in_multiple_blanks_question": _blanks,
    "multiple_dropdowns_question": _lists,
    "matching_question": _matching,
    "essay_question": _essay,
    "file_upload_question": _upload,
    "text_only_question": _nothing,
}
