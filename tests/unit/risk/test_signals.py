"""Every signal alone: what raises it, what does not, and what it says when nothing is known."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cstui.base.days import parse_iso
from cstui.risk import signals
from cstui.risk.signals import CALM, SIGNALS, Answer, Finding, Ticket, Unpaid

DAY = parse_iso("2026-10-31")


def mask(*backs: int) -> int:
    """Active on these days, counted back from the last covered one."""
    found = 0
    for back in backs:
        found |= 1 << (signals.WINDOW - 1 - back)
    return found


def answer(
    score: str, high: int = 10, *, day: int = DAY, low: int = 0, easy_high: bool = True, who: str | None = None, row: int = 1
) -> Answer:
    return Answer(row, day, Fraction(score), low, high, easy_high, who)


EVERY_FOURTH = mask(*range(0, 112, 4))


class TestUse:
    def test_steady_use_is_no_sign(self) -> None:
        assert signals.usage_drop(EVERY_FOURTH, 112, DAY).points == 0

    def test_a_fall_is_measured_against_the_customers_own_past(self) -> None:
        fallen = signals.usage_drop(mask(2, *range(28, 112, 2)), 112, DAY)
        rare = signals.usage_drop(mask(2, 30, 60, 90), 112, DAY)
        assert fallen.points == 30
        assert fallen.evidence == "use down 93 %: 1 active day in the last 28, usually 14"
        assert rare.points == 0

    def test_the_past_is_no_longer_than_the_customer(self) -> None:
        found = signals.usage_drop(mask(*range(28, 56)), 56, DAY)
        assert found.points == 35
        assert "usually 28 active days in 28" in found.evidence

    def test_gone_altogether_is_worst_and_says_since_when(self) -> None:
        found = signals.usage_drop(mask(*range(40, 112, 2)), 112, DAY)
        assert found.points == 35
        assert found.evidence.startswith("no use for 40 days, since 21 Sep 2026")

    def test_never_there_counts_less_than_gone(self) -> None:
        found = signals.usage_drop(0, 112, DAY)
        assert found.points == 25
        assert found.evidence == "no use on the 112 days on record"

    @pytest.mark.parametrize("covered", [-3, 0, 12, 27])
    def test_too_few_days_are_not_known(self, covered: int) -> None:
        found = signals.usage_drop(0, covered, DAY)
        assert found.points is None
        assert "too few to compare" in found.evidence

    def test_a_short_past_with_use_is_not_known_either(self) -> None:
        assert signals.usage_drop(mask(1), 40, DAY).points is None


class TestVoices:
    def test_a_detractor_without_follow_up(self) -> None:
        found = signals.nps_low([answer("3", day=DAY - 19)], None, DAY)
        assert found.points == 20
        assert found.evidence == "NPS 3 on 12 Oct 2026, no contact since"
        assert [row.kind for row in found.rows] == ["survey"]

    def test_follow_up_takes_points_off(self) -> None:
        assert signals.nps_low([answer("3", day=DAY - 19)], DAY - 2, DAY).points == 16
        assert signals.nps_low([answer("3", day=DAY - 19)], DAY - 30, DAY).points == 20

    def test_without_interactions_nobody_is_blamed_for_no_follow_up(self) -> None:
        assert signals.nps_low([answer("3")], None, None).points == 16

    def test_each_respondent_speaks_once_by_the_latest_answer(self) -> None:
        answers = [answer("2", who="a", day=DAY - 9, row=1), answer("9", who="a", row=2), answer("5", who="b", row=3)]
        found = signals.nps_low(answers, None, None)
        assert found.points == 8
        assert "1 of 2 people are detractors" in found.evidence
        assert [row.id for row in found.rows] == [3]

    @pytest.mark.parametrize(("score", "detractor", "sign"), [("6", 6, True), ("6", 5, False), ("7", 6, False)])
    def test_the_bands_are_those_in_force(self, score: str, detractor: int, sign: bool) -> None:
        assert bool(signals.nps_low([answer(score)], None, None, detractor).points) is sign

    @pytest.mark.parametrize(
        ("score", "high", "points"),
        [("1", 5, 10), ("3", 5, 7), ("4", 5, 0), ("4", 7, 7), ("5", 7, 0), ("5", 10, 7), ("1", 3, 10), ("3", 3, 0)],
    )
    def test_csat_by_its_scales_threshold(self, score: str, high: int, points: int) -> None:
        assert signals.csat_low([answer(score, high, low=1)], {5: 4, 7: 5, 10: 6}).points == points

    def test_only_the_latest_csat_counts(self) -> None:
        assert signals.csat_low([answer("1", 5, low=1), answer("5", 5, low=1)], {5: 4}).points == 0

    @pytest.mark.parametrize(
        ("score", "easy_high", "points"),
        [("1", True, 12), ("3", True, 8), ("4", True, 0), ("7", True, 0), ("7", False, 12), ("1", False, 0)],
    )
    def test_effort_on_the_hard_side(self, score: str, easy_high: bool, points: int) -> None:
        assert signals.ces_hard([answer(score, 7, low=1, easy_high=easy_high)]).points == points


class TestContacts:
    def test_open_tickets_and_their_age(self) -> None:
        one = signals.ticket_open([Ticket(1, DAY - 3, True, True, 0)], DAY)
        old = signals.ticket_open([Ticket(1, DAY - 30, True, True, 0), Ticket(2, DAY, True, True, 0)], DAY)
        assert (one.points, old.points) == (6, 12)
        assert old.evidence == "2 tickets open, the oldest since 1 Oct 2026 (30 days)"
        assert signals.ticket_open([Ticket(1, DAY, True, False, 0)], DAY).points == 0

    def test_reopened(self) -> None:
        assert signals.ticket_reopened([Ticket(1, DAY, True, False, 1)]).points == 8
        twice = signals.ticket_reopened([Ticket(1, DAY, True, False, 2)])
        assert twice.points == 12
        assert "reopened twice" in twice.evidence
        assert signals.ticket_reopened([Ticket(1, DAY, True, True, 0)]).points == 0

    def test_repeat_contacts_are_those_that_come_in(self) -> None:
        came = [Ticket(row, DAY - row, True, False, 0) for row in range(3)]
        went = [Ticket(row, DAY - row, False, False, 0) for row in range(3)]
        assert signals.repeat_contacts(came, DAY).points == 6
        assert signals.repeat_contacts(went, DAY).points == 0
        assert signals.repeat_contacts(came[:2], DAY).points == 0
        assert signals.repeat_contacts(came, DAY + 60).points == 0

    @pytest.mark.parametrize(("silent", "points"), [(0, 0), (59, 0), (60, 5), (94, 8), (200, 10)])
    def test_silence(self, silent: int, points: int) -> None:
        assert signals.no_contact((DAY - silent, 7), 0, DAY).points == points

    def test_silence_without_any_contact_counts_from_when_one_could_be_on_record(self) -> None:
        found = signals.no_contact(None, DAY - 100, DAY)
        assert found.points == 8
        assert found.rows == ()
        assert signals.no_contact(None, DAY - 10, DAY).points == 0


class TestMoney:
    def test_failed_and_overdue(self) -> None:
        failed = signals.payment_late([Unpaid(1, DAY - 1, True)], DAY)
        assert failed.points == 10
        assert failed.evidence == "1 payment failed, due 30 Oct 2026"
        late = signals.payment_late([Unpaid(1, DAY - 40, False), Unpaid(2, DAY - 10, True)], DAY)
        assert late.points == 20
        assert late.evidence == "2 invoices unpaid (1 failed), 40 days overdue"

    def test_a_transfer_may_be_on_its_way(self) -> None:
        assert signals.payment_late([Unpaid(1, DAY - 2, False)], DAY).points == 0
        assert signals.payment_late([], DAY).points == 0

    @pytest.mark.parametrize(("now", "points"), [(100, 0), (96, 0), (90, 4), (40, 14), (1, 15)])
    def test_contraction(self, now: int, points: int) -> None:
        assert signals.contraction(now, 100, DAY).points == points

    @pytest.mark.parametrize(("left", "points"), [(1, 10), (14, 10), (30, 8), (60, 5), (61, 0)])
    def test_renewal(self, left: int, points: int) -> None:
        assert signals.renewal_near(DAY + left, DAY, 1).points == points

    def test_a_scheduled_end_alone_is_high(self) -> None:
        found = signals.scheduled_end(DAY + 9, 100, 100, ())
        assert found.points == 60
        assert found.evidence == "cancelled, ends 9 Nov 2026"

    def test_a_scheduled_end_of_a_part_counts_in_part(self) -> None:
        found = signals.scheduled_end(DAY + 9, 50, 100, ())
        assert found.points == 30
        assert "50 % of it" in found.evidence


def test_a_gap_counts_from_the_usual_one_to_the_lapse() -> None:
    def points(silent: int, limit: int) -> int | None:
        return signals.purchase_gap(DAY - silent, limit, True, DAY, 7).points

    assert [points(silent, 40) for silent in (0, 20, 21, 30, 35, 40)] == [0, 0, 5, 20, 30, 40]
    assert points(1, 2) == 0
    assert points(2, 3) == 13
    once = signals.purchase_gap(DAY - 50, 60, False, DAY, 7)
    assert "the only one; 9 of 10 who come back do within 60 days, lapses on 11 Nov 2026" in once.evidence
    assert once.rows == (signals.Ref("payment", 7),)


def test_no_signal_goes_past_its_most_and_every_one_has_a_calm() -> None:
    assert set(CALM) == {signal.id for signal in SIGNALS}
    worst: list[Finding] = [
        signals.scheduled_end(DAY + 1, 9, 9, ()),
        signals.purchase_gap(DAY - 40, 40, True, DAY, 1),
        signals.usage_drop(mask(*range(30, 112)), 112, DAY),
        signals.nps_low([answer("0")], None, DAY),
        signals.payment_late([Unpaid(row, DAY - 300, True) for row in range(9)], DAY),
        signals.contraction(1, 10**9, DAY),
        signals.ces_hard([answer("1", 7, low=1)]),
        signals.ticket_reopened([Ticket(1, DAY, True, True, 99)]),
        signals.ticket_open([Ticket(row, DAY - 300, True, True, 0) for row in range(9)], DAY),
        signals.csat_low([answer("1", 5, low=1)], {5: 4}),
        signals.repeat_contacts([Ticket(row, DAY, True, True, 0) for row in range(99)], DAY),
        signals.no_contact(None, DAY - 999, DAY),
        signals.renewal_near(DAY, DAY, 1),
    ]
    assert {one.signal: one.points for one in worst} == {signal.id: signal.most for signal in SIGNALS}
    assert all(one.evidence for one in worst)


def test_what_is_not_known_has_no_points_and_says_so() -> None:
    found = signals.unknown("usage_drop", "no usage imported")
    assert found.points is None
    assert found.evidence == "no usage imported"
