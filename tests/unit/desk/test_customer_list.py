"""The finder over a hundred thousand names, and the journey's stages: pure parts of the customer screens."""

from __future__ import annotations

import random

from cstui.base.text import fold_search
from cstui.desk.customer_journey import journey
from cstui.desk.customer_list import Finder
from cstui.desk.customer_timeline import Event

NAMES = ("شركة النور", "شرکه نور", "Kestrel Labs", "kestrel", "پارس‌داده", "c-١٢", "C-12", "Ünal", "")


def test_the_finder_finds_what_every_single_name_would() -> None:
    chance = random.Random(5)
    people = [(number, "\n".join(fold_search(name) for name in chance.sample(NAMES, 2) if name)) for number in range(1, 400)]
    finder = Finder(1, people)
    for wanted in ("نور", "KESTREL", "12", "unal", "شركه", "پارسداده", "l", "nobody", "\n", ""):
        plain = {number for number, words in people if fold_search(wanted) in words}
        assert finder.find(wanted) == plain, wanted


def test_a_journey_goes_through_its_stages_once_and_back() -> None:
    events = [
        Event(10, "created"),
        Event(20, "trial_started"),
        Event(34, "first_paid"),
        Event(40, "trial_started"),
        Event(100, "churned"),
        Event(160, "returned"),
        Event(200, "churned"),
    ]
    contacts = [(12, "Sales"), (50, "Sales"), (60, "Success"), (170, "Omid")]
    stages = journey(events, contacts, {"first_visit": "1970-01-05", "tier": "gold"}, "Sara", 210)
    assert [(stage.name, stage.start, stage.days) for stage in stages] == [
        ("visitor", 4, 6),
        ("lead", 10, 10),
        ("trial", 20, 14),
        ("customer", 34, 66),
        ("churned", 100, 60),
        ("returned", 160, 40),
        ("churned", 200, 11),
    ]
    assert stages[3].owners == ("Sales", "Success")
    assert stages[-1].owners == ("Sara",)


def test_whoever_never_paid_and_left_is_lost_and_a_customer_is_not() -> None:
    assert [stage.name for stage in journey([Event(1, "created"), Event(5, "lost")], [], {}, None, 9)] == ["lead", "lost"]
    assert [stage.name for stage in journey([Event(1, "first_paid"), Event(5, "lost")], [], {}, None, 9)] == ["customer"]
    assert journey([], [], {"first_visit": "soon"}, None, 9) == ()
