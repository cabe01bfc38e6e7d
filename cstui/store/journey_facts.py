"""What the journey of all customers is told from: records, trials and who held the contacts. Says which rows, never what they mean."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cstui.metrics.journey import is_ticket
from cstui.store.sql import query


class RecordRow(NamedTuple):
    """A customer record, as far as it tells of a journey."""

    customer: int
    created_at: int | None
    lost_at: int | None
    stage: str | None
    owner: str | None


class Known(NamedTuple):
    """Everything that is known of journeys on a day, beside MRR."""

    records: tuple[RecordRow, ...]
    trials: Mapping[int, int]
    """Customer → the day their first trial began."""
    contacts: Mapping[int, Sequence[tuple[int, str]]]
    """Customer → (day, who held it), by day; without tickets."""


def known(db: sqlite3.Connection, ids: Collection[int] | None, as_of: int) -> Known:
    """What is known of the customers in `ids` (None: all)."""
    bound = {"ids": None if ids is None else json.dumps(sorted(ids)), "as_of": as_of}
    held = groupby(db.execute(query("journey_contacts"), bound), key=itemgetter(0))
    contacts = {customer: [(day, who) for _, day, who, *about in own if not is_ticket(*about)] for customer, own in held}
    records = tuple(map(RecordRow._make, db.execute(query("journey_records"), bound)))
    return Known(records, dict(db.execute(query("journey_trials"), bound)), contacts)
