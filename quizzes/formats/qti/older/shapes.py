"""What items of QTI 1.2 ask, as interactions of QTI 2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from html import escape

from quizzes.formats.numbers import approximately
from quizzes.formats.qti.declarations import text_of
from quizzes.formats.qti.older.making import Made, NoSuchKind
from quizzes.formats.qti.older.texts import RESPONSES, filled, markup_of
from quizzes.formats.qti.values import number_of
from quizzes.formats.qti.writing import rules
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.safe_xml import Element
from quizzes.kinds.numbers import read_number

GAP = "x-gap"
Shape = Callable[[Made, list[Element], str], None]


def shape_of(it: Made, responses: Sequence[Element]) -> Shape:
    if it.type in TYPES:
        return TYPES[it.type]
    tags = [str(each.tag) for each in responses]
    if it.type == "hot_spot_question" or set(tags) - set(RESPONSES[:3]):
        raise NoSuchKind(it.type or next(each for each in tags if each not in RESPONSES[:3]))
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


def _nothing(it: Made, _responses: list[Element], text: str) -> None:
    filled(it.body, text)


def _is_shuffled(response: Element) -> str:
    said = [each.get("shuffle", "").lower() for each in response.iter("render_choice")]
    return "false" if said == ["no"] else "true"


def _choice(it: Made, responses: list[Element], text: str) -> None:
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


def _order(it: Made, responses: list[Element], text: str) -> None:
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


def _matching(it: Made, responses: list[Element], text: str) -> None:
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


def _categories(it: Made, responses: list[Element], text: str) -> None:
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


def _match(it: Made, text: str, rows: list[Element], choices: list[Element], pair: Callable[[Element], str]) -> None:
    it.declare("RESPONSE", "multiple", "directedPair", list(dict.fromkeys(pair(each) for each in it.right())))
    it.equal = lambda each: made(
        "member", made("baseValue", pair(each), baseType="directedPair"), rules.variable("RESPONSE")
    )
    filled(it.body, text)
    sets = (made("simpleMatchSet", *each) for each in (rows, choices))
    it.body.append(made("matchInteraction", *sets, responseIdentifier="RESPONSE", maxAssociations="0", shuffle="true"))


def _lists(it: Made, responses: list[Element], text: str) -> None:
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


def _blanks(it: Made, responses: list[Element], text: str) -> None:
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


def _amid(it: Made, text: str, interactions: Mapping[str, Element]) -> None:
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


def _line(it: Made, responses: list[Element], text: str) -> None:
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


def _essay(it: Made, responses: list[Element], text: str) -> None:
    name = responses[0].get("ident", "") if responses else "RESPONSE"
    it.declare(name, "single", "string")
    filled(it.body, text)
    it.body.append(made("extendedTextInteraction", responseIdentifier=name))


def _upload(it: Made, responses: list[Element], text: str) -> None:
    it.declare("RESPONSE", "single", "file")
    filled(it.body, text)
    it.body.append(made("uploadInteraction", responseIdentifier="RESPONSE"))


def _calculated(it: Made, responses: list[Element], text: str) -> None:
    """A formula with values of its own for each learner: Canvas writes many sets of them down, the first of which is
    taken."""
    first = next(it.item.iter("var_set"), None)
    said = None if first is None else first.find("answer")
    answer = None if said is None else read_number(text_of(said))
    if first is None or answer is None or not responses:
        raise NoSuchKind(it.type)
    for each in first.iter("var"):
        name, value = each.get("name", ""), text_of(each).strip()
        text = text.replace(f"[{name}]", escape(value))
        held = made("defaultValue", made("value", value))
        it.declared.append(made("templateDeclaration", held, identifier=name, cardinality="single", baseType="float"))
    name = responses[0].get("ident", "")
    it.declare(name, "single", "float", [approximately(answer)])
    near = next((text_of(each).strip() for each in it.item.iter("answer_tolerance")), "0")
    about = {"toleranceMode": "relative" if near.endswith("%") else "absolute", "tolerance": near.rstrip("% ")}
    equal = made("equal", rules.number(answer), rules.variable(name), **about)
    it.rules = [rules.condition([(equal, rules.set_score(rules.number(it.points)))])]
    filled(it.body, text)
    it.body.append(made("div", made("textEntryInteraction", responseIdentifier=name)))


TYPES: Mapping[str, Shape] = {
    "calculated_question": _calculated,
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
