"""What the parent of a round tells its child, and what it hears back: one JSON line each. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.visiting import ApiList, Gap, ListSeen, Report, Selectors, Source, State

if TYPE_CHECKING:
    from monitor.config import FetchSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One source to visit."""

    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How any child is to behave. Times are seconds; no secret is in here.

    `ends_at` is the Unix time at which what is not over is given up. `delay` is between
    two requests to one host, `timeout` for one answer in all. `allow` is the
    `host:port` pairs that may be private addresses. `log_level` is a name of `logging`.
    """

    user_agent: str
    delay: float
    timeout: float
    ends_at: float
    max_bytes: int
    memory_mb: int
    allow: frozenset[str] = frozenset()
    log_level: str = "INFO"

    @classmethod
    def of(
        cls, fetch: FetchSettings, user_agent: str, *, ends_at: float, log_level: str = "INFO"
    ) -> Manners:
        """Return the manners that a config asks for."""
        return cls(
            user_agent=user_agent,
            delay=fetch.delay.total_seconds(),
            timeout=fetch.timeout.total_seconds(),
            ends_at=ends_at,
            max_bytes=fetch.max_bytes,
            memory_mb=fetch.memory_mb,
            allow=fetch.allow,
            log_level=log_level,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the child of a round is to do."""

    manners: Manners
    database: Path
    errands: tuple[Errand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOrder:
    """What the child of a probe is to look at.

    `samples` is how many articles it reads. `save` is the folder its pages are kept in, if any.
    """

    manners: Manners
    url: str
    samples: int
    save: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the visit to a source has got; `report` is set when it is over."""

    source: str
    requests: int = 0
    listed: int = 0
    read: int = 0
    new: int = 0
    report: Report | None = None


def write_order(order: Order | ProbeOrder) -> str:
    """Return an order as one line."""
    return json.dumps(asdict(order), default=_plain)


def read_order(line: str | bytes) -> Order:
    """Read what `write_order` wrote."""
    given = json.loads(line)
    given["database"] = Path(given["database"])
    given["errands"] = tuple(
        Errand(source=_source(errand["source"])) for errand in given["errands"]
    )
    return Order(**given | {"manners": _manners(given["manners"])})


def read_probe_order(line: str | bytes) -> ProbeOrder:
    """Read what `write_order` wrote of a probe."""
    given = json.loads(line)
    given["save"] = Path(given["save"]) if given["save"] else None
    return ProbeOrder(**given | {"manners": _manners(given["manners"])})


def write_progress(progress: Progress) -> str:
    """Return an event as one line."""
    return json.dumps(asdict(progress), default=_plain)


def read_progress(line: str | bytes) -> Progress | None:
    """Read what `write_progress` wrote; None for a line that is something else."""
    try:
        given = json.loads(line)
        report = given.pop("report")
        return Progress(**given, report=_report(report) if report else None)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _manners(given: dict[str, Any]) -> Manners:
    return Manners(**given | {"allow": frozenset(given["allow"])})


def _source(given: dict[str, Any]) -> Source:
    selectors, api, back = given["selectors"], given["api"], given["first_round"]
    read = {
        "every": timedelta(seconds=given["every"]),
        "slowest": timedelta(seconds=given["slowest"]),
        "first_round": None if back is None else timedelta(seconds=back),
        "recheck": tuple(timedelta(seconds=after) for after in given["recheck"]),
        "selectors": Selectors(**selectors) if selectors else None,
        "api": ApiList(**api) if api else None,
    }
    return Source(**{name: _tuple(value) for name, value in (given | read).items()})


def _report(given: dict[str, Any]) -> Report:
    given["state"] = State(given["state"])
    for name in ("started", "finished"):
        given[name] = datetime.fromisoformat(given[name])
    given["coverage"] = tuple((name, count) for name, count in given["coverage"])
    given["lists"] = tuple(ListSeen(**seen) for seen in given["lists"])
    gap = given["gap"]
    if gap:
        given["gap"] = Gap(**{name: _moment(value) for name, value in gap.items()})
    return Report(**{field.name: given[field.name] for field in fields(Report)})


def _moment(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)
