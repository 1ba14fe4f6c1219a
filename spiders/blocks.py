"""HTML or plain text -> blocks in reading order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Page:
    """What was fetched: its final address, its decoded body, and what kind of text that is."""

    url: str | None
    body: str
    media: Literal["html", "text", "json", "xml"] = "html"
