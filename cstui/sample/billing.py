"""What the contracts brought in: bills that were paid, failed or are open, refunds, and one-off work.

Follows the contracts' billing days and decides nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cstui.sample import company
from cstui.sample.company import add_months
from cstui.sample.life import Contract
from cstui.sample.people import Person

_SOURCES: dict[str, tuple[tuple[str, int], ...]] = {
    "Iran": (("card", 55), ("bank transfer", 25), ("wallet", 20)),
    "Europe": (("card", 58), ("direct debit", 30), ("bank transfer", 12)),
}
_SOURCES_ELSEWHERE = (("card", 62), ("bank transfer", 24), ("wallet", 14))
_RETRIES = (0, 3, 7)
"""Days after the due day on which a failing card is tried."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of the payments file; cents, days."""

    customer: int
    amount: int
    paid_at: int | None
    due_at: int | None
    kind: str
    status: str
    source: str

    @property
    def day(self) -> int:
        """Where it stands in the file: when it was paid, or else due."""
        return self.due_at or 0 if self.paid_at is None else self.paid_at


def payments(person: Person, contracts: list[Contract]) -> list[Payment]:
    """Everything a company paid, owes or got back, in no particular order."""
    source = person.chance.weighted(_SOURCES.get(person.region, _SOURCES_ELSEWHERE))
    if any(version.plan == "enterprise" for contract in contracts for version in contract.versions):
        source = "bank transfer"
    return [payment for contract in contracts for payment in _of(contract, source)]


def _of(contract: Contract, source: str) -> Iterator[Payment]:
    chance = contract.person.chance
    last: Payment | None = None
    for day, cents in bills(contract):
        if contract.unpaid_from is not None and day >= contract.unpaid_from:
            yield from _failing(contract, contract.unpaid_from, cents, source)
            break
        for payment in _settle(contract.person, day, cents, "recurring", source):
            yield payment
            last = payment if payment.status == "paid" else last
    if contract.onboarding and contract.pays_from <= company.THROUGH:
        done = min(contract.pays_from + chance.between(2, 12), company.THROUGH)
        yield from _settle(contract.person, done, contract.onboarding, "one_off", source)
    for day in contract.trainings:
        yield from _settle(contract.person, day, 24_000, "one_off", source)
    if contract.refunded and last is not None and contract.ended is not None:
        share = last.amount if contract.versions[-1].term == 1 else last.amount // 400 * 100
        back = contract.ended + chance.between(1, 9)
        if back <= company.THROUGH:
            yield replace(last, amount=share, paid_at=back, due_at=None, kind="refund")


def bills(contract: Contract) -> Iterator[tuple[int, int]]:
    """(billing day, cents) from the first paying day to the contract's end, its pause or the data's last day."""
    until = company.THROUGH + 1
    for stop in (contract.ended, contract.paused):
        until = until if stop is None else min(until, stop)
    versions = contract.versions
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        stop = until if following is None else min(until, following.start)
        term = 0
        credit = version.credit
        while (day := add_months(version.anchor, term)) < stop:
            if day >= version.start:
                yield day, max(0, version.bill - credit)
                credit = 0
            term += version.term


def _failing(contract: Contract, day: int, cents: int, source: str) -> Iterator[Payment]:
    """A card that is tried three times, or an invoice nobody pays."""
    if source == "bank transfer":
        yield Payment(contract.person.number, cents, None, day, "recurring", "open", source)
        return
    for wait in _RETRIES:
        if day + wait <= company.THROUGH:
            yield Payment(contract.person.number, cents, None, day + wait, "recurring", "failed", source)


def _settle(person: Person, day: int, cents: int, kind: str, source: str) -> Iterator[Payment]:
    """A bill that is paid: a card at once or at the second try, an invoice when its reader gets to it."""
    chance = person.chance
    refused = company.CARD_SLIPS_IN_TROUBLE if company.trouble(person.region, day) else company.CARD_SLIPS
    slips, delay, late = chance.happens(refused), chance.between(2, 20), chance.happens(0.07)
    if cents == 0:
        return
    if source == "bank transfer":
        paid = day + delay + (22 if late else 0)
        if paid > company.THROUGH:
            yield Payment(person.number, cents, None, day + 14, kind, "open", source)
        else:
            yield Payment(person.number, cents, paid, day + 14, kind, "paid", source)
        return
    if slips and day + 3 <= company.THROUGH:
        yield Payment(person.number, cents, None, day, kind, "failed", source)
        day += 3
    yield Payment(person.number, cents, day, None, kind, "paid", source)
