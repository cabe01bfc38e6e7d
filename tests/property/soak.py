"""Many more companies than the suite asks about: `python -m tests.property.soak [FIRST_SEED] [COUNT]`.

Prints the first disagreement of each kind with the smallest company it could find, and exits 1 if there was any.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from cstui.base.errors import UnknownField
from tests.oracle.companies import KINDS, Company, company, with_rows
from tests.property.agreement import Difference, differences, questions
from tests.property.program import Question, imported

Rows = tuple[dict[str, str], ...]
KEEP = frozenset(
    "subscription_id customer_id started_at amount payment_id paid_at due_at status date interaction_id at answered_at kind score scale "
    "visits conversions category from to rate".split()
)


def disagreements(made: Company, question: Question, folder: Path) -> list[Difference]:
    """Where program and oracle disagree over one question."""
    if made.facts().own_as_of is None:
        return []
    try:
        with imported(made, folder) as ws:
            return list(differences(ws, made.facts(), question))
    except UnknownField:
        return []  # the last customer with that attribute was left out of a smaller company


def smaller(made: Company, still: Callable[[Company], bool]) -> Company:
    """The company without every row and cell that the disagreement does not need."""
    for kind in KINDS:
        rows: Rows = made.rows(kind)
        for index in range(len(rows) - 1, -1, -1):
            made = _try(made, {kind: rows[:index] + rows[index + 1 :]}, still)
            rows = made.rows(kind)
    for kind in KINDS:
        for index in range(len(made.rows(kind))):
            for column in [name for name in made.rows(kind)[index] if name not in KEEP]:
                rows = made.rows(kind)
                bare = {name: cell for name, cell in rows[index].items() if name != column}
                made = _try(made, {kind: (*rows[:index], bare, *rows[index + 1 :])}, still)
    return made


def _try(made: Company, change: dict[str, Rows], still: Callable[[Company], bool]) -> Company:
    fewer = with_rows(made, change)
    return fewer if still(fewer) else made


def main(first: int, count: int) -> int:
    """Ask about `count` companies; how many kinds of disagreement there were."""
    seen: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(first, first + count):
            chance = Random(seed)
            made = company(chance, 5)
            for question in questions(chance, made, 3):
                for found in disagreements(made, question, folder):
                    key = (found.metric, found.what)
                    if key in seen:
                        continue
                    seen |= {key, *_report(seed, made, found, folder)}
    print(f"seeds {first}–{first + count - 1}: {len(seen)} kinds of disagreement")  # noqa: T201
    return 1 if seen else 0


def _report(seed: int, made: Company, found: Difference, folder: Path) -> set[tuple[str, str]]:
    one = replace(found.question, spans=(found.span,))

    def still(fewer: Company) -> bool:
        return any((d.metric, d.what) == (found.metric, found.what) for d in disagreements(fewer, one, folder))

    small = smaller(made, still)
    same = disagreements(small, one, folder)
    lines = "\n".join(str(d) for d in same[:6])
    print(f"=== seed {seed}, as_of {small.facts().own_as_of}\n{small!r}\n{lines}", flush=True)  # noqa: T201
    return {(d.metric, d.what) for d in same}


if __name__ == "__main__":
    arguments = [int(text) for text in sys.argv[1:]]
    sys.exit(main(*(arguments + [0, 200][len(arguments) :])))
