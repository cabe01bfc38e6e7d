"""The document of `cstui value --json`. Shapes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cstui.base.days import iso
from cstui.desk.figures import header
from cstui.desk.value import LIFETIME_MONTHS, Against, Buyer, Lifetime, Model, Purchases, Spending, Subscriber, ValueSnapshot

DIGITS = 6
"""Fits agree to about so many figures from one machine to the next."""


def document(found: ValueSnapshot) -> dict[str, object]:
    """The whole snapshot."""
    shown: dict[str, object] = header(found.as_of, found.currency, found.where) | {"mode": found.mode}
    all_of_them: dict[str, object] = {"total": found.total, "expected_value": _number(found.worth)}
    if found.purchases is not None and found.spending is not None:
        shown |= {"weeks": found.weeks, "purchases": _purchases(found.purchases), "spending": _spending(found.spending)}
        return shown | all_of_them | {"customers": [_buyer(one) for one in found.buyers]}
    shown |= {"lifetime_months_at_most": LIFETIME_MONTHS, "lifetimes": [_lifetime(one) for one in found.lifetimes]}
    return shown | all_of_them | {"customers": [_subscriber(one) for one in found.subscribers]}


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _day(value: int | None) -> str | None:
    return None if value is None else iso(value)


def _model(one: Model) -> dict[str, object]:
    parameters: Mapping[str, float] | None = one.parameters
    return {
        "model": one.name,
        "status": one.status,
        "reason": one.reason,
        "parameters": None if parameters is None else {name: _number(value) for name, value in parameters.items()},
        "log_likelihood": _number(one.log_likelihood),
    }


def _against(lines: Sequence[Against], label: str) -> list[dict[str, object]]:
    return [{label: line.label, "actual": int(line.actual), "expected": _number(line.expected)} for line in lines]


def _purchases(one: Purchases) -> dict[str, object]:
    held = one.holdout
    return _model(one.model) | {
        "unit": "weeks",
        "calibration": {
            "first": _day(one.first),
            "last": _day(one.until),
            "customers": one.customers,
            "returned": one.returned,
            "repeat_purchases": one.repeats,
        },
        "frequencies": _against(one.frequencies, "repeat_purchases"),
        "track": [
            {"date": iso(point.day), "actual": point.actual, "expected": _number(point.expected), "calibration": point.calibration}
            for point in one.track
        ],
        "holdout": None
        if held is None
        else {
            "after": iso(held.until),
            "weeks": _number(held.weeks),
            "customers": held.customers,
            "actual": held.actual,
            "expected": _number(held.expected),
        },
        "expected_of_a_new_customer": _number(one.newcomer),
    }


def _spending(one: Spending) -> dict[str, object]:
    return _model(one.model) | {
        "customers": one.customers,
        "mean": _number(one.mean),
        "correlation": _number(one.correlation),
        "without_rate": one.unpriced,
        "distribution": _against(one.buckets, "mean_spend"),
    }


def _buyer(one: Buyer) -> dict[str, object]:
    return {
        "customer_id": one.customer_id,
        "name": one.name,
        "purchases": one.purchases,
        "first": iso(one.first),
        "last": iso(one.last),
        "alive": _number(one.alive),
        "expected_purchases": _number(one.expected),
        "expected_spend": _number(one.spend),
        "expected_value": _number(one.value),
    }


def _lifetime(one: Lifetime) -> dict[str, object]:
    return {"term_months": one.months, "customers": one.customers, "left": one.left} | _model(one.model) | {
        "expected_months": _number(one.expected_months),
        "mean_months": _number(one.mean_months),
        "terms": [
            {
                "term": term.term,
                "at_risk": term.at_risk,
                "renewed": term.renewed,
                "retention": _number(term.retention),
                "expected_retention": _number(term.expected_retention),
                "survival": _number(term.survival),
                "expected_survival": _number(term.expected_survival),
            }
            for term in one.terms
        ],
    }  # fmt: skip


def _subscriber(one: Subscriber) -> dict[str, object]:
    return {
        "customer_id": one.customer_id,
        "name": one.name,
        "mrr": _number(one.mrr),
        "term_months": one.months,
        "renewed": one.renewed,
        "renews": _number(one.renews),
        "expected_months": _number(one.expected_months),
        "expected_value": _number(one.value),
    }
