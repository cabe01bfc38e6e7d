"""How rows of use travel from a file to the workspace: packed in arrays, because there may be ten million of them.

A row's place among the others of its month is one number, `key`: customer, user and day of the month, in this order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EMPTY: Final = -1
"""In a packed count: the cell is empty, and leaves what is there."""
CLEARED: Final = -2
"""In a packed count: empty what is there."""

MINUTE: Final = 1000
"""Minutes are kept as whole thousandths."""

DAY_BITS: Final = 5
USER_BITS: Final = 29
CUSTOMER_SHIFT: Final = DAY_BITS + USER_BITS
"""`key` = customer << CUSTOMER_SHIFT | user << DAY_BITS | day of the month."""


class Packed(NamedTuple):
    """Rows of one file, in file order, an array per column."""

    month: NDArray[np.int32]
    """As `cstui.base.days.month_of` has it."""
    key: NDArray[np.int64]
    """Customer and user by their numbers in the call; user 0 is none."""
    sessions: NDArray[np.int32]
    minutes: NDArray[np.int64]
    """Thousandths of a minute. These three are EMPTY or CLEARED where the file says nothing."""
    events: NDArray[np.int32]
    line: NDArray[np.int32]
    users: list[str]
    """Ids of the users first named here, folded; they have the numbers after those named before."""
