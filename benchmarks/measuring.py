"""What the benchmarks on a big workspace share: their options, a workspace that is kept or thrown away, and one JSON document."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import big_company

Document = dict[str, Any]


def run(doc: str | None, measure: Callable[[Path, int, int], Document], missed: Callable[[Document], object]) -> int:
    """Measure with a workspace's path, the number of customers and of repeats; print the document; the exit status.

    The path is of a file that may not be there yet. With `--check` the status is 1 where `missed` finds a target that was missed.
    """
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else None)
    parser.add_argument("--keep", type=Path, help="keep the workspace in this file, and use it when it is there")
    parser.add_argument("--customers", type=int, default=big_company.CUSTOMERS)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        document = measure(args.keep or Path(folder) / "big.db", args.customers, args.repeats)
    print(json.dumps(document, indent=1))
    return 1 if args.check and missed(document) else 0
