from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from edge.rule.intrusion import Intrusion
from edge.rule.timetable import Timetable
from tests.edge.rule.walk import INSIDE, OUTSIDE, Seen, at, phases, scope, walk
from wire.hours import read_span

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Timetable((read_span("mon-sun", "22:00", "06:00"),), SHANGHAI)


def yard(cooldown: float = 0.0, armed: Timetable | None = None) -> Intrusion:
    scoped = scope(cooldown, armed) if armed else scope(cooldown)
    return Intrusion(scoped, dwell=0.6, move=0.25, grace=3.0)


def pacing(now: float, who: int = 1) -> list[Seen]:
    """Somebody who walks to and fro inside the zone."""
    return [at(INSIDE + 10 * (now % 2), now, who)]


def test_somebody_in_the_yard_is_told_once_then_news_then_the_end() -> None:
    rule = yard()
    changes = walk(rule, 100, 112, pacing) + walk(rule, 112, 120, lambda _: [])
    assert phases(changes) == ["new", "update", "update", "end"]
    assert {(change.event, change.began) for change in changes} == {("event-1", changes[0].began)}


def test_news_comes_at_most_every_five_seconds() -> None:
    changes = walk(yard(), 100, 160, pacing)
    times = [change.at for change in changes]
    assert min(later - sooner for sooner, later in itertools.pairwise(times)) >= 5.0


def test_the_first_word_names_who_where_and_since_when() -> None:
    first = walk(yard(), 100, 105, pacing)[0]
    assert (first.kind, first.zone, first.facts.count) == ("intrusion", "yard", 1)
    assert 100 <= first.began < first.at <= 102
    assert first.facts.boxes[0].label == "person"
    assert first.facts.picture == (100, 100)
    assert first.facts.boxes[0].track == 1


def test_in_opening_hours_nobody_is_an_intruder() -> None:
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=SHANGHAI).timestamp()
    assert walk(yard(armed=NIGHT), noon, noon + 20, pacing) == []


def test_at_closing_time_whoever_is_still_there_is_told_and_opening_time_ends_it() -> None:
    closing = datetime(2026, 3, 4, 22, 0, tzinfo=SHANGHAI).timestamp()
    late = walk(yard(armed=NIGHT), closing - 10, closing + 3, pacing)
    assert phases(late) == ["new"]
    assert late[0].at >= closing
    opening = datetime(2026, 3, 5, 6, 0, tzinfo=SHANGHAI).timestamp()
    assert phases(walk(yard(armed=NIGHT), opening - 3, opening + 3, pacing)) == ["new", "end"]


def test_what_stands_in_the_yard_and_never_moved_is_no_intruder() -> None:
    def trembling(now: float) -> list[Seen]:
        return [at(INSIDE + 2 * (now % 0.4), now)]

    assert walk(yard(), 100, 160, trembling) == []


def test_who_came_in_over_the_lower_edge_and_stands_still_is_an_intruder() -> None:
    """First a head, then all of him; his feet are hardly moved by it."""

    def rising(now: float) -> list[Seen]:
        top = max(40.0, 95 - 60 * (now - 100))
        return [Seen(1, np.array([INSIDE - 10, top, INSIDE + 10, min(100.0, top + 55)], np.float32), now)]

    assert phases(walk(yard(), 100, 110, rising))[0] == "new"


def test_where_somebody_was_glimpsed_first_counts_though_one_glimpse_is_nobody() -> None:
    def glimpsed(now: float) -> list[Seen]:
        seen = at(INSIDE if now > 100.1 else INSIDE + 12, now)
        return [replace(seen, hits=1 if now <= 100.1 else 5)]

    assert phases(walk(yard(), 100, 110, glimpsed))[0] == "new"


def test_who_came_in_from_outside_and_stands_still_is_an_intruder() -> None:
    changes = walk(yard(), 100, 110, lambda now: [at(max(49.0, 80 - 20 * (now - 100)), now)])
    assert phases(changes)[0] == "new"


def test_who_stands_still_stays_an_intruder_though_the_tracker_gives_another_number() -> None:
    rule = yard()
    changes = walk(rule, 100, 104, pacing)
    changes += walk(rule, 104, 105.5, lambda _: [])
    changes += walk(rule, 105.5, 130, lambda now: [at(INSIDE + 12, now, who=2)])
    assert "end" not in phases(changes)
    assert len({change.event for change in changes}) == 1


def test_who_is_not_seen_for_a_second_need_not_move_again() -> None:
    rule = yard()
    changes = walk(rule, 100, 104, pacing)
    for begin in range(104, 130, 3):
        changes += walk(rule, begin, begin + 1.5, lambda _: [])
        changes += walk(rule, begin + 1.5, begin + 3, lambda now: [at(INSIDE, now)])
    assert "end" not in phases(changes)


def test_a_flash_in_one_picture_is_nobody() -> None:
    rule = yard()
    assert walk(rule, 100, 100.5, lambda now: [at(INSIDE + 40 * (now % 1), now)]) == []


def test_a_head_in_the_zone_with_feet_outside_is_outside() -> None:
    assert walk(yard(), 100, 110, lambda now: [at(51 + 10 * (now % 2), now)]) == []


def test_a_dog_is_not_a_person() -> None:
    assert walk(yard(), 100, 110, lambda now: [at(INSIDE + 10 * (now % 2), now, label="dog")]) == []


def test_a_second_person_joins_the_same_event() -> None:
    rule = yard()
    changes = walk(rule, 100, 104, pacing)
    changes += walk(rule, 104, 112, lambda now: pacing(now) + pacing(now + 1, who=2))
    assert phases(changes) == ["new", "update", "update"]
    assert [change.facts.count for change in changes] == [1, 2, 2]


def test_a_short_disappearance_does_not_end_it() -> None:
    rule = yard()
    changes = walk(rule, 100, 103, pacing) + walk(rule, 103, 105, lambda _: []) + walk(rule, 105, 108, pacing)
    assert "end" not in phases(changes)


def test_a_loop_of_visits_is_not_told_again_within_the_cooldown() -> None:
    def visits(now: float) -> list[Seen]:
        return pacing(now, who=int(now // 10)) if now % 10 < 4 else [at(OUTSIDE, now, who=99)]

    told = [change.at for change in walk(yard(cooldown=30), 100, 200, visits) if change.phase == "new"]
    assert len(told) >= 2
    assert all(later - sooner >= 30 for sooner, later in itertools.pairwise(told))


def test_who_is_still_there_when_the_cooldown_is_over_is_told_again() -> None:
    rule = yard(cooldown=10)
    walk(rule, 100, 104, pacing)
    walk(rule, 104, 110, lambda _: [])
    again = walk(rule, 110, 125, lambda now: pacing(now, who=2))
    assert phases(again)[0] == "new"
    assert again[0].event == "event-2"


def test_when_the_stream_breaks_off_the_event_ends_and_nobody_is_remembered() -> None:
    rule = yard()
    walk(rule, 100, 104, pacing)
    assert phases(rule.close(105)) == ["end"]
    assert rule.close(106) == ()
    assert walk(rule, 500, 500.3, pacing) == []
