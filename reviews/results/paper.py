"""A result as PDF/UA: the same words and figures as the page, laid out by WeasyPrint, which is read only when used.

It needs Pango and HarfBuzz of the operating system (docs/decisions/0020-pdf.md). Where they are missing, pages say so.
"""

from __future__ import annotations

import ctypes
import re
import sys
from base64 import b64encode
from functools import lru_cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import render_template

from reviews.results import wording
from reviews.results.report import Result

MIMETYPE = "application/pdf"
VARIANT = "pdf/ua-1"
WANTED = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
HOW = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
STYLE = Path(__file__).with_name("paper.css")
_SVG = re.compile(r'<title id="[^"]*">(.*?)</title><desc id="[^"]*">(.*?)</desc>', re.S)


@lru_cache(maxsize=1)
def is_installed() -> bool:
    """Whether this machine can make PDFs; finding out reads nothing of WeasyPrint."""
    return find_spec("weasyprint") is not None and all(map(_is_there, WANTED))


def _is_there(library: str) -> bool:
    names = [f"lib{library}.dylib", f"lib{library}.0.dylib"] if sys.platform == "darwin" else [f"lib{library}.so.0"]
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def written(result: Result, title: str) -> bytes:
    """The PDF; in the language of whoever reads it."""
    import weasyprint

    page = render_template(
        "review_results/paper.html",
        result=result,
        title=title,
        picture=picture(result.radar) if result.radar else None,
        wording=wording,
        can_act=False,
    )
    html = weasyprint.HTML(string=page, base_url="", url_fetcher=_fetcher(weasyprint))
    document = html.write_pdf(
        stylesheets=[_style(weasyprint)], pdf_variant=VARIANT, pdf_tags=True, uncompressed_pdf=False
    )
    assert isinstance(document, bytes)
    return document


def picture(svg: str) -> dict[str, str]:
    """A radar as an image that says what it shows: where it is one, the words of its description are its own."""
    told = _SVG.search(svg)
    assert told is not None
    drawn = svg.replace("currentColor", "#1d2730").encode()
    return {"alt": unescape(". ".join(told.groups())), "src": "data:image/svg+xml;base64," + b64encode(drawn).decode()}


def _fetcher(weasyprint: Any) -> Any:
    """Pictures stand in the page itself; nothing else is fetched, from nowhere."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=1)
def _style(weasyprint: Any) -> Any:
    return weasyprint.CSS(string=STYLE.read_text("utf-8"))
