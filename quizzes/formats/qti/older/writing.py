"""Packages for Canvas Classic: QTI 1.2 with the metadata that Canvas goes by.

Several right answers are written as Canvas writes them and earn as Canvas reckons: right ones less wrong ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from quizzes.formats.base import Written
from quizzes.formats.losses import tell_marks, tell_unsaid, tell_unsaid_of_bank
from quizzes.formats.model import Bank, Question
from quizzes.formats.numbers import approximately
from quizzes.formats.pictures import renamed
from quizzes.formats.qti.reading import MADE_UP
from quizzes.formats.qti.writing.identifiers import names_of
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.qti.writing.naming import as_bytes
from quizzes.formats.qti.writing.packing import file_of, zipped
from quizzes.formats.reports import Odd, Part, Reporter
from quizzes.formats.safe_xml import Element
from quizzes.formats.texts import as_html
from quizzes.kinds import Body, Kind
from quizzes.kinds.gaps import GAP
from quizzes.kinds.numbers import NOMINAL, interval

TITLE = "QTI 1.2 (Canvas)"
NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
FOLDER = "$IMS-CC-FILEBASE$/"
SAID = frozenset(
    {
        *(Part.TITLE, Part.IDENTIFIER, Part.MAXIMUM, Part.WHY, Part.FEEDBACK, Part.MEDIA, Part.TEXT_FORMAT),
        Part.FIXED,
    }
)
RESPONSE = "response1"
_HUNDRED = Fraction(100)


def package(bank: Bank) -> Written:
    report = Reporter()
    tell_unsaid_of_bank(bank, TITLE, (), report)
    items, files = [], dict[str, bytes]()
    for number, question in enumerate(bank.questions, start=1):
        item = _Writer(question, number, report).item()
        if item is not None:
            items.append(item)
            files |= {f"web_resources/{file_of(each)}": each.content for each in question.media}
    section = made("section", *items, ident="root_section")
    root = made("questestinterop", made("assessment", section, ident="questions", title=bank.title or "Questions"))
    return Written(
        content=zipped(
            {
                "imsmanifest.xml": as_bytes(_manifest(list(files)), MANIFEST),
                "questions/questions.xml": as_bytes(root, NAMESPACE),
                **files,
            }
        ),
        report=report.done(),
    )


def _manifest(files: Sequence[str]) -> Element:
    asked = made(
        "resource", made("file", href="questions/questions.xml"), identifier="questions", type="imsqti_xmlv1p2"
    )
    others = [
        made("resource", made("file", href=each), identifier=f"file{place}", type="webcontent", href=each)
        for place, each in enumerate(files, start=1)
    ]
    about = made("metadata", made("schema", "IMS Content"), made("schemaversion", "1.1.3"))
    return made("manifest", about, made("organizations"), made("resources", asked, *others), identifier="package")


class _Writer:
    def __init__(self, question: Question, number: int, report: Reporter) -> None:
        self.question, self.number, self.report = question, number, report
        self.body: Body = question.body
        self.names = {each.key: FOLDER + file_of(each) for each in question.media}
        self.responses: list[Element] = []
        self.conditions: list[Element] = []
        self.comments: dict[str, str] = {}

    def item(self) -> Element | None:
        question = self.question
        found = _KINDS.get(question.kind)
        if found is None:
            self.report.error(Odd.KIND_NOT_SAID, question.place, format=TITLE, kind=question.kind)
            return None
        type, write = found
        tell_unsaid(question, TITLE, SAID, self.report)
        tell_marks(question, TITLE, self.report)
        if self.body.get("why"):
            self.say("general_fb", str(self.body["why"]), made("other"))
        text = write(self)
        self._tell_unsaid_comments()
        presentation = made("presentation", self.text(text or str(self.body["text"])), *self.responses)
        about = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
        outcomes = made("outcomes", made("decvar", **about))
        points = approximately(Fraction(str(question.maximum)))
        return made(
            "item",
            made("itemmetadata", made("qtimetadata", _field("question_type", type), _field("points_possible", points))),
            presentation,
            made("resprocessing", outcomes, *self.conditions),
            *(
                made("itemfeedback", made("flow_mat", self.text(said)), ident=name)
                for name, said in self.comments.items()
            ),
            ident=question.identifier or f"{MADE_UP}{self.number}",
            title=question.title,
        )

    def text(self, said: str) -> Element:
        html = as_html(said, self.question.text_format)
        return made("material", made("mattext", renamed(html, self.names), texttype="text/html"))

    def unsaid(self, part: Part) -> None:
        self.report.loss(Odd.NOT_SAID, self.question.place, format=TITLE, part=part)

    def say(self, name: str, said: str, condition: Element) -> None:
        """Says this to answers of which the condition holds."""
        self.comments[name] = said
        shown = made("displayfeedback", feedbacktype="Response", linkrefid=name)
        self.conditions.append(made("respcondition", made("conditionvar", condition), shown, continue_="Yes"))

    def earn(self, *conditions: Element, share: Fraction | None = None) -> None:
        """All of it, or a share that is added."""
        worth = _HUNDRED if share is None else share * _HUNDRED
        action = "Set" if share is None else "Add"
        sets = made("setvar", approximately(worth), action=action, varname="SCORE")
        goes_on = "No" if share is None else "Yes"
        self.conditions.append(made("respcondition", made("conditionvar", *conditions), sets, continue_=goes_on))

    def _tell_unsaid_comments(self) -> None:
        named = {"options": self.body.get("options", ()), "answers": self.body.get("answers", ())}
        for path, said in self.question.feedback.items():
            known = self.question.kind is Kind.TRUE_FALSE or path.partition("/")[0] in named
            if said and (not known or self.question.kind in (Kind.CLOZE, Kind.DROP_DOWN)):
                self.unsaid(Part.FEEDBACK)
                return

    def labels(self, rows: Sequence[Body], names: Mapping[str, str], *, plainly: bool = False) -> Element:
        found = []
        for row in rows:
            text = str(row["text"])
            material = made("material", made("mattext", text, texttype="text/plain")) if plainly else self.text(text)
            found.append(made("response_label", material, ident=names[str(row["id"])]))
        shuffle = "No" if rows and all(row.get("fixed") for row in rows) else None
        if shuffle is None and any(row.get("fixed") for row in rows):
            self.unsaid(Part.FIXED)
        return made("render_choice", *found, shuffle=shuffle)

    def said_to_options(self, names: Mapping[str, str]) -> None:
        for option, name in names.items():
            if said := self.question.feedback.get(f"options/{option}"):
                self.say(f"{name}_fb", said, _equal(name))


def _field(label: str, entry: str) -> Element:
    return made("qtimetadatafield", made("fieldlabel", label), made("fieldentry", entry))


def _equal(value: str, response: str = RESPONSE, *, case: bool = False) -> Element:
    return made("varequal", value, respident=response, case="Yes" if case else None)


def _tell_weights(writer: _Writer, rows: Sequence[Body]) -> None:
    if any("weight" in row and Fraction(row["weight"]) != 1 for row in rows):
        writer.unsaid(Part.WEIGHTS)


def _single(writer: _Writer) -> None:
    rows = list(writer.body["options"])
    names = names_of(rows)
    if any("weight" in row for row in rows):
        writer.unsaid(Part.WEIGHTS)
    writer.said_to_options(names)
    writer.responses.append(made("response_lid", writer.labels(rows, names), ident=RESPONSE, rcardinality="Single"))
    writer.earn(_equal(names[str(writer.body["right"][0])]))


def _true_false(writer: _Writer) -> None:
    rows = [{"id": each.lower(), "text": each} for each in ("True", "False")]
    names = {"true": "true", "false": "false"}
    writer.said_to_options(names)
    labels = writer.labels(rows, names, plainly=True)
    writer.responses.append(made("response_lid", labels, ident=RESPONSE, rcardinality="Single"))
    writer.earn(_equal(str(writer.body["right"][0])))


def _multiple(writer: _Writer) -> None:
    rows, right = list(writer.body["options"]), writer.body["right"]
    names = names_of(rows)
    if any("weight" in row for row in rows):
        writer.unsaid(Part.WEIGHTS)
    if writer.body.get("scoring"):
        writer.unsaid(Part.SCORING)
    writer.said_to_options(names)
    writer.responses.append(made("response_lid", writer.labels(rows, names), ident=RESPONSE, rcardinality="Multiple"))
    parts = [_equal(name) if each in right else made("not", _equal(name)) for each, name in names.items()]
    writer.earn(made("and", *parts))


def _matching(writer: _Writer) -> None:
    rows, choices = names_of(writer.body["rows"], "response_r"), names_of(writer.body["choices"])
    right: Mapping[str, str] = writer.body["right"]
    if writer.body.get("scoring"):
        writer.unsaid(Part.SCORING)
    for row in writer.body["rows"]:
        labels = writer.labels(writer.body["choices"], choices)
        writer.responses.append(made("response_lid", writer.text(str(row["text"])), labels, ident=rows[str(row["id"])]))
    for row_id, put in right.items():
        writer.earn(_equal(choices[put], rows[row_id]), share=Fraction(1, len(right)))


def _line() -> Element:
    return made("response_str", made("render_fib", fibtype="String"), ident=RESPONSE, rcardinality="Single")


def _short_text(writer: _Writer) -> None:
    answers, case = list(writer.body["answers"]), bool(writer.body.get("case"))
    _tell_weights(writer, answers)
    texts = [str(each["text"]) for each in answers]
    if any("*" in text.replace("\\*", "") for text in texts):
        writer.unsaid(Part.SIGNS)
    texts = [text.replace("\\*", "*") for text in texts]
    for place, text in enumerate(texts):
        if said := writer.question.feedback.get(f"answers/{place}"):
            writer.say(f"a{place}_fb", said, _equal(text, case=case))
    writer.responses.append(_line())
    writer.earn(*(_equal(text, case=case) for text in texts))


def _numeric(writer: _Writer) -> None:
    answers = list(writer.body["answers"])
    _tell_weights(writer, answers)
    if writer.body.get("unit", "none") != "none":
        writer.unsaid(Part.UNITS)
    if any(each.get("tolerance_kind", NOMINAL) != NOMINAL for each in answers):
        writer.report.note(Odd.SAID_AS, writer.question.place, format=TITLE, part=Part.TOLERANCE)
    for place, each in enumerate(answers):
        if said := writer.question.feedback.get(f"answers/{place}"):
            writer.say(f"a{place}_fb", said, _is_number(each))
    writer.responses.append(_line())
    for each in answers:
        writer.earn(_is_number(each))


def _is_number(answer: Body) -> Element:
    value = Fraction(answer["value"])
    if answer.get("tolerance_kind", NOMINAL) == NOMINAL:
        reach = Fraction(answer.get("tolerance") or 0)
        low, high = value - reach, value + reach
    else:
        low, high = interval(answer)
    ends = (made(name, approximately(end), respident=RESPONSE) for name, end in (("vargte", low), ("varlte", high)))
    return made("or", _equal(approximately(value)), made("and", *ends))


def _gaps(writer: _Writer) -> str:
    """The text with the names of its gaps in brackets."""
    gaps = list(writer.body["gaps"])
    if writer.body.get("scoring"):
        writer.unsaid(Part.SCORING)
    if len({int(gap.get("weight", 1)) for gap in gaps}) > 1:
        writer.unsaid(Part.WEIGHTS)
    names = {str(gap["id"]): f"gap{place}" for place, gap in enumerate(gaps, start=1)}
    for gap in gaps:
        _gap(writer, gap, names[str(gap["id"])], Fraction(1, len(gaps)))
    return GAP.sub(lambda found: f"[{names.get(found[1], found[1])}]", str(writer.body["text"]))


def _gap(writer: _Writer, gap: Body, name: str, share: Fraction) -> None:
    called, response = made("material", made("mattext", name)), f"response_{name}"
    if gap["kind"] == Kind.SINGLE:
        if any("weight" in row for row in gap["options"]):
            writer.unsaid(Part.WEIGHTS)
        names = names_of(gap["options"], f"{name}c")
        labels, right = writer.labels(gap["options"], names, plainly=True), names[str(gap["right"][0])]
    else:
        if gap["kind"] == Kind.NUMERIC:
            # What is near enough is not right in a blank.
            writer.unsaid(Part.TOLERANCE)
        if gap.get("case"):
            writer.unsaid(Part.CASE)
        _tell_weights(writer, gap["answers"])
        said = [str(each.get("text", each.get("value", ""))).replace("\\*", "*") for each in gap["answers"]]
        rows = [{"id": str(place), "text": text} for place, text in enumerate(said)]
        names = names_of(rows, f"{name}c")
        labels, right = writer.labels(rows, names, plainly=True), names["0"]
    writer.responses.append(made("response_lid", called, labels, ident=response))
    writer.earn(_equal(right, response), share=share)


def _cloze(writer: _Writer) -> str | None:
    if any(gap["kind"] == Kind.SINGLE for gap in writer.body["gaps"]):
        # Lists and blanks do not stand in one text there: the lists become blanks.
        writer.unsaid(Part.KIND)
        body = {**writer.body, "gaps": [_as_blank(gap) for gap in writer.body["gaps"]]}
        writer.body = body
    return _gaps(writer)


def _as_blank(gap: Body) -> Body:
    if gap["kind"] != Kind.SINGLE:
        return gap
    texts = [row["text"] for row in gap["options"] if row["id"] in gap["right"]]
    return {"id": gap["id"], "kind": Kind.SHORT_TEXT.value, "answers": [{"text": text} for text in texts]}


def _by_hand(writer: _Writer) -> None:
    if writer.body.get("rubric"):
        writer.unsaid(Part.RUBRIC)
    for part, names in (
        (Part.LINES, ("lines",)),
        (Part.WORDS, ("least_words", "most_words")),
        (Part.FILES, ("types",)),
    ):
        if any(writer.body.get(name) for name in names):
            writer.unsaid(part)
    if int(writer.body.get("most") or 1) > 1:
        writer.unsaid(Part.FILES)
    if writer.question.kind is Kind.ESSAY:
        writer.responses.append(_line())


def _description(_writer: _Writer) -> None:
    return None


_KINDS: Mapping[Kind, tuple[str, Callable[[_Writer], str | None]]] = {
    Kind.SINGLE: ("multiple_choice_question", _single),
    Kind.TRUE_FALSE: ("true_false_question", _true_false),
    Kind.MULTIPLE: ("multiple_answers_question", _multiple),
    Kind.MATCHING: ("matching_question", _matching),
    Kind.SHORT_TEXT: ("short_answer_question", _short_text),
    Kind.NUMERIC: ("numerical_question", _numeric),
    Kind.CLOZE: ("fill_in_multiple_blanks_question", _cloze),
    Kind.DROP_DOWN: ("multiple_dropdowns_question", _gaps),
    Kind.ESSAY: ("essay_question", _by_hand),
    Kind.UPLOAD: ("file_upload_question", _by_hand),
    Kind.DESCRIPTION: ("text_only_question", _description),
}
