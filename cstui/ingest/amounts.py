"""A block's columns of money: in whose currency each amount is, and what it comes to in that currency's minor units.

Knows columns of text and what the survey found in them; neither rows nor what else a record holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from typing import cast

from cstui.ingest import values
from cstui.ingest.failures import Bad
from cstui.ingest.headers import Plan
from cstui.ingest.money_words import TOMAN
from cstui.ingest.survey import Survey
from cstui.ingest.typed import Faults
from cstui.ingest.values import Memo


class Amounts:
    """The money of one file's rows."""

    def __init__(self, plan: Plan, survey: Survey, currency: str, memos: Mapping[str, Memo], constants: Mapping[str, object]) -> None:
        """`currency` is the workspace's; `memos` read each field's texts, of an amount as a decimal; `constants` are of every row."""
        self._plan, self._signs, self._currency = plan, survey.signs, currency
        self._memos, self._constants = memos, constants
        self._sign_of = Memo(survey.signs.get)
        self._minor: dict[tuple[str, str], Memo] = {}

    def said(self, raw: list[tuple[str, ...]], count: int) -> list[object]:
        """The currency that each row itself names in its column, where amounts may name one too."""
        index = self._plan.fields.get("currency")
        if index is None or not self._signs:
            return [None] * count
        found = map(self._memos["currency"].__getitem__, raw[index])
        return [None if isinstance(code, Bad) else code for code in found]

    def signs(self, name: str, raw: tuple[str, ...], currencies: list[object], said: list[object], faults: Faults) -> None:
        """Where an amount or its header names a currency, that is the row's; two that contradict refuse the row.

        What `--set` gives is for rows that name none: `said` are the currencies that the rows do.
        """
        if name in self._plan.tomans:
            self._in_tomans(name, raw, currencies, faults)
            return
        if not self._signs:
            return
        codes = list(map(self._sign_of.__getitem__, raw))
        for row in compress(range(len(codes)), codes):
            code = codes[row]
            if code == currencies[row]:
                said[row] = code
            elif isinstance(code, tuple):
                if (currencies[row] or self._currency) not in code:
                    faults[row].append((name, values.shared_name(code)))
            elif said[row] is None:
                currencies[row] = said[row] = code
            else:
                faults[row].append((name, values.contradiction("amount", code, "row's currency", said[row])))

    def _in_tomans(self, name: str, raw: tuple[str, ...], currencies: list[object], faults: Faults) -> None:
        """The same of a column whose header says tomans: a rial among them would come to ten times what it is."""
        for row, (code, currency) in enumerate(zip(map(self._sign_of.__getitem__, raw), currencies, strict=True)):
            if code not in {None, TOMAN}:
                faults[row].append((name, values.contradiction("amount", code, "column's header", TOMAN)))
            elif currency is None:
                currencies[row] = "IRR"
            elif currency not in {"IRR", TOMAN}:
                faults[row].append((name, values.contradiction("column's header", TOMAN, "row's currency", currency)))

    def minor(self, name: str, raw: tuple[str, ...] | None, columns: dict[str, list[object]], count: int) -> list[object]:
        """Amounts in minor units of their row's currency."""
        currencies = columns["currency"]
        cells = raw or ("",) * count
        codes = {TOMAN} if name in self._plan.tomans else set(currencies)
        if len(codes) == 1:
            return list(map(self._minor_memo(name, codes.pop()).__getitem__, cells))
        memos = {code: self._minor_memo(name, code) for code in codes}
        alike = {id(memo): memo for memo in memos.values()}  # a row without a currency is in the workspace's
        if len(alike) == 1:
            return list(map(alike.popitem()[1].__getitem__, cells))
        return [memos[code][cell] for code, cell in zip(currencies, cells, strict=True)]

    def _minor_memo(self, name: str, code: object) -> Memo:
        currency = cast("str", code) or self._currency
        memo = self._minor.get((name, currency))
        if memo is None:
            decimals = self._memos[name]
            memo = self._minor[name, currency] = Memo(lambda text: values.minor_of(decimals[text], currency))
            memo[""] = values.minor_of(self._constants.get(name), currency)
        return memo
