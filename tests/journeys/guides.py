"""What the installation guides say, taken apart so that it can be done."""

from __future__ import annotations

import re
from dataclasses import dataclass


def typed_in(text: str) -> list[str]:
    """What is typed after `flask --app wsgi` in blocks of code, with lines put together."""
    blocks = "\n".join(re.findall(r"```\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    return re.findall(r"flask --app wsgi ([^\n]+)", blocks)


@dataclass(frozen=True)
class Guide:
    """What an installation guide says, chapter by chapter; a chapter goes by the beginning of its heading."""

    text: str

    def chapter(self, heading: str) -> str:
        (found,) = re.findall(rf"^## {heading}.*?(?=^## |\Z)", self.text, re.DOTALL | re.MULTILINE)
        return str(found)

    def commands(self, heading: str) -> list[str]:
        """What is typed after `flask --app wsgi` in its blocks of code, with lines put together."""
        return typed_in(self.chapter(heading))

    def sentence(self, heading: str) -> str:
        """The one whole sentence this chapter quotes from a page."""
        (found,) = re.findall(r"(?<!\*)\*([^*]+\.)\*(?!\*)", self.chapter(heading))
        return " ".join(found.split())

    def addresses(self, heading: str) -> dict[str, str]:
        """What its table tells to enter, by what the LMS asks for; those that are addresses of the tool."""
        rows = re.findall(r"^ *\| ([^|]+) \| [^|`]*`(https://<tool>[^`]*)` \|$", self.chapter(heading), re.MULTILINE)
        return {label: address.replace("https://<tool>", "http://localhost:8000") for label, address in rows}
