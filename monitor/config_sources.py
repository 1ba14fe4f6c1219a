"""The table of a source in a config, with what describes lists of any site; checked strictly."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from db.revisits import VISITS
from monitor import config_values as values
from monitor.config_tables import Distinct, Interval, Table, WebAddress, around, some
from spiders import selectors as css
from spiders.browsers import missing
from spiders.registry import READERS

_MINUTE = timedelta(minutes=1)
_EVERY = values.interval(values.EVERY)


def _between(text: Any) -> Any:
    return values.between(text) if isinstance(text, str) else text


def _first_round(text: Any) -> Any:
    return values.first_round(text) if isinstance(text, str) else text


def _a_selector(text: str) -> str:
    return css.checked(text) if text else text


Between: TypeAlias = Annotated[tuple[timedelta, timedelta], BeforeValidator(_between)]
FirstRound: TypeAlias = Annotated[timedelta | None, BeforeValidator(_first_round)]
Selector: TypeAlias = Annotated[str, AfterValidator(_a_selector)]


class SelectorsTable(Table):
    """`[source.NAME.selectors]`: where the parts of a list's cards stand, as CSS or XPath 1.0."""

    card: Selector
    link: Selector = ""
    title: Selector = ""
    date: Selector = ""
    summary: Selector = ""


class ApiTable(Table):
    """`[source.NAME.api]`: how a JSON list is asked for and read."""

    items: str = ""
    link: str = Field(min_length=1)
    title: str = ""
    date: str = ""
    summary: str = ""
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    cursor: str = ""
    cursor_to: str = ""


class SourceTable(Table):
    """`[source.NAME]`: a section to watch."""

    kind: str
    urls: Annotated[list[WebAddress], Distinct] = Field(min_length=1)
    every: Interval = _EVERY
    between: Between | None = None
    adaptive: bool = True
    first_round: FirstRound = None
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None
    language: Annotated[str, AfterValidator(values.language)] | None = None
    pages: int = Field(3, ge=1, le=50)
    tags: Annotated[list[str], Distinct] = Field(default_factory=list)
    recheck: Annotated[list[Interval], AfterValidator(values.rising)] = Field(
        default_factory=lambda: list(VISITS)
    )
    keep_pages: bool = False
    browser: bool = False
    selectors: SelectorsTable | None = None
    api: ApiTable | None = None

    @field_validator("selectors")
    @classmethod
    def _are_for_lists(
        cls, selectors: SelectorsTable | None, info: ValidationInfo
    ) -> SelectorsTable | None:
        if selectors and info.data.get("kind") not in (None, "listing"):
            raise ValueError('selectors find the cards of a section page; set kind = "listing"')
        return selectors

    @field_validator("api")
    @classmethod
    def _is_for_an_api(cls, api: ApiTable | None, info: ValidationInfo) -> ApiTable | None:
        if api and info.data.get("kind") not in (None, "api"):
            raise ValueError('this describes a JSON list; set kind = "api"')
        return api

    @field_validator("browser")
    @classmethod
    def _is_there(cls, browser: bool) -> bool:  # noqa: FBT001 - pydantic's way of asking
        if browser and find_spec("scrapy_playwright") is None:
            raise ValueError(missing())
        return browser

    @model_validator(mode="after")
    def _is_described(self) -> SourceTable:
        if self.kind == "api" and self.api is None:
            raise ValueError("a JSON list needs [source.NAME.api] that says where its items are")
        return self

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str, info: ValidationInfo) -> str:
        return values.one_of(kind, around(info).kinds, what="kind of source")

    @field_validator("every")
    @classmethod
    def _is_polite(cls, every: timedelta, info: ValidationInfo) -> timedelta:
        _check_manners(every, info)
        return every

    @field_validator("between")
    @classmethod
    def _is_polite_too(
        cls, between: tuple[timedelta, timedelta] | None, info: ValidationInfo
    ) -> tuple[timedelta, timedelta] | None:
        if between is None:
            return None
        some(between[0])
        _check_manners(between[0], info)
        if info.data.get("every", _EVERY) != _EVERY:
            raise ValueError("every is its first half; write one of the two")
        return between


class FolderTable(Table):
    """`[source.NAME]` with `kind = "documents"`: a folder that saved pages are dropped into."""

    kind: str
    folder: str = Field(min_length=1)
    reads_as: str | None = None
    every: Interval = _EVERY
    first_round: FirstRound = None
    timezone: Annotated[str, AfterValidator(values.zone)] | None = None
    language: Annotated[str, AfterValidator(values.language)] | None = None
    tags: Annotated[list[str], Distinct] = Field(default_factory=list)

    @field_validator("reads_as")
    @classmethod
    def _is_known(cls, kind: str | None) -> str | None:
        return values.one_of(kind, READERS, what="kind of page") if kind else None


def _check_manners(every: timedelta, info: ValidationInfo) -> None:
    allow = around(info).allow
    urls: list[str] = info.data.get("urls", [])
    own = urls and all(values.may_be_private(url, allow) for url in urls)
    if every < _MINUTE and not own:
        raise ValueError('a stranger\'s site is visited once a minute at most; write "1m"')
