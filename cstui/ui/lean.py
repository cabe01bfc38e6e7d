"""Textual without what no first frame needs: its command palette, with the widgets that one imports, and asyncio's TLS.

A tenth of the time to the first frame. Framework-internal: which names `textual.app` takes from `textual.command`, and that
it uses them when a palette is opened. Pinned, and held by tests. Where Textual is loaded already, it stays as it is.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_PALETTE = "textual.command"
_NAMES = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""What `textual.app` and `textual.theme` take from it."""


def load() -> None:
    """Import Textual's application without them."""
    if "textual.app" in sys.modules:
        return
    # As on a Python that was built without OpenSSL, which asyncio allows for. Whoever imports ssl later finds it.
    with _in_place_of("ssl", None):
        import_module("asyncio")
    stand_in = ModuleType(_PALETTE)
    for name in _NAMES:
        setattr(stand_in, name, type(name, (), {}))
    with _in_place_of(_PALETTE, stand_in):
        import_module("textual.app")


def palette() -> None:
    """Give Textual its command palette. Its search among themes, which cstui does not offer, stays without one."""
    whole = import_module(_PALETTE)
    for module in map(import_module, ("textual.app", "textual.theme")):
        for name in _NAMES:
            if hasattr(module, name):
                setattr(module, name, getattr(whole, name))


@contextmanager
def _in_place_of(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let imports of `name` find this module, or with None fail, unless it is loaded already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]  # None makes an import fail, as Python documents
    try:
        yield
    finally:
        del sys.modules[name]
