"""What watches are matched beside: FTS5 in memory and tantivy; `bench.match` says how."""

from __future__ import annotations

import sqlite3
from statistics import median
from time import process_time
from typing import TYPE_CHECKING

import tantivy

from db.compile import Match, to_condition
from db.query import parse
from db.tree import And, Not, Or, Term
from db.words import stems, surfaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.model import Change
    from db.tree import Node

_COLUMNS = ("title", "summary", "text")


def fts5(queries: Sequence[str], changes: Sequence[Change]) -> float:
    """Return documents a second when FTS5 in memory is asked every query about each document."""
    conditions = [to_condition(parse(query)) for query in queries]
    asked = [(c.fts,) for c in conditions if isinstance(c, Match)]
    columns = (*_COLUMNS, *(f"{name}_stem" for name in _COLUMNS))
    index = sqlite3.connect(":memory:", isolation_level=None)
    index.execute(f"CREATE VIRTUAL TABLE news USING fts5({', '.join(columns)}, tokenize='ascii')")
    insert = f"INSERT INTO news VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - marks only
    speeds = []
    for change in changes:
        started = process_time()
        index.execute("DELETE FROM news")
        texts = [getattr(change.article, name) for name in _COLUMNS]
        index.execute(insert, [*map(surfaces, texts), *map(stems, texts)])
        for parameters in asked:
            index.execute("SELECT rowid FROM news WHERE news MATCH ?", parameters).fetchall()
        speeds.append(1 / (process_time() - started))
    index.close()
    return median(speeds)


def tantivy_speed(queries: Sequence[str], changes: Sequence[Change]) -> float:
    """Return documents a second when tantivy indexes them all and is asked every query."""
    builder = tantivy.SchemaBuilder()
    for name in _COLUMNS:
        for column in (name, f"{name}_stem"):
            builder.add_text_field(column, tokenizer_name="whitespace", index_option="position")
    schema = builder.build()
    asked = [_tantivy_query(parse(query).tree, schema) for query in queries]
    started = process_time()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for change in changes:
        texts = [(name, getattr(change.article, name)) for name in _COLUMNS]
        words = {name: surfaces(text) for name, text in texts}
        forms = {f"{name}_stem": stems(text) for name, text in texts}
        writer.add_document(tantivy.Document(**words, **forms))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    for query in asked:
        searcher.search(query, limit=len(changes), count=False)
    return len(changes) / (process_time() - started)


def _tantivy_query(node: Node, schema: tantivy.Schema) -> tantivy.Query:
    """Say in tantivy's words what a tree asks of titles, summaries and texts."""
    query, occur = tantivy.Query, tantivy.Occur
    match node:
        case Term():
            return query.boolean_query(
                [(occur.Should, _tantivy_term(node, column, schema)) for column in node.columns]
            )
        case And():
            asked = [
                (occur.MustNot, _tantivy_query(part.part, schema))
                if isinstance(part, Not)
                else (occur.Must, _tantivy_query(part, schema))
                for part in node.parts
            ]
            return query.boolean_query(asked)
        case Or():
            return query.boolean_query(
                [(occur.Should, _tantivy_query(part, schema)) for part in node.parts]
            )
        case Not():
            everything = (occur.Must, query.all_query())
            return query.boolean_query(
                [everything, (occur.MustNot, _tantivy_query(node.part, schema))]
            )
    raise AssertionError(node)


def _tantivy_term(term: Term, column: str, schema: tantivy.Schema) -> tantivy.Query:
    if term.prefix:
        return tantivy.Query.regex_query(schema, column, f"{term.tokens[0]}.*")
    if len(term.tokens) > 1:
        return tantivy.Query.phrase_query(schema, column, list(term.tokens))
    return tantivy.Query.term_query(schema, column, term.tokens[0], "basic")
