"""A draft comes back as it was kept, whatever else stands in its place."""

from __future__ import annotations

import pytest

from cstui.ui.drafts import Draft, choices, from_text, to_text


def test_drafts_come_back_as_they_were() -> None:
    one = Draft("c-1", "شركة النور", "ces", {"ces": ("1-5", "low_easy")}, "support", "سارا", "4", "[/] ok", "2026-11-01", 7)
    two = Draft("kes", who="kes", new=True)
    assert from_text(to_text([one, two])) == [one, two]


@pytest.mark.parametrize("text", [None, "", "{", "{}", "[1]", '[{"kind": "smile", "scales": {"nps": "x"}, "editing": "1", "score": 4}]'])
def test_what_cannot_be_read_is_left_out(text: str | None) -> None:
    assert all(draft == Draft() for draft in from_text(text))


def test_the_next_answer_remembers_kind_scale_and_touchpoint_alone() -> None:
    draft = Draft("c-1", "Kestrel", "csat", touchpoint="support", respondent="Ann", score="4", comment="x").on(("1-7", ""))
    assert draft.next() == Draft(kind="csat", scales={"csat": ("1-7", "")}, touchpoint="support")
    assert draft.next().scale == ("1-7", "")
    assert draft.begun
    assert not draft.next().begun


def test_every_kind_has_a_usual_scale_and_ces_two_directions() -> None:
    assert [choices(kind)[0] for kind in ("nps", "csat", "ces")] == [("0-10", ""), ("1-5", ""), ("1-7", "high_easy")]
    assert ("1-7", "low_easy") in choices("ces")
    assert Draft(kind="nps", scales={"nps": ("1-99", "")}).scale == ("0-10", "")
