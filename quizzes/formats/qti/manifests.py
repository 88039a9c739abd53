"""What a package says of its files (`imsmanifest.xml`, IMS Content Packaging 1.2): which are items, and about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizzes.formats.model import Path, Place
from quizzes.formats.packages import Package, Wrong, beside
from quizzes.formats.qti.names import normalized
from quizzes.formats.reports import Reporter
from quizzes.formats.safe_xml import Element, NotRead, parsed

MANIFEST = "imsmanifest.xml"
_OF_QUESTIONS = re.compile(r"qti|assessment|associatedcontent/.*learning-application-resource|question-bank", re.I)


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A file with questions."""

    name: str
    tags: tuple[str, ...] = ()
    difficulty: int = 0
    category: Path = ()


def resources(package: Package, report: Reporter) -> list[Resource]:
    """The files with questions in the order of the manifest; without one, every XML file."""
    name = next((each for each in package.names if each.lower().rpartition("/")[2] == MANIFEST), "")
    content = package.read(name) if name else None
    found: dict[str, Resource] = {}
    if content is not None:
        try:
            root = normalized(parsed(content))
        except NotRead as refused:
            refused.tell(report, name)
        else:
            for each in _named(root, name, package, report):
                found.setdefault(each.name, each)
    if not found:
        found = {each: Resource(name=each) for each in package.names if each.lower().endswith((".xml", ".qti"))}
        found.pop(name, None)
    return list(found.values())


def _named(root: Element, manifest: str, package: Package, report: Reporter) -> Iterator[Resource]:
    listed = {resource.get("identifier") for resource in root.iter("resource")}
    for resource in root.iter("resource"):
        if not _OF_QUESTIONS.search(resource.get("type", "")):
            continue
        for each in resource.iter("dependency"):
            if each.get("identifierref") not in listed:
                place = Place(each.sourceline or 0, manifest)
                report.loss(Wrong.MISSING, place, what=each.get("identifierref", ""))
        files = [resource.get("href"), *(each.get("href") for each in resource.iter("file"))]
        for href in dict.fromkeys(each for each in files if each):
            name = beside(manifest, href)
            if not name:
                report.error(Wrong.TRICK, Place(resource.sourceline or 0, manifest))
            elif not package.has(name):
                report.loss(Wrong.MISSING, Place(resource.sourceline or 0, manifest), what=href)
            elif name.lower().endswith((".xml", ".qti", ".xml.qti")):
                yield Resource(
                    name=name, tags=_tags(resource), difficulty=_difficulty(resource), category=_topic(resource)
                )


def _tags(resource: Element) -> tuple[str, ...]:
    """The keywords of learning object metadata (IEEE 1484.12.1, 1.5)."""
    said = (" ".join("".join(each.itertext()).split()) for each in resource.iter("keyword"))
    return tuple(dict.fromkeys(each for each in said if each))


def _difficulty(resource: Element) -> int:
    """Of five words there are three here (IEEE 1484.12.1, 5.8)."""
    for each in resource.iter("difficulty"):
        words = "".join(each.itertext()).lower()
        for found, name in ((1, "easy"), (3, "difficult"), (2, "medium")):
            if name in words:
                return found
    return 0


def _topic(resource: Element) -> Path:
    """The first way through a classification, from its top (IEEE 1484.12.1, 9.2)."""
    for path in resource.iter("taxonPath"):
        said = (" ".join("".join(each.itertext()).split()) for each in path.iter("entry"))
        return tuple(each for each in said if each)
    return ()
