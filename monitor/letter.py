"""Pure: one letter -> its message, whatever it tells of.

Alerts of one change are one message in the form of `monitor.message`, which names every watch that
met it; its data says so under `watches`: a list of {"name", "query", "passages", "grounds"}, of
which `watch` and `passages` beside it are the first. Alerts of several changes are a digest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor import digest, message, notice

if TYPE_CHECKING:
    from db.telling import Alert, Letter
    from monitor.message import Message


def render(letter: Letter) -> Message:
    """Put a letter into words. The same letter gives the same message, however often it is sent."""
    if letter.notice:
        return notice.render(letter.notice)
    if len({alert.occasion for alert in letter.alerts}) > 1:
        return digest.render(letter)
    return _of_one_change(letter)


def _of_one_change(letter: Letter) -> Message:
    first, *others = letter.alerts
    if not others:
        return message.render(first)
    told = message.render(first, *others, key=letter.key)
    watches = [_watch(alert) for alert in letter.alerts]
    data = {**told.data["data"], "key": letter.key, "watches": watches}
    return replace(told, data={**told.data, "data": data})


def _watch(alert: Alert) -> dict[str, Any]:
    data = message.data(alert)["data"]
    return {**data["watch"], "passages": data["passages"], "grounds": data["grounds"]}
