"""What random customers do besides paying: use, contacts, answers; and what the company spends, on whom, at which rates.

Part of `companies`: rows of the plain templates, rich in edge cases, drawn from a `Random`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

Rows = tuple[dict[str, str], ...]

CHANNELS = ("ads", "organic", "إعلانات", "")
TOUCHPOINTS = ("support", "onboarding", "پشتیبانی", "")
RESPONDENTS = ("ana", "رضا", "", "")
CATEGORIES = ("sales", "marketing", "marketing", "cost_of_revenue", "service", "other")
SCALES = {"nps": ("0-10", "0-10", "0-10", "", "1-10"), "csat": ("1-5", "1-5", "1-7", "1-10"), "ces": ("1-7", "1-7", "1-5")}


def of(chance: Random, names: Sequence[str], second: str, first: date, last: date) -> dict[str, Rows]:
    """Rows by kind. `second` is the foreign currency of the company, "" for none; each kind is absent from some companies."""

    def some(share: float) -> bool:
        return chance.random() < share

    return {
        "usage": _usage(chance, names, first, last) if some(0.9) else (),
        "interactions": _interactions(chance, names, first, last) if some(0.4) else (),
        "surveys": _surveys(chance, names, first, last) if some(0.95) else (),
        "traffic": _traffic(chance, first, last) if some(0.75) else (),
        "costs": _costs(chance, second, first, last) if some(0.85) else (),
        "exchange_rates": _rates(chance, second, first, last) if second and some(0.75) else (),
    }


def _between(chance: Random, first: date, last: date) -> date:
    return first + timedelta(days=chance.randint(0, max(0, (last - first).days)))


def _within(chance: Random, first: date, last: date) -> tuple[date, date]:
    """A stretch of the time there is: a kind of fact rarely covers all of it."""
    if chance.random() < 0.65:
        return first, last
    one, other = sorted((_between(chance, first, last), _between(chance, first, last)))
    return one, max(other, one + timedelta(days=20))


def _usage(chance: Random, names: Sequence[str], first: date, last: date) -> Rows:
    """Bursts of days with gaps between; with user ids, without, or both in one customer."""
    start, end = _within(chance, first, last)
    rows: dict[tuple[str, str, date], dict[str, str]] = {}
    columns = chance.choice((("sessions", "minutes", "events"), ("sessions", "minutes"), ("events",), ("minutes",)))
    for name in names:
        for user in chance.choice(((), ("",), ("",), ("u1",), ("u1", "u2"), ("u1", "u2", "کاربر"), ("", "u1"))):
            for _ in range(chance.choice((1, 2, 3))):
                day = _between(chance, start, end)
                for _ in range(chance.choice((1, 2, 5, 9))):
                    rows[name, user, day] = _use(chance, name, user, day, columns)
                    day += timedelta(days=chance.choice((1, 1, 1, 2, 6, 7, 8, 29, 30, 31)))
    return tuple(row for (_, _, day), row in rows.items() if day <= last)


def _use(chance: Random, name: str, user: str, day: date, columns: Sequence[str]) -> dict[str, str]:
    cells = {"sessions": chance.choice(("1", "2", "7")), "minutes": chance.choice(("12", "12.5", "0.125", "90")), "events": "3"}
    row = {"customer_id": name, "user_id": user, "date": day.isoformat(), "events": "1"}
    return row | {column: cells[column] for column in columns if column == "events" or chance.random() < 0.93}


def _interactions(chance: Random, names: Sequence[str], first: date, last: date) -> Rows:
    rows = []
    for number in range(chance.randint(1, 6)):
        at = _between(chance, first, last)
        row = {"interaction_id": f"i-{number}", "customer_id": chance.choice((*names, "unheard-of")), "at": at.isoformat()}
        if chance.random() < 0.5:
            row |= {"status": "solved", "resolved_at": (at + timedelta(days=chance.choice((0, 1, 9)))).isoformat()}
        rows.append(row)
    return tuple(rows)


def _surveys(chance: Random, names: Sequence[str], first: date, last: date) -> Rows:
    """Answers of all kinds; mostly one scale and direction a kind, blank respondents, several on one day."""
    start, end = _within(chance, first, last)
    mixed = chance.random() < 0.35
    usual = {kind: chance.choice(scales) for kind, scales in SCALES.items()}
    usual_direction = chance.choice(("high_easy", "high_easy", "low_easy", ""))
    days = [_between(chance, start, end) for _ in range(chance.choice((1, 3, 12)))]
    rows = []
    for number in range(chance.choice((5, 20, 60))):
        kind = chance.choice(("nps", "nps", "csat", "ces"))
        scale = chance.choice(SCALES[kind]) if mixed else usual[kind]
        low, high = (scale or "0-10").split("-")
        day = chance.choice(days) if chance.random() < 0.7 else _between(chance, start, end)
        row = {"customer_id": chance.choice(names), "answered_at": day.isoformat(), "kind": kind, "scale": scale}
        row |= {"score": str(chance.randint(int(low), int(high))), "respondent": chance.choice(RESPONDENTS)}
        row |= {"touchpoint": chance.choice(TOUCHPOINTS), "survey": chance.choice(("", "", "بازخورد"))}
        if kind == "ces":
            row["direction"] = chance.choice(("high_easy", "low_easy")) if mixed else usual_direction
        if chance.random() < 0.5:
            row["response_id"] = f"r-{number}"
        rows.append(row)
    return tuple(rows + rows[:1] if not rows[0].get("response_id") else rows)


def _traffic(chance: Random, first: date, last: date) -> Rows:
    start, end = _within(chance, first, last)
    rows = {}
    for _ in range(chance.choice((1, 12, 25))):
        day, channel, visits = _between(chance, start, end), chance.choice(CHANNELS), chance.choice((0, 3, 40, 200))
        row = {"date": day.isoformat(), "channel": channel, "visits": str(visits), "leads": "1"}
        rows[day, channel] = row | {"conversions": str(chance.randint(0, visits))}
    return tuple(rows.values())


def _costs(chance: Random, second: str, first: date, last: date) -> Rows:
    """Expenses with and without a channel, an id, a currency; equal ones stay two."""
    start, end = _within(chance, first, last)
    rows = []
    named = chance.random() < 0.6
    for number in range(chance.choice((1, 20, 40))):
        row = {"date": _between(chance, start, end).isoformat(), "category": chance.choice(CATEGORIES)}
        foreign = second if chance.random() < 0.15 else ""
        row |= {
            "amount": chance.choice(("10", "250", "1200") if foreign == "JPY" else ("10", "0.01", "99.90", "1200")),
            "currency": foreign,
        }
        if named:
            row["channel"] = chance.choice(CHANNELS)
        if chance.random() < 0.5:
            row["cost_id"] = f"k-{number}"
        rows.append(row)
    return tuple(rows + [rows[-1]] * (not rows[-1].get("cost_id")))


def _rates(chance: Random, second: str, first: date, last: date) -> Rows:
    """One a month, or every few days with a gap, or a single one."""
    worth = {"EUR": ("1.1", "1.0825", "1.15"), "JPY": ("0.0067", "0.007")}[second]
    days, day, step = [], first.replace(day=chance.choice((1, 15, 28))), chance.choice((3, 7, 0, 0))
    while day <= last:
        days.append(day)
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=day.day) if step == 0 else day + timedelta(days=step)
    gap = _between(chance, first, last)
    hole = 40 if chance.random() < 0.3 else 0
    kept = [one for one in days if not gap <= one < gap + timedelta(days=hole)]
    return tuple({"date": one.isoformat(), "from": second, "to": "USD", "rate": chance.choice(worth)} for one in kept)
