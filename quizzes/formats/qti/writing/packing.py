"""Packages: a manifest, an item a file, tests of them, how they did, pictures and recordings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from quizzes.formats.base import Written
from quizzes.formats.losses import tell_unsaid_of_bank
from quizzes.formats.model import ENDINGS, Bank, Media, Question
from quizzes.formats.qti.writing.assessment_tests import Item, QuizWriter
from quizzes.formats.qti.writing.items import ItemWriter
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.qti.writing.naming import LOM, as_bytes
from quizzes.formats.qti.writing.reporting import VERSIONS
from quizzes.formats.qti.writing.usage import usage_data
from quizzes.formats.reports import Part, Reporter
from quizzes.formats.safe_xml import Element

_DIFFICULTY = {1: "easy", 2: "medium", 3: "difficult"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same questions make the same bytes."""
USAGE = "usage-data.xml"
_MIMETYPES = {ending: mimetype for mimetype, ending in ENDINGS.items()}


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a version names things."""

    name: str
    """As the registry has it."""
    title: str
    namespace: str
    resource: str
    test: str
    """What the manifest calls a file with a test."""
    usage: str
    """And one with statistics."""
    schema: tuple[str, str]
    """The kind of package and its version, as the manifest says it."""
    cp: str
    """The namespace of the manifest."""
    is_dashed: bool = False


QTI_21 = Dialect(
    name="qti21",
    title="QTI 2.1",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    resource="imsqti_item_xmlv2p1",
    test="imsqti_test_xmlv2p1",
    usage="imsqti_usagedata_xmlv2p1",
    schema=("QTIv2.1 Package", "1.0.0"),
    cp="http://www.imsglobal.org/xsd/imscp_v1p1",
)
QTI_30 = Dialect(
    name="qti30",
    title="QTI 3.0",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    resource="imsqti_item_xmlv3p0",
    test="imsqti_test_xmlv3p0",
    usage="qtiusagedata/xml",
    schema=("QTI Package", "3.0.0"),
    cp="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    is_dashed=True,
)


def package(bank: Bank, dialect: Dialect) -> Written:
    report = Reporter()
    tell_unsaid_of_bank(bank, dialect.title, (Part.QUIZ,), report)
    files: dict[str, bytes] = {}
    resources = []
    items: dict[str, Item] = {}
    for number, question in enumerate(bank.questions, start=1):
        pictures = {each.key: file_of(each) for each in question.media}
        names = {key: f"../{name}" for key, name in pictures.items()}
        item = ItemWriter(question, number, dialect.title, lambda key, n=names: n.get(key, key), report).item()  # type: ignore[misc]
        if item is None:
            continue
        _name_recordings(item, dialect)
        name = f"items/q{number}.xml"
        files[name] = as_bytes(item, dialect.namespace, is_dashed=dialect.is_dashed)
        files |= {pictures[each.key]: each.content for each in question.media}
        resources.append(_resource(question, number, name, list(pictures.values()), dialect))
        if question.identifier:
            worth = Fraction(str(question.maximum))
            items[question.identifier] = Item(item.get("identifier"), name, f"q{number}", worth)
    for number, quiz in enumerate(bank.quizzes, start=1):
        writer = QuizWriter(quiz, items, dialect.title, report, is_new=dialect.is_dashed)
        test = writer.test()
        if test is None:
            continue
        name = f"test{number}.xml"
        files[name] = as_bytes(test, dialect.namespace, is_dashed=dialect.is_dashed)
        needed = [made("dependency", identifierref=items[each].resource) for each in writer.named]
        about = {"identifier": f"t{number}", "type": dialect.test, "href": name}
        resources.append(made("resource", made("file", href=name), *needed, **about))
    if bank.statistics:
        files[USAGE] = usage_data(bank.statistics, VERSIONS[dialect.name])
        about = {"identifier": "usage-data", "type": dialect.usage, "href": USAGE}
        resources.append(made("resource", made("file", href=USAGE), **about))
    manifest = _manifest(resources, dialect)
    return Written(content=zipped({"imsmanifest.xml": manifest, **files}), report=report.done())


def _name_recordings(item: Element, dialect: Dialect) -> None:
    """QTI 2.1 has no players of its own; where there are some, they are labelled."""
    for each in list(item.iter("audio")):
        source, words = each.get("src", ""), each.get("title", "")
        each.attrib.clear()
        if dialect.is_dashed:
            each.set("src", source)
            each.set("controls", "controls")
            each.set("aria-label", words)
        else:
            each.tag = "object"
            each.set("data", source)
            each.set("type", _MIMETYPES.get(source.rpartition(".")[2], ""))
            each.text = words


def file_of(media: Media) -> str:
    return f"media/{media.key}.{media.ending}"


def _resource(question: Question, number: int, name: str, pictures: Sequence[str], dialect: Dialect) -> Element:
    said = [made("file", href=each) for each in (name, *pictures)]
    metadata = _metadata(question)
    return made("resource", metadata, *said, identifier=f"q{number}", type=dialect.resource, href=name)


def _metadata(question: Question) -> Element | None:
    """Learning object metadata: keywords, difficulty, and the way to a topic."""
    parts = []
    if question.tags:
        parts.append(made("general", *(made("keyword", made("string", each)) for each in question.tags)))
    if question.difficulty:
        value = _DIFFICULTY[question.difficulty]
        parts.append(made("educational", made("difficulty", made("source", "LOMv1.0"), made("value", value))))
    if question.category:
        taxa = [made("taxon", made("entry", made("string", each))) for each in question.category]
        purpose = made("purpose", made("source", "LOMv1.0"), made("value", "discipline"))
        parts.append(made("classification", purpose, made("taxonPath", *taxa)))
    if not parts:
        return None
    lom = made("lom", *parts)
    for each in lom.iter():
        each.tag = f"{{{LOM}}}{each.tag}"
    return made("metadata", lom)


def _manifest(resources: Sequence[Element], dialect: Dialect) -> bytes:
    about = made("metadata", made("schema", dialect.schema[0]), made("schemaversion", dialect.schema[1]))
    root = made("manifest", about, made("organizations"), made("resources", *resources), identifier="questions")
    return as_bytes(root, dialect.cp)


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
