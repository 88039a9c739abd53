"""What the versions of usage data and results reporting call things; apart from that they are alike.

Sources: *QTI 2.1/2.2, Results Reporting* and *Usage Data*; *QTI 3.0, Results Reporting* and *Usage Data & Item
Statistics*. Their names have no dashes in QTI 3 either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizzes.formats.qti.writing.naming import as_bytes
from quizzes.formats.safe_xml import Element
from quizzes.formats.usage import Glossary

OURS = "https://w3id.org/lti-mentoring/statistics"


@dataclass(frozen=True, kw_only=True)
class Version:
    title: str
    number: str
    """As namespaces have it."""
    items: str
    """The glossary of figures of items."""
    choices: str
    """And of those of what can be chosen."""
    says_more: bool = False
    """Whether it tells what a figure is about, what was answered, and that people have yet to mark something."""

    def glossary(self, which: Glossary) -> str:
        return {Glossary.ITEM: self.items, Glossary.CHOICE: self.choices, Glossary.OURS: OURS}[which]

    def results(self, root: Element) -> bytes:
        return as_bytes(root, f"http://www.imsglobal.org/xsd/imsqti_result_{self.number}")

    def usage_data(self, root: Element) -> bytes:
        return as_bytes(root, f"http://www.imsglobal.org/xsd/imsqti_usagedata_{self.number}")


_OLD = "http://www.imsglobal.org/qti/qtiv2p1"
_NEW = "http://www.imsglobal.org/qti/qtiv3p0/imsqti_usagedatav3p0"
_OF_ITEMS, _OF_CHOICES = f"{_OLD}/itemstatisticsglossaryv1p0", f"{_OLD}/distractorstatisticsglossaryv1p0"
VERSIONS: Mapping[str, Version] = {
    "qti21": Version(title="QTI 2.1", number="v2p1", items=_OF_ITEMS, choices=_OF_CHOICES),
    "qti22": Version(title="QTI 2.2", number="v2p2", items=_OF_ITEMS, choices=_OF_CHOICES),
    "qti30": Version(
        title="QTI 3.0",
        number="v3p0",
        items=f"{_NEW}_itemstatisticsglossary_v1p0",
        choices=f"{_NEW}_distractorstatisticsglossary_v1p0",
        says_more=True,
    ),
}
