"""What is being recorded, as the form holds it and as it is kept between keys, so that quitting or a crash loses nothing.

Pure: knows neither widgets nor the workspace. Touchpoint, kind and scales outlive an answer: they are remembered for the next.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cstui.base.scores import DIRECTIONS, SCALES, scale_text
from cstui.desk.survey import Recording

Choice = tuple[str, str]
"""A scale and, for ces, its direction."""


def choices(kind: str) -> tuple[Choice, ...]:
    """The scales a kind can be recorded on, the usual one first."""
    directions = DIRECTIONS if kind == "ces" else ("",)
    return tuple((scale_text(scale), direction) for direction in directions for scale in SCALES[kind])


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is being recorded."""

    customer_id: str = ""
    """Of the customer who was taken; blank while none is."""
    who: str = ""
    """What stands in the customer field."""
    kind: str = "nps"
    scales: Mapping[str, Choice] = field(default_factory=dict)
    """Kind → the scale it was recorded on last."""
    touchpoint: str = ""
    respondent: str = ""
    score: str = ""
    comment: str = ""
    date: str = ""
    """Blank: today."""
    editing: int | None = None
    """The row of the answer that is being changed; None: a new one."""
    new: bool = False
    """The customer is to be made: nobody has that id."""

    @property
    def scale(self) -> Choice:
        """The scale in force."""
        chosen = self.scales.get(self.kind)
        return chosen if chosen in choices(self.kind) else choices(self.kind)[0]

    @property
    def begun(self) -> bool:
        """Something was typed that would be missed."""
        return bool(self.who.strip() or self.score or self.comment.strip() or self.editing is not None)

    def on(self, scale: Choice) -> Draft:
        """The same, on another scale."""
        return replace(self, scales={**self.scales, self.kind: scale})

    def saying(self, part: str, text: str) -> Draft:
        """The same, with another text in one of its texts."""
        return replace(self, **{part: text})  # type: ignore[arg-type]  # the parts named are texts

    def next(self) -> Draft:
        """An empty one that remembers kind, scales and touchpoint."""
        return Draft(kind=self.kind, scales=self.scales, touchpoint=self.touchpoint)

    def recording(self) -> Recording:
        """What the desk is asked to record."""
        scale, direction = self.scale
        return Recording(
            self.customer_id, self.kind, self.score, scale, direction, self.touchpoint, self.respondent, self.comment, self.date
        )  # fmt: skip


_TEXTS = ("customer_id", "who", "touchpoint", "respondent", "score", "comment", "date")


def to_text(drafts: list[Draft]) -> str:
    """Drafts as they are kept, the one in the form first."""
    return json.dumps([_plain(one) for one in drafts], ensure_ascii=False)


def _plain(draft: Draft) -> dict[str, object]:
    kept: dict[str, object] = {name: getattr(draft, name) for name in (*_TEXTS, "kind", "editing", "new")}
    return kept | {"scales": {kind: list(pair) for kind, pair in draft.scales.items()}}


def from_text(text: str | None) -> list[Draft]:
    """Drafts as they were kept; what can't be read any more is left out."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [_draft(one) for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _draft(kept: Mapping[str, object]) -> Draft:
    texts = {name: value for name in _TEXTS if isinstance(value := kept.get(name), str)}
    kind = kept.get("kind")
    scales = kept.get("scales")
    editing = kept.get("editing")
    held = scales.items() if isinstance(scales, dict) else ()
    return Draft(
        **texts,
        kind=kind if isinstance(kind, str) and kind in SCALES else "nps",
        scales={name: (str(pair[0]), str(pair[1])) for name, pair in held if isinstance(pair, list) and len(pair) == 2},
        editing=editing if isinstance(editing, int) else None,
        new=kept.get("new") is True,
    )
