"""The collector of cycles is held back while somebody is inside, and as it had been afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cstui.base.collector import held_back


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


def test_off_until_the_last_has_left() -> None:
    gc.enable()
    with held_back():
        with held_back():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_inside_leaves_it_on() -> None:
    gc.enable()
    with pytest.raises(KeyError), held_back():
        raise KeyError
    assert gc.isenabled()


def test_stays_off_where_it_was_off() -> None:
    gc.disable()
    with held_back():
        pass
    assert not gc.isenabled()
