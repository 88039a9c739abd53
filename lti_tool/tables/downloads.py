"""A table of ours as a file to keep."""

from __future__ import annotations

from flask import Response


def download(content: bytes, name: str) -> Response:
    return Response(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
