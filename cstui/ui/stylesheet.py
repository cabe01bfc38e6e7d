"""A stylesheet that is parsed once, not again for every screen that is shown for the first time.

Textual parses all CSS anew whenever it merely may have changed; at start that would be three times, a tenth of the first
frame. Framework-internal (`Stylesheet.set_variables`, `reparse`): pinned, and held by a test that switches themes.
"""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class OnceParsed(Stylesheet):
    """Parses again only when a variable, that is the theme, has changed."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._stale = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take new variables; equal ones change nothing."""
        if variables != self._variables:
            super().set_variables(variables)
            self._stale = True

    def reparse(self) -> None:
        """Parse with the new variables, if they are new."""
        if self._stale:
            super().reparse()
            self._stale = False
