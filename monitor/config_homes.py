"""Under which headings of a config each key belongs."""

from __future__ import annotations

from typing import Final

from monitor import config_tables as tables
from monitor.config_sources import ApiTable, FolderTable, SelectorsTable, SourceTable

_SHAPES: tuple[tuple[str, type[tables.Table]], ...] = (
    ("dateline", tables.DatelineTable),
    ("fetch", tables.FetchTable),
    ("feeds", tables.FeedsTable),
    ("notices", tables.NoticesTable),
    ("serve", tables.ServeTable),
    ("pages", tables.PagesTable),
    ("source.NAME", SourceTable),
    ("source.NAME", FolderTable),
    ("source.NAME.selectors", SelectorsTable),
    ("source.NAME.api", ApiTable),
    ("watch.NAME", tables.WatchTable),
    *(("channel.NAME", shape) for shape in tables.CHANNELS.values()),
)


def _homes() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for heading, shape in _SHAPES:
        for name, field in shape.model_fields.items():
            found.setdefault(field.alias or name, {})[heading] = None
    return {key: tuple(headings) for key, headings in found.items()}


HOMES: Final = _homes()
"""The headings of each key, in the order of the starter config."""
