"""The risk list and one customer's risk as commands.md has them. Shapes only."""

from __future__ import annotations

from fractions import Fraction

from cstui.desk.at_risk import AtRisk, EvidenceRow, Group, RiskRow
from cstui.desk.customer_words import date, number


def list_json(ranking: AtRisk) -> dict[str, object]:
    """`cstui at-risk --json`."""
    document: dict[str, object] = {
        "schema": 1,
        "as_of": date(ranking.as_of),
        "currency": ranking.currency,
        "filters": {field: list(values) for field, values in ranking.where},
        "direction": ranking.direction,
        "method": dict(ranking.method),
        "total": len(ranking.order),
        "at_risk": ranking.at_risk,
        **_sums(ranking, by_purchase=ranking.by_purchase),
        "new_since": ranking.since,
    }
    if ranking.groups:
        document["groups"] = [_group(group, by_purchase=ranking.by_purchase) for group in ranking.groups]
    document["customers"] = [row_json(row, by_purchase=ranking.by_purchase) for row in ranking.customers]
    return document


def _money(amount: Fraction | None, weighted: Fraction | None, *, by_purchase: bool) -> dict[str, object]:
    """What is at stake: MRR or, where nobody has any, net revenue a month of the last year."""
    if by_purchase:
        return {"mrr": None, "weighted_mrr": None, "monthly_revenue": number(amount), "weighted_revenue": number(weighted)}
    return {"mrr": number(amount), "weighted_mrr": number(weighted)}


def _sums(of: AtRisk | Group, *, by_purchase: bool) -> dict[str, object]:
    """What is at stake in all; unknown where somebody's part of it is, with the sums of the others."""
    if not of.elsewhere:
        return _money(of.mrr, of.weighted, by_purchase=by_purchase)
    others = _money(of.mrr, of.weighted, by_purchase=by_purchase)
    return dict.fromkeys(others) | {"missing_rate": {"customers": of.elsewhere, "others": others}}


def row_json(row: RiskRow, *, by_purchase: bool = False) -> dict[str, object]:
    """One customer of the list, and the `risk` of the customer page."""
    money = _money(row.mrr, row.weighted, by_purchase=by_purchase)
    return {
        "customer_id": row.customer_id,
        "name": row.name,
        "mrr": money.pop("mrr"),
        "risk": row.risk,
        "churn_probability": None,
        "expected_loss": None,
        "band": row.band,
        "scheduled_end": date(row.scheduled_end),
        "renews_on": date(row.renews_on),
        "reasons": [
            {"signal": one.signal, "points": one.points, "evidence": one.evidence, "rows": [_row(source) for source in one.rows]}
            for one in row.reasons
        ],
        "unknown": [{"signal": one.signal, "why": one.why} for one in row.unknown],
        "weighted_mrr": money.pop("weighted_mrr"),
        "owner": row.owner,
        "segment": row.segment,
        "new": row.new,
        **(money | {"lapses_on": date(row.lapses_on)} if by_purchase else {}),
    }


def _row(source: EvidenceRow) -> dict[str, object]:
    place: dict[str, object] = {"file": source.file, "line": source.line}
    if source.file is None and source.entered is not None:
        place = {"entered": date(source.entered)}
    return {"kind": source.kind, "id": source.id, "date": date(source.day), "source": place}


def _group(group: Group, *, by_purchase: bool) -> dict[str, object]:
    return {
        "by": group.value,
        "customers": group.customers,
        "at_risk": group.at_risk,
        **_sums(group, by_purchase=by_purchase),
    }
