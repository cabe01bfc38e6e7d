"""Formulas of composed figures, such as `profit / mean(customers_active.start, customers_active.end)`: evaluated, and taken apart. Pure."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

_OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: Mapping[str, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
    "min": min,
    "max": max,
}
MOST_PARTS = 8
"""Every order of more parts than this would take too long to try."""


def evaluated(formula: str, values: Mapping[str, Fraction]) -> Fraction | None:
    """What a formula over other metrics comes to; None where it divides by nothing, or says more than numbers can."""
    try:
        return _of(ast.parse(formula, mode="eval").body, values)
    except (ZeroDivisionError, KeyError, SyntaxError):
        return None


def _of(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_of(node.left, values), _of(node.right, values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_of(node.operand, values)
    if isinstance(node, ast.Call):
        return _FUNCTIONS[ast.unparse(node.func)]([_of(argument, values) for argument in node.args])
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Fraction(str(node.value))
    return values[ast.unparse(node)]


def effects(formula: str, before: Mapping[str, Fraction], now: Mapping[str, Fraction]) -> dict[str, Fraction] | None:
    """What the change of each part did to the figure: its effect on the mean of every order in which the parts could have changed.

    That is the Shapley value. The effects add up to the whole difference whatever the formula; in a sum each is its part's own change.
    None where some mixture of before and now has no value.
    """
    names = sorted(now)
    if len(names) > MOST_PARTS:
        return None
    worth: dict[frozenset[str], Fraction] = {}
    for size in range(len(names) + 1):
        for changed in combinations(names, size):
            value = evaluated(formula, {name: now[name] if name in changed else before[name] for name in names})
            if value is None:
                return None
            worth[frozenset(changed)] = value
    orders = factorial(len(names))
    found = dict.fromkeys(names, Fraction(0))
    for mixture, value in worth.items():
        weight = Fraction(factorial(max(0, len(mixture) - 1)) * factorial(len(names) - len(mixture)), orders)
        for name in mixture:
            found[name] += weight * (value - worth[mixture - {name}])
    return found
