"""Packages: a manifest, an item a file, and pictures."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from quizzes import rich
from quizzes.formats.base import Written
from quizzes.formats.losses import tell_unsaid_of_bank
from quizzes.formats.model import Bank, Media, Question
from quizzes.formats.qti.writing.items import ItemWriter
from quizzes.formats.qti.writing.markup import made
from quizzes.formats.reports import Reporter
from quizzes.formats.safe_xml import Element

_STRETCH = re.compile(r"(?<=[a-z0-9])([A-Z])")
_DIFFICULTY = {1: "easy", 2: "medium", 3: "difficult"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same questions make the same bytes."""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_LOM = "http://ltsc.ieee.org/xsd/LOM"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a version names things."""

    title: str
    namespace: str
    resource: str
    schema: tuple[str, str]
    """The kind of package and its version, as the manifest says it."""
    cp: str
    """The namespace of the manifest."""
    is_dashed: bool = False


QTI_21 = Dialect(
    title="QTI 2.1",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    resource="imsqti_item_xmlv2p1",
    schema=("QTIv2.1 Package", "1.0.0"),
    cp="http://www.imsglobal.org/xsd/imscp_v1p1",
)
QTI_30 = Dialect(
    title="QTI 3.0",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    resource="imsqti_item_xmlv3p0",
    schema=("QTI Package", "3.0.0"),
    cp="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    is_dashed=True,
)


def package(bank: Bank, dialect: Dialect) -> Written:
    report = Reporter()
    tell_unsaid_of_bank(bank, dialect.title, (), report)
    files: dict[str, bytes] = {}
    resources = []
    for number, question in enumerate(bank.questions, start=1):
        pictures = {each.key: file_of(each) for each in question.media}
        names = {key: f"../{name}" for key, name in pictures.items()}
        item = ItemWriter(question, number, dialect.title, lambda key, n=names: n.get(key, key), report).item()  # type: ignore[misc]
        if item is None:
            continue
        name = f"items/q{number}.xml"
        files[name] = as_bytes(item, dialect.namespace, is_dashed=dialect.is_dashed)
        files |= {pictures[each.key]: each.content for each in question.media}
        resources.append(_resource(question, number, name, list(pictures.values()), dialect))
    manifest = _manifest(resources, dialect)
    return Written(content=zipped({"imsmanifest.xml": manifest, **files}), report=report.done())


def file_of(media: Media) -> str:
    return f"media/{media.key}.{_ENDINGS.get(media.mimetype, 'png')}"


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
        each.tag = f"{{{_LOM}}}{each.tag}"
    return made("metadata", lom)


def _manifest(resources: Sequence[Element], dialect: Dialect) -> bytes:
    about = made("metadata", made("schema", dialect.schema[0]), made("schemaversion", dialect.schema[1]))
    root = made("manifest", about, made("organizations"), made("resources", *resources), identifier="questions")
    return as_bytes(root, dialect.cp)


def as_bytes(root: Element, namespace: str, *, is_dashed: bool = False) -> bytes:
    """The tree in this namespace, without prefixes."""
    whole = etree.Element(f"{{{namespace}}}{root.tag}", attrib=dict(root.attrib), nsmap={None: namespace, "lom": _LOM})
    whole.text = root.text
    whole.extend(list(root))
    for each in whole.iter():
        name = etree.QName(each).localname
        if each.tag.startswith(f"{{{_LOM}}}"):
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


def zipped(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
