"""What the benchmarks on a big workspace share: options, a workspace that is kept or thrown away, importing into it, one JSON document."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks import big_company
from cstui.base.days import to_day
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job
from cstui.desk.workspace import open_workspace

TODAY = date(2026, 11, 2)


def options(doc: str | None) -> argparse.ArgumentParser:
    """`--keep`, `--customers`, `--repeats`, `--check`; described by the first line of a module's words."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else None)
    parser.add_argument("--keep", type=Path, help="keep the workspace in this file, and use it when it is there")
    parser.add_argument("--customers", type=int, default=big_company.CUSTOMERS)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    return parser


@contextmanager
def workspace_file(args: argparse.Namespace) -> Iterator[Path]:
    """The file to keep, or one that goes afterwards; either may not be there yet."""
    with tempfile.TemporaryDirectory() as folder:
        yield args.keep or Path(folder) / "big.db"


def bring(path: Path, files: Sequence[str], *, strict: bool = False) -> None:
    """Import the files into a new workspace at `path`, and say how long it took."""
    started = time.perf_counter()
    open_workspace(path, create=True).close()
    job = Job(path, ImportRequest(tuple(files), strict=strict, day=to_day(TODAY), at="2026-11-02T08:00:00Z"))
    try:
        job.preview()
        print(f"preview: {time.perf_counter() - started:.1f} s", file=sys.stderr)
        job.commit()
    finally:
        job.close()
    print(f"import: {time.perf_counter() - started:.1f} s", file=sys.stderr)


def report(document: Mapping[str, object], args: argparse.Namespace, *, holds: bool) -> int:
    """Print what was found; the exit status."""
    print(json.dumps(document, indent=1))
    return 1 if args.check and not holds else 0
