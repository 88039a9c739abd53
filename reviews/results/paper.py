"""A result as PDF/UA: the same words and figures as the page, laid out by WeasyPrint, which is read only when used.

It needs Pango and HarfBuzz of the operating system (docs/decisions/0020-pdf.md). Where they are missing, pages say so.
"""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import render_template

from reviews.results import paper_tags, wording
from reviews.results.report import Result

MIMETYPE = "application/pdf"
VARIANT = "pdf/ua-1"
WANTED = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
HOW = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
STYLE = Path(__file__).with_name("paper.css")


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

    from reviews.results import paper_radar

    page = render_template(
        "review_results/paper.html",
        result=result,
        title=title,
        picture=paper_radar.figure(result.radar) if result.radar else None,
        direction_of=paper_radar.direction_of,
        wording=wording,
        can_act=False,
    )
    html = weasyprint.HTML(string=page, base_url="", url_fetcher=_fetcher(weasyprint))
    document = html.write_pdf(
        stylesheets=[_style(weasyprint)],
        pdf_variant=VARIANT,
        pdf_tags=True,
        uncompressed_pdf=False,
        finisher=paper_tags.finish,
    )
    assert isinstance(document, bytes)
    return document


def _fetcher(weasyprint: Any) -> Any:
    """Pictures stand in the page itself; nothing else is fetched, from nowhere."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=["data"], allow_redirects=False, fail_on_errors=True)


@lru_cache(maxsize=1)
def _style(weasyprint: Any) -> Any:
    return weasyprint.CSS(string=STYLE.read_text("utf-8"))
