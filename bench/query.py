"""Reading queries, the worst that may be written and the worst that may not (aim: 50 ms each)."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from bench.extent import usually
from db.compile import to_condition
from db.errors import QueryError
from db.patterns import compiled
from db.query import MAX_DEPTH, MAX_PATTERNS, MAX_TERMS, parse

REPEATS = usually(5, small=1)
QUERIES = {
    f"{MAX_TERMS} words": " ".join(["word"] * MAX_TERMS),
    f"{MAX_TERMS} words, OR": " OR ".join(["word"] * MAX_TERMS),
    f"{MAX_DEPTH} brackets deep": "(a b OR " * (MAX_DEPTH - 1) + "c" + ")" * (MAX_DEPTH - 1),
    "a phrase of 4,900 words": '"' + "w " * 4_900 + '"',
    "10,000 words": "word " * 10_000,
    "100,000 open brackets": "(" * 100_000,
    "a backtracking expression": "/(a+)+$/",
    f"{MAX_PATTERNS} large expressions": " ".join(
        rf"/{chr(97 + number)}\pL{{4}}/" for number in range(MAX_PATTERNS)
    ),
    "an expression too large": r"/(?:\pL{90}){9}/",
    "names of 64 ambiguous letters": " ".join(["~" + "ohioucju" * 8] * 150),
    f"{MAX_TERMS} names": " ".join(["~Tasmagambetov"] * MAX_TERMS),
    f"{MAX_TERMS} words near each other": " NEAR ".join(["word"] * MAX_TERMS),
    f"{MAX_TERMS} days": " ".join(["seen:2025-12-20"] * MAX_TERMS),
}


def rows() -> list[tuple[str, str, float, float]]:
    """Return for each query what became of it and the milliseconds that took, median and worst.

    The worst is mostly the first: RE2 keeps the last expressions it compiled.
    """
    found = []
    for name, query in QUERIES.items():
        times = _times(query)
        found.append((name, _read(query), 1000 * median(times), 1000 * max(times)))
    return found


def _read(query: str) -> str:
    try:
        to_condition(parse(query))
    except QueryError:
        return "refused"
    return "read"


def _times(query: str) -> list[float]:
    taken = []
    for _ in range(REPEATS):
        compiled.cache_clear()
        begun = perf_counter()
        _read(query)
        taken.append(perf_counter() - begun)
    return taken


def main() -> None:
    """Print the table."""
    print(f"{'of ' + str(REPEATS):<30}{'':>10}{'ms, median':>12}{'ms, worst':>12}")
    for name, became, usual, worst in rows():
        print(f"{name:<30}{became:>10}{usual:>12.2f}{worst:>12.2f}")


if __name__ == "__main__":
    main()
