"""The XML of a file, be it bare or a package, and the bytes that lie beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from quizzes.formats import packages
from quizzes.formats.model import Place
from quizzes.formats.packages import MOST_PICTURE, Package, beside
from quizzes.formats.qti.content import Bytes
from quizzes.formats.qti.manifests import Resource, resources
from quizzes.formats.qti.names import normalized
from quizzes.formats.reports import Odd, Reporter
from quizzes.formats.safe_xml import Element, NotRead, parsed

_BASE = "IMS-CC-FILEBASE"
_NO_LETTER = "\ufffd"


@dataclass(kw_only=True)
class Source:
    """One XML file with names of QTI 2."""

    root: Element
    name: str = ""
    resource: Resource = field(default_factory=lambda: Resource(name=""))
    bytes_of: Bytes = lambda _address: None

    def beside(self, href: str, report: Reporter) -> Source | None:
        """Another XML file that this one names; None where it is not there or cannot be read."""
        content = self.bytes_of(href)
        if content is None:
            return None
        root = _root(content, href, report)
        name = beside(self.name, href)
        if root is None:
            return None
        package = self.bytes_of.package if isinstance(self.bytes_of, _Beside) else None
        return Source(root=root, name=name, bytes_of=_Beside(package, name) if package else self.bytes_of)


class _Beside:
    """What lies in a package beside one of its files."""

    def __init__(self, package: Package, name: str) -> None:
        self.package, self.name = package, name

    def __call__(self, address: str) -> bytes | None:
        if _BASE in unquote(address):
            return self._of_canvas(unquote(address).split("?")[0].partition(_BASE)[2].lstrip("$/"))
        found = beside(self.name, address)
        return self.package.read(found, MOST_PICTURE) if found else None

    def _of_canvas(self, path: str) -> bytes | None:
        """Canvas names what lies in a folder of its own."""
        for folder in ("web_resources", ""):
            found = beside(f"{folder}/x" if folder else "x", path)
            if found and self.package.has(found):
                return self.package.read(found, MOST_PICTURE)
        return None


def sources(content: bytes, report: Reporter) -> Iterator[Source]:
    """Raises nothing: what cannot be read is reported, and the next one follows."""
    if not packages.is_zip(content):
        root = _root(content, "", report)
        if root is not None:
            yield Source(root=root)
        return
    package = packages.opened(content, report)
    if package is None:
        return
    for resource in resources(package, report):
        member = package.read(resource.name)
        if member is None:
            report.error(packages.Wrong.TOO_LARGE, Place(0, resource.name), what=resource.name)
            continue
        root = _root(member, resource.name, report)
        if root is not None:
            yield Source(root=root, name=resource.name, resource=resource, bytes_of=_Beside(package, resource.name))


def _root(content: bytes, name: str, report: Reporter) -> Element | None:
    try:
        return normalized(_parsed(content, name, report))
    except NotRead as refused:
        refused.tell(report, name)
    except RecursionError:
        report.error(Odd.NOT_READ, Place(0, name), what=name)
    return None


def _parsed(content: bytes, name: str, report: Reporter) -> Element:
    """A byte that is no letter costs that letter, not all there is beside it."""
    try:
        return parsed(content)
    except NotRead:
        text = content.decode("utf-8", "replace")
        if _NO_LETTER not in text or _NO_LETTER.encode() in content:
            raise
        root = parsed(text.encode())
    report.loss(
        Odd.BAD_SIGNS, Place(text.count("\n", 0, text.index(_NO_LETTER)) + 1, name), number=text.count(_NO_LETTER)
    )
    return root
