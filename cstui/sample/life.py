"""What a company bought, changed and gave up, as contracts: one subscription id each, with its versions over time.

Walks a contract from billing day to billing day. Knows no file and no payment; `billing` reads what is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from cstui.base.days import to_date
from cstui.sample import company
from cstui.sample.company import LADDER, START, Plan, add_months
from cstui.sample.people import Person

_HORIZON = company.THROUGH + 75
"""How far ahead a cancellation may already be known."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a contract costs from a day on. Its billing days are `anchor` + whole terms."""

    start: int
    anchor: int
    plan: str
    amount: int
    """Cents per seat and term."""
    term: int
    """Months billed at once."""
    seats: int
    discount: int = 0
    """Cents off each bill."""
    credit: int = 0
    """Cents off the first bill, for what was paid ahead on the version before."""

    @property
    def bill(self) -> int:
        """Cents of a full bill."""
        return self.amount * self.seats - self.discount


@dataclass(slots=True)
class Contract:
    """One subscription: built while its life is walked, then only read."""

    person: Person
    versions: list[Version]
    trial: tuple[int, int] | None = None
    requested: int | None = None
    """Day the cancellation was asked for."""
    ended: int | None = None
    """First day without service; may lie after the data's last day when it was requested before."""
    unpaid_from: int | None = None
    """First billing day that was never paid: a card that failed."""
    paused: int | None = None
    refunded: bool = False
    main: bool = True
    onboarding: int = 0
    """Cents of a one-off paid at the start."""
    trainings: list[int] = field(default_factory=list)

    @property
    def pays_from(self) -> int:
        """First paying day."""
        return self.trial[1] if self.trial else self.versions[0].start


def live(person: Person) -> list[Contract]:
    """All contracts of a company's life, main ones and add-ons; none for a lead that only asked."""
    chance = person.chance
    if person.way == "lead":
        return []
    plan = _plan(person)
    first = person.created_at + (chance.between(0, 5) if person.way != "direct" else _consideration(person))
    if first > company.THROUGH:
        return []
    if person.way == "trial_lost":
        return [_lost_trial(person, plan, first)]
    contract = _sign(person, plan, first, trial=person.way == "trial")
    contracts = [contract]
    since = contract.pays_from
    while (following := _walk(contract, since)) is not None:
        contracts.append(following)
        contract = following
    return contracts + _extras(person, contracts)


def _plan(person: Person) -> Plan:
    weights = {"Europe": (34, 40, 19, 7), "Gulf": (36, 42, 17, 5)}.get(person.region, (50, 36, 12, 2))
    return person.chance.weighted(tuple(zip(LADDER, weights, strict=True)))


def _consideration(person: Person) -> int:
    """Days from asking to signing, without a trial."""
    low, high = person.chance.weighted((((0, 3), 40), ((4, 20), 40), ((21, 75), 20)))
    return person.chance.between(low, high)


def _lost_trial(person: Person, plan: Plan, start: int) -> Contract:
    contract = _sign(person, plan, start, trial=True)
    if contract.pays_from <= company.THROUGH:
        contract.ended = contract.pays_from
    return contract


def _sign(person: Person, plan: Plan, day: int, *, trial: bool = False, back: bool = False) -> Contract:
    """A new main contract. `back`: they had left, and return on smaller terms with something off."""
    chance = person.chance
    seats = chance.between(*plan.seats)
    term = 1 if back else chance.weighted(plan.terms)
    end = day + (30 if plan.name == "enterprise" else company.TRIAL_DAYS)
    anchor = end if trial else day
    amount = company.price(plan, day) * _billed_months(term)
    percent = chance.weighted(((0, 4), (5, 3), (10, 3))) if plan.name in ("business", "enterprise") else 15 if back else 0
    share, fee = plan.onboarding
    version = Version(day, anchor, plan.name, amount, term, seats, discount=amount * seats * percent // 10_000 * 100)
    contract = Contract(person, [version], (day, end) if trial else None)
    if chance.happens(share) and not back:
        contract.onboarding = fee
    return contract


def _billed_months(term: int) -> int:
    """A year costs ten months."""
    return 10 if term == 12 else term


def _walk(contract: Contract, since: int) -> Contract | None:
    """Lives one contract to its end or the horizon. Returns the contract that follows it, or None."""
    person, chance = contract.person, contract.person.chance
    passed = changed = 0
    while True:
        now = contract.versions[-1]
        passed, changed = passed + 1, changed + 1
        day = add_months(now.anchor, passed)
        if day > _HORIZON:
            return None
        due = passed % now.term == 0
        plan = _named(now.plan)
        # One draw of each kind per month, whatever comes of it, so that a later rule does not shift the stream.
        leaves, moves, turns = chance.happens(_leaving(person, plan, now, day, (day - since) // 30)), chance.below(1000), chance.below(1000)
        if leaves and (due or company.trouble(person.region, day)):
            return _leave(contract, day)
        if day > company.THROUGH or changed < 2:
            continue
        if due and now.term == 1 and turns < 12 and plan is not START:
            return _turn_yearly(contract, plan, day)
        version = _change(person, plan, now, day, moves, due=due)
        if version is not None:
            contract.versions.append(version)
            passed, changed = passed if version.anchor == now.anchor else 0, 0
        elif turns > 990:
            contract.trainings.append(day)


def _leaving(person: Person, plan: Plan, now: Version, day: int, tenure: int) -> float:
    """Chance to leave on a due day: longer terms save it up, and lose some of it. In the bad quarter nobody waits for the term."""
    monthly = company.churn(plan, person.region, person.channel, day, tenure)
    return min(0.6, monthly * (1.0 if company.trouble(person.region, day) else {1: 1.0, 3: 2.6, 12: 8.0}[now.term]))


def _leave(contract: Contract, day: int) -> Contract | None:
    """Ends the contract on a due day, if the reason is known by the data's last day; perhaps they come back."""
    person, chance = contract.person, contract.person.chance
    kind, ahead, gap, comes_back = chance.below(100), chance.between(3, 28), chance.between(35, 240), chance.below(100)
    if kind < 16 and contract.versions[-1].term == 1:
        if day + 14 > company.THROUGH:
            contract.unpaid_from = day if day <= company.THROUGH else None
            return None
        contract.unpaid_from, contract.ended = day, day + 14
    else:
        asked = day - ahead * (2 if contract.versions[-1].term == 12 else 1)
        if asked > company.THROUGH:
            return None
        contract.requested, contract.ended = max(contract.pays_from, asked), day
        contract.refunded = kind > 93 or (company.trouble(person.region, day) and kind > 70)
    burnt = company.trouble(person.region, day)
    again = (contract.ended or day) + gap
    if again > company.THROUGH or comes_back >= (32 if burnt else 20):
        return None
    plan = _named(contract.versions[-1].plan)
    return _sign(person, plan if chance.happens(0.7) else START, again, back=True)


def _turn_yearly(contract: Contract, plan: Plan, day: int) -> Contract:
    """From monthly to yearly: a new subscription starts on the day the old one ends."""
    now = contract.versions[-1]
    contract.ended = day
    amount = company.price(plan, contract.versions[0].start) * _billed_months(12)
    return Contract(contract.person, [Version(day, day, plan.name, amount, 12, now.seats)])


def _change(person: Person, plan: Plan, now: Version, day: int, draw: int, *, due: bool) -> Version | None:
    """More or fewer seats, or another plan, from a billing day on; what shrinks waits for the term's end."""
    hurt = company.trouble(person.region, day)
    autumn = to_date(day).month in (9, 10, 11)
    grow = 8 if hurt else 130 if autumn else 105
    grow += 25 if plan.name in ("business", "enterprise") and not hurt else 0
    shrink = 130 if hurt else 42
    step = LADDER.index(plan)
    if draw < grow:
        if now.seats >= plan.seats[1] and step + 1 < len(LADDER) - 1:
            return _retake(now, LADDER[step + 1], day, max(LADDER[step + 1].seats[0], now.seats * 3 // 4))
        return _retake(now, plan, day, now.seats + 1 + person.chance.below(max(2, now.seats // 3 + 1)))
    if due and 500 <= draw < 500 + shrink:
        if step > 0 and person.chance.happens(0.25):
            return _retake(now, LADDER[step - 1], day, now.seats)
        fewer = now.seats - 1 - person.chance.below(max(1, now.seats // 4))
        return _retake(now, plan, day, fewer) if fewer >= 1 else None
    return None


def _retake(now: Version, plan: Plan, day: int, seats: int) -> Version:
    """The version that takes over on a day; mid-term, a new term starts and what was paid ahead is credited."""
    amount = now.amount if plan.name == now.plan else company.price(plan, now.start) * _billed_months(now.term)
    discount = now.discount * seats // now.seats // 100 * 100 if plan.name == now.plan else 0
    anchor, credit = now.anchor, 0
    if now.term > 1:
        anchor = day
        credit = now.bill * _months_left(now, day) // now.term
    return replace(now, start=day, anchor=anchor, plan=plan.name, amount=amount, seats=seats, discount=discount, credit=credit)


def _months_left(version: Version, day: int) -> int:
    """Whole months of the running term that were paid and not used."""
    passed = 0
    while add_months(version.anchor, passed + 1) <= day:
        passed += 1
    return -passed % version.term


def _named(name: str) -> Plan:
    return next(plan for plan in LADDER if plan.name == name)


def _extras(person: Person, contracts: list[Contract]) -> list[Contract]:
    """Add-ons and second shops beside the main contracts; then today's late payers and pauses."""
    found = [_extra(person, contract, _chain_end(contracts[place:])) for place, contract in enumerate(contracts)]
    _trouble_paying(contracts[-1])
    return [extra for extra in found if extra is not None]


def _chain_end(contracts: list[Contract]) -> Contract:
    """The last of the contracts that follow one another without a gap, from the first one on."""
    for contract, following in pairwise(contracts):
        if following.versions[0].start != contract.ended:
            return contract
    return contracts[-1]


def _extra(person: Person, contract: Contract, last: Contract) -> Contract | None:
    """An add-on, or a second shop of a large customer, that never outlives the main service; None for most."""
    chance = person.chance
    plan = contract.versions[0].plan
    wanted, second = chance.happens(0.05 if plan == "start" else 0.2), chance.happens(0.06) and plan in ("business", "enterprise")
    wait, stays, leaving = chance.between(1, 9), chance.between(3, 30), chance.between(1, 20)
    name, price = chance.pick(company.ADDONS)
    start, until = add_months(contract.pays_from, wait), company.THROUGH + 1 if last.ended is None else last.ended
    if not (wanted or second) or start >= min(until, company.THROUGH + 1) or last.unpaid_from is not None:
        return None
    amount, seats, label = (price, 1, name) if wanted else (company.price(company.TEAM, start), chance.between(2, 6), "team")
    extra = Contract(person, [Version(start, start, label, amount, 1, seats)], main=False)
    own_end = add_months(start, stays)
    if own_end < until and own_end - leaving <= company.THROUGH:
        extra.requested, extra.ended = max(start, own_end - leaving), own_end
    elif last.ended is not None:
        extra.requested, extra.ended = last.requested and max(start, last.requested), last.ended
    return extra


def _trouble_paying(contract: Contract) -> None:
    """A few of today's monthly customers are past due or have paused."""
    chance = contract.person.chance
    draw, back = chance.below(1000), chance.between(0, 2)
    now = contract.versions[-1]
    if contract.ended is not None or contract.unpaid_from is not None or now.term != 1:
        return
    bills = [day for k in range(40) if now.start <= (day := add_months(now.anchor, k)) <= company.THROUGH]
    if len(bills) < 3:
        return
    if draw < 34:
        contract.unpaid_from = bills[-1]
    elif draw < 48:
        contract.unpaid_from = bills[-2]
    elif draw < 66:
        contract.paused = bills[-1 - back]
