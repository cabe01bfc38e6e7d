"""Small random shops: customers who buy and never subscribe, in rhythms of their own, with refunds, free orders and open bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import strategies as st

from tests.oracle.companies import FIRST, LAST, Company, company


def shops(customers: int = 6) -> st.SearchStrategy[Company]:
    """Shops for hypothesis."""
    return st.randoms(use_true_random=False).map(lambda chance: shop(chance, customers))


def shop(chance: Random, most: int = 6) -> Company:
    """A company without subscriptions whose customers come back."""
    made = company(chance, most)
    second = chance.choice(("", "", "EUR"))
    rows: list[dict[str, str]] = []
    for number in range(1, most + 1):
        foreign = second if number % 3 == 0 else ""
        rows += _purchases(chance, f"c-{number}", foreign, len(rows))
    return replace(made, subscriptions=(), payments=tuple(rows))


def _purchases(chance: Random, name: str, currency: str, taken: int) -> list[dict[str, str]]:
    """One customer's purchases: now and then twice a day, now and then a long silence."""
    rows: list[dict[str, str]] = []
    day = FIRST + timedelta(days=chance.randint(-30, (LAST - FIRST).days))
    rhythm = chance.choice((1, 2, 7, 30, 30, 90))
    for number in range(chance.choice((0, 1, 1, 2, 3, 5, 9))):
        row = {"payment_id": f"b-{taken + number}-{name}", "customer_id": name, "amount": chance.choice(("10", "0", "99.90", "5", "20"))}
        row |= {
            "kind": chance.choice(("one_off", "one_off", "recurring", "", "refund")),
            "status": chance.choice(("paid", "paid", "paid", "")),
        }
        row |= {"currency": currency or "USD", "source": chance.choice(("shop", "حواله", ""))}
        if chance.random() < 0.08:
            rows.append(row | {"status": chance.choice(("open", "failed")), "due_at": day.isoformat()})
        else:
            rows.append(row | {"paid_at": day.isoformat()})
        day += timedelta(days=chance.choice((0, rhythm, rhythm, rhythm - 1, rhythm + 1, 2 * rhythm, 2 * rhythm + 1, 5 * rhythm)))
    return rows
