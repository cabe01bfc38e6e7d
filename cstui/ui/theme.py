"""cstui's own dark and light theme, and the few inks that text is drawn with.

Knows no widget. Text built outside CSS (cards, charts, list lines) takes its colours from `Ink`, so a theme change redraws it.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.theme import Theme

DARK = Theme(
    name="cstui-dark",
    primary="#4fc3b4",
    secondary="#7d9ce8",
    accent="#f0b45c",
    warning="#f0b45c",
    error="#ff7f76",
    success="#7fd694",
    foreground="#d9dee8",
    background="#10141b",
    surface="#161c26",
    panel="#222b39",
    dark=True,
    variables={
        "dim": "#8290a6",
        "faint": "#4a566a",
        "rule": "#2c3748",
        "line": "#5fd3c3",
        "fill": "#1f4b4d",
        "selected": "#263348",
        "border": "#f0b45c",
        "input-cursor-background": "#f0b45c",
        "input-selection-background": "#4fc3b4 35%",
        "scrollbar": "#2c3748",
        "scrollbar-hover": "#4a566a",
        "scrollbar-active": "#f0b45c",
        "scrollbar-background": "#161c26",
        "scrollbar-corner-color": "#161c26",
    },
)
LIGHT = Theme(
    name="cstui-light",
    primary="#0b7a6c",
    secondary="#3a5bb5",
    accent="#a85b00",
    warning="#a85b00",
    error="#b3261e",
    success="#1f7a3d",
    foreground="#1f2630",
    background="#faf8f3",
    surface="#f3f0e8",
    panel="#e6e1d4",
    dark=False,
    variables={
        "dim": "#5f6874",
        "faint": "#9a9d9f",
        "rule": "#d5cfbf",
        "line": "#0b7a6c",
        "fill": "#bfe0d6",
        "selected": "#e8dfc8",
        "border": "#a85b00",
        "input-cursor-background": "#a85b00",
        "input-selection-background": "#0b7a6c 30%",
        "scrollbar": "#d5cfbf",
        "scrollbar-hover": "#9a9d9f",
        "scrollbar-active": "#a85b00",
        "scrollbar-background": "#f3f0e8",
        "scrollbar-corner-color": "#f3f0e8",
    },
)
THEMES = (DARK, LIGHT)


class Ink(NamedTuple):
    """Colours as `#rrggbb`, by what they say."""

    text: str
    dim: str
    """Labels and what is read second."""
    faint: str
    """Axes, rules, gaps."""
    good: str
    bad: str
    care: str
    """To be read with care: small samples, unfinished periods, old data."""
    accent: str
    """Where the keyboard is."""
    primary: str
    line: str
    """A chart's line, and what lies beneath it."""
    fill: str
    selected: str


def ink_of(theme: Theme) -> Ink:
    """The inks of one of `THEMES`."""
    extra = theme.variables
    return Ink(
        text=theme.foreground or "",
        dim=extra["dim"],
        faint=extra["faint"],
        good=theme.success or "",
        bad=theme.error or "",
        care=theme.warning or "",
        accent=theme.accent or "",
        primary=theme.primary,
        line=extra["line"],
        fill=extra["fill"],
        selected=extra["selected"],
    )


INKS = {theme.name: ink_of(theme) for theme in THEMES}
