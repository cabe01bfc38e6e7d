"""Small random companies as rows of the plain templates, rich in edge cases.

One generator serves both uses: hypothesis drives it through a `Random` it can shrink, the soak through a seeded one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from tests.oracle import habits
from tests.oracle.facts import Facts
from tests.oracle.templates import DECLARED, read

IMPORT_DAY = date(2026, 9, 20)
FIRST, LAST = date(2025, 7, 1), date(2026, 8, 31)
"""Most things happen between these; scheduled ends may lie after the import."""

SUBSCRIPTION_COLUMNS = (
    "subscription_id customer_id started_at amount plan currency interval interval_count quantity discount status trial_start trial_end "
    "status_since cancel_requested_at ended_at current_period_end"
).split()
PAYMENT_COLUMNS = "payment_id customer_id amount paid_at due_at currency kind status source".split()
USAGE_COLUMNS = "customer_id date user_id sessions minutes events".split()
INTERACTION_COLUMNS = "interaction_id customer_id at channel direction kind subject status resolved_at reopens owner note".split()
SURVEY_COLUMNS = "customer_id answered_at kind score scale direction survey response_id respondent touchpoint comment".split()
TRAFFIC_COLUMNS = "date channel visits conversions leads".split()
COST_COLUMNS = "date category amount cost_id currency channel".split()
RATE_COLUMNS = "date from to rate".split()
COLUMNS = {
    "subscriptions": SUBSCRIPTION_COLUMNS,
    "payments": PAYMENT_COLUMNS,
    "usage": USAGE_COLUMNS,
    "interactions": INTERACTION_COLUMNS,
    "surveys": SURVEY_COLUMNS,
    "traffic": TRAFFIC_COLUMNS,
    "costs": COST_COLUMNS,
    "exchange_rates": RATE_COLUMNS,
}
"""Kind → the template's columns; those of customers depend on the company."""
KINDS = ("customers", *COLUMNS)
CUSTOM = "x_tier"
INTERVALS = ("month", "month", "month", "month", "year", "quarter", "week", "day", "")
PLANS = ("basic", "pro", "Enterprise", "حرفه‌ای", "")
SEGMENTS = ("smb", "enterprise", "مؤسسات", "شرکت‌ها", "")
OWNERS = ("Ana", "سارة", "رضا", "", "")

STAGES = ("visitor", "lead", "trial", "customer", "lost", "")


Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Company:
    """Rows of the templates, one field a kind."""

    customers: tuple[Cells, ...]
    subscriptions: tuple[Cells, ...]
    payments: tuple[Cells, ...]
    currency: str = "USD"
    usage: tuple[Cells, ...] = ()
    interactions: tuple[Cells, ...] = ()
    surveys: tuple[Cells, ...] = ()
    traffic: tuple[Cells, ...] = ()
    costs: tuple[Cells, ...] = ()
    exchange_rates: tuple[Cells, ...] = ()

    def rows(self, kind: str) -> tuple[Cells, ...]:
        """The rows of one kind."""
        found: tuple[Cells, ...] = getattr(self, kind)
        return found

    def facts(self) -> Facts:
        """As the oracle reads them."""
        return read({kind: self.rows(kind) for kind in KINDS}, currency=self.currency, import_day=IMPORT_DAY)

    def tables(self) -> dict[str, str]:
        """Kind → CSV text, for the kinds that have rows."""
        people = [*DECLARED[:3], *[name for name in DECLARED[3:] if any(row.get(name) for row in self.customers)], CUSTOM]
        columns = {"customers": people} | COLUMNS
        return {kind: to_csv(columns[kind], self.rows(kind)) for kind in KINDS if self.rows(kind)}

    def write(self, folder: Path) -> tuple[Path, ...]:
        """Its files, written into a folder."""
        paths = []
        for kind, text in self.tables().items():
            path = folder / f"{kind}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return tuple(paths)

    def __repr__(self) -> str:
        return "\n".join(f"--- {kind}\n{text}" for kind, text in self.tables().items())


def with_rows(made: Company, rows: Mapping[str, tuple[Cells, ...]]) -> Company:
    """The company with other rows of some kinds."""
    kept = {kind: rows.get(kind, made.rows(kind)) for kind in KINDS}
    return Company(
        customers=kept["customers"],
        subscriptions=kept["subscriptions"],
        payments=kept["payments"],
        currency=made.currency,
        usage=kept["usage"],
        interactions=kept["interactions"],
        surveys=kept["surveys"],
        traffic=kept["traffic"],
        costs=kept["costs"],
        exchange_rates=kept["exchange_rates"],
    )


def to_csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    """Rows as CSV, in a template's columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(columns), lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def companies(customers: int = 6) -> st.SearchStrategy[Company]:
    """Companies for hypothesis."""
    return st.randoms(use_true_random=False).map(lambda chance: company(chance, customers))


def company(chance: Random, most: int = 6) -> Company:
    """One company with up to `most` customers."""
    names = [f"c-{number}" for number in range(1, chance.randint(1, most) + 1)]
    second = chance.choice(("", "", "EUR", "EUR", "JPY"))
    subscriptions: list[dict[str, str]] = []
    payments: list[dict[str, str]] = []
    for number, name in enumerate(names):
        foreign = second if number % 3 == 2 or (number == 1 and chance.random() < 0.3) else ""
        subscriptions += _life(chance, name, foreign, len(subscriptions))
        payments += _payments(chance, name, foreign, len(payments))
    if chance.random() < 0.15 and len(names) > 1 and len(subscriptions) > 1:
        subscriptions[-1] = {**subscriptions[-1], "customer_id": names[0]}
    if not subscriptions:
        subscriptions = [{"subscription_id": "s-1", "customer_id": names[0], "started_at": "2026-01-01", "amount": "10", "currency": "USD"}]
    subscriptions[0]["currency"] = "USD"
    customers = [_customer(chance, name) for name in names if chance.random() < 0.9]
    customers += [_customer(chance, f"lead-{number}") for number in range(chance.randint(0, 3))]
    more = habits.of(chance, names, second, FIRST, LAST)
    made = Company(tuple(customers), tuple(subscriptions), tuple(payments))
    return with_rows(made, more)


def _day(chance: Random, first: date = FIRST, last: date = LAST) -> date:
    """A day between the two, often at a month's edge."""
    if first >= last:
        return first
    day = first + timedelta(days=chance.randint(0, (last - first).days))
    edge = chance.random()
    if edge < 0.3:
        day = day.replace(day=1)
    elif edge < 0.5:
        day = day.replace(day=1) - timedelta(days=1)
    return min(max(day, first), last)


def _after(chance: Random, day: date) -> date:
    return day + timedelta(days=chance.choice((0, 1, 2, 7, 14, 29, 30, 31, 60, 90, 180, 400)))


def _customer(chance: Random, name: str) -> dict[str, str]:
    row = {"customer_id": name, "name": chance.choice(("Acme", "نور", "آذر", "[/]", ""))}
    row |= {"stage": chance.choice(STAGES), "segment": chance.choice(SEGMENTS), "owner": chance.choice(OWNERS)}
    row |= {
        "plan": chance.choice(("", "", *PLANS)),
        "channel": chance.choice(habits.CHANNELS),
        CUSTOM: chance.choice(("gold", "طلایی", "", "")),
    }
    if chance.random() < 0.8:
        created = _day(chance)
        row["created_at"] = created.isoformat()
        if chance.random() < 0.25:
            row["lost_at"] = min(_after(chance, created), IMPORT_DAY).isoformat()
    return row


def _life(chance: Random, name: str, foreign: str, taken: int) -> list[dict[str, str]]:
    """A customer's subscriptions: chains of versions, gaps, several at once."""
    rows: list[dict[str, str]] = []
    for chain in range(chance.choice((0, 1, 1, 2, 2, 3))):
        sid = f"s-{taken + chain + 1}-{name}"
        start = _day(chance)
        for _ in range(chance.choice((1, 1, 2, 3, 4))):
            row = _subscription(chance, sid, name, start, foreign)
            rows.append(row)
            start = _next_start(chance, row, start)
            if start > LAST + timedelta(days=60):
                break
            if chance.random() < 0.4:
                sid = f"s-{taken + chain + 1}-{name}-{len(rows)}"
    return _one_latest_plan(rows)


def _next_start(chance: Random, row: dict[str, str], start: date) -> date:
    """Where the next version begins: at the old one's end, after a gap, or inside it."""
    if row.get("ended_at") and chance.random() < 0.7:
        return max(
            date.fromisoformat(row["ended_at"]) + timedelta(days=chance.choice((0, 0, 1, 2, 4, 5, 6, 30))), start + timedelta(days=1)
        )
    return start + timedelta(days=chance.choice((1, 15, 28, 31, 59, 92, 200)))


def _one_latest_plan(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows that start together share a plan: which of them is the latest is not said."""
    plans: dict[str, str] = {}
    for row in rows:
        row["plan"] = plans.setdefault(row["started_at"], row["plan"])
    return rows


def _subscription(chance: Random, sid: str, name: str, start: date, foreign: str) -> dict[str, str]:
    row = {"subscription_id": sid, "customer_id": name, "started_at": start.isoformat(), "plan": chance.choice(PLANS)}
    row["currency"] = foreign or chance.choice(("USD", "USD", ""))
    amounts = ("100", "1000", "7", "0") if foreign == "JPY" else ("100", "49.99", "600", "7", "0", "120.50", "100", "30", "240")
    row["amount"] = chance.choice(amounts)
    row["interval"] = chance.choice(INTERVALS)
    row["interval_count"] = chance.choice(("", "", "1", "1", str(chance.randint(2, 12))))
    halves = () if foreign == "JPY" or row["amount"] == "49.99" else ("1.5",)  # what is billed is whole minor units
    row["quantity"] = chance.choice(("", "", "", "1", "1", "2", "2", "0", "3", *halves))
    row["discount"] = chance.choice(("", "", "", "", "", "0", "5", "5", "50", "5000"))
    _trial(chance, row, start)
    _ending(chance, row, start)
    return {column: cell for column, cell in row.items() if cell or column in ("plan", "currency")}


def _trial(chance: Random, row: dict[str, str], start: date) -> None:
    if chance.random() < 0.15:
        row["trial_start"] = start.isoformat()
        if chance.random() < 0.85:
            row["trial_end"] = (start + timedelta(days=chance.choice((0, 7, 14, 30, 31, 200)))).isoformat()
        if chance.random() < 0.4:
            row["status"] = "trial"


def _ending(chance: Random, row: dict[str, str], start: date) -> None:
    """Dates and status of a row, in every combination that exports have."""
    if chance.random() < 0.35:
        row["ended_at"] = _after(chance, start).isoformat()
    if chance.random() < 0.2:
        requested = min(_after(chance, start), IMPORT_DAY)
        if requested >= start:
            row["cancel_requested_at"] = requested.isoformat()
    if chance.random() < 0.35:
        row["current_period_end"] = (_after(chance, start) + timedelta(days=1)).isoformat()
    if chance.random() < 0.25:
        row["status"] = chance.choice(("active", "paused", "past_due", "past_due", "cancelled", "trial"))
        if chance.random() < 0.5:
            row["status_since"] = max(start, min(_after(chance, start), IMPORT_DAY)).isoformat()


def _payments(chance: Random, name: str, foreign: str, taken: int) -> list[dict[str, str]]:
    rows = []
    for number in range(chance.choice((0, 1, 2, 4))):
        kind = chance.choice(("recurring", "one_off", "refund", ""))
        status = chance.choice(("paid", "paid", "paid", "open", "failed", ""))
        amount = chance.choice(("10", "99", "1200") if foreign == "JPY" else ("10", "99.90", "1200", "0.01"))
        sign = "-" if kind == "refund" and chance.random() < 0.5 else ""
        row = {"payment_id": f"p-{taken + number + 1}-{name}", "customer_id": name, "amount": sign + amount, "kind": kind, "status": status}
        row["due_at" if status in ("open", "failed") else "paid_at"] = _day(chance).isoformat()
        row |= {"currency": foreign or "USD", "source": chance.choice(("stripe", "bank", "حواله", ""))}
        rows.append(row)
    return rows
