"""All benchmarks, one after the other: `python -m bench`, or only some: `python -m bench record`.

Each is a process of its own, so that none is measured with another's memory and caches.
"""

from __future__ import annotations

import subprocess
import sys

PARTS = {
    "record": "Storing articles",
    "match": "Watches and documents",
    "query": "Reading queries",
    "reading": "Reading pages of any site",
    "poll": "A poll of 200 unchanged pages",
    "round": "Starting a round",
    "sources": "A round of 200 sources with nothing new",
    "feeds": "Rendering feeds",
    "past": "Trying a query on a year",
    "stories": "Near copies and stories",
}


def main(chosen: list[str]) -> int:
    """Run the benchmarks; return 1 if one could not be run, never because one is slow."""
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; known: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    failed = 0
    for name in chosen or PARTS:
        print(f"── {PARTS[name]} ──", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
        )
        print(flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
