"""The errors Dateline raises. Each answers the caller's next question.

::

    DatelineError
    ├── ConfigError      all mistakes of a config at once, each with file, line and key
    ├── QueryError       a query that cannot be read; knows the column
    ├── ExtractError     a page that gives no article; knows the url and the field
    ├── StoreError       the database cannot be opened, read or written
    │   └── StoreBusy    another process holds the lock for longer than the patience set
    └── DeliveryError    a message was not taken; knows whether trying again makes sense

A foreign exception is translated once, where the foreign library is called. Expected outcomes
(not modified, unchanged, blocked by robots) are values, not exceptions.
"""

from __future__ import annotations


class DatelineError(Exception):
    """The root of all errors that Dateline raises on purpose."""


class ConfigError(DatelineError):
    """A config that cannot be used. `mistakes` holds one finished line of text per mistake."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class QueryError(DatelineError):
    """A query that cannot be read.

    `column` counts from 1 in the query's text; `reason` is the message without it.
    """

    def __init__(self, reason: str, *, column: int) -> None:
        super().__init__(f"{reason} (column {column})")
        self.reason = reason
        self.column = column


class ExtractError(DatelineError):
    """A page that gives no article. `field` is what was missing or wrong."""

    def __init__(self, message: str, *, url: str | None, field: str) -> None:
        super().__init__(f"{message} [{field}] {url or '(no address)'}")
        self.url = url
        self.field = field


class StoreError(DatelineError):
    """The database cannot be opened, read or written; the message says what to do."""


class StoreBusy(StoreError):  # noqa: N818 - a state worth its own short name, caught by retriers
    """Another process held the write lock for longer than this connection waits."""


class DeliveryError(DatelineError):
    """A message was not taken.

    `permanent` means: the same message to the same address will not be taken later either.
    `partly` means: some have it, the others never will; it is permanent, too.
    `gone` means: the addressee wants no message at all any more.
    `retry_after` is the server's own wish in seconds, already capped by the channel.
    `answer` is what the server said, shortened, without secrets.
    """

    def __init__(
        self,
        answer: str,
        *,
        permanent: bool,
        partly: bool = False,
        gone: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.permanent = permanent
        self.partly = partly
        self.gone = gone
        self.retry_after = retry_after
