"""Reading queries, the worst that may be written and the worst that may not (aim: 50 ms each)."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from db.compile import to_condition
from db.errors import QueryError
from db.query import MAX_DEPTH, MAX_TERMS, parse

REPEATS = 5
QUERIES = {
    f"{MAX_TERMS} words": " ".join(["word"] * MAX_TERMS),
    f"{MAX_TERMS} words, OR": " OR ".join(["word"] * MAX_TERMS),
    f"{MAX_DEPTH} brackets deep": "(a b OR " * (MAX_DEPTH - 1) + "c" + ")" * (MAX_DEPTH - 1),
    "a phrase of 4,900 words": '"' + "w " * 4_900 + '"',
    "10,000 words": "word " * 10_000,
    "100,000 open brackets": "(" * 100_000,
    "a backtracking expression": "/(a+)+$/",
}


def rows() -> list[tuple[str, str, float]]:
    """Return for each query what became of it and the milliseconds that took, a median."""
    return [(name, _read(query), 1000 * median(_times(query))) for name, query in QUERIES.items()]


def _read(query: str) -> str:
    try:
        to_condition(parse(query))
    except QueryError:
        return "refused"
    return "read"


def _times(query: str) -> list[float]:
    taken = []
    for _ in range(REPEATS):
        begun = perf_counter()
        _read(query)
        taken.append(perf_counter() - begun)
    return taken


def main() -> None:
    """Print the table."""
    print(f"{'median of ' + str(REPEATS):<30}{'':>10}{'ms':>10}")
    for name, became, taken in rows():
        print(f"{name:<30}{became:>10}{taken:>10.2f}")


if __name__ == "__main__":
    main()
