from collections.abc import Iterable, Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.see.colour import COLOURS
from edge.see.detect import Detector
from edge.see.seen import NOTHING, Seen, overlap
from edge.see.track import Track, Tracker

FPS = 5.0
WIDE, TALL = 40, 100


def seen(*things: tuple[float, float, float, str]) -> Seen:
    """Things as centre x, bottom y, score, label; each the size of a person."""
    boxes = [(x - WIDE / 2, y - TALL, x + WIDE / 2, y) for x, y, _, _ in things]
    return Seen(
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array([score for _, _, score, _ in things], np.float32),
        tuple(label for *_, label in things),
    )


def person(x: float, y: float = 300, score: float = 0.8) -> tuple[float, float, float, str]:
    return (x, y, score, "person")


def follow(tracker: Tracker, pictures: Iterable[Seen], begin: float = 0.0) -> list[tuple[Track, ...]]:
    return [tracker.step(picture, begin + number / FPS) for number, picture in enumerate(pictures)]


def ids(tracks: Sequence[Track]) -> list[int]:
    return [track.id for track in tracks]


def test_a_walker_keeps_one_id_across_the_hall() -> None:
    told = follow(Tracker(), [seen(person(50 + 15 * number)) for number in range(40)])
    assert {track.id for tracks in told for track in tracks} == {1}
    (last,) = told[-1]
    assert (last.first, last.last, last.hits, last.label) == (0.0, 39 / FPS, 40, "person")
    assert last.box == pytest.approx([615, 200, 655, 300], abs=2)
    assert last.score == pytest.approx(0.8)


def test_two_who_cross_each_other_keep_their_ids() -> None:
    pictures = [seen(person(100 + 20 * n, 300), person(500 - 20 * n, 330)) for n in range(20)]
    (left, right), *_, last = follow(Tracker(), pictures)
    assert {track.id: round(float(track.box[0])) for track in last} == {left.id: 460, right.id: 100}


def test_who_is_hidden_for_a_second_comes_back_under_the_same_id() -> None:
    there = [seen(person(100 + 10 * n)) for n in range(30)]
    there[10:15] = [NOTHING] * 5
    told = follow(Tracker(), there)
    assert ids(told[12]) == [1]
    assert told[12][0].last == 9 / FPS
    assert told[12][0].box[0] == pytest.approx(200, abs=4)
    assert ids(told[-1]) == [1]


def test_who_is_gone_for_longer_than_patience_is_somebody_new() -> None:
    tracker = Tracker(patience=2.0)
    follow(tracker, [seen(person(100))] * 3)
    assert tracker.step(NOTHING, 2.5) == ()
    assert ids(tracker.step(seen(person(100)), 3.0)) == [2]


def test_what_was_seen_once_is_soon_forgotten() -> None:
    tracker = Tracker()
    assert len(tracker.step(seen(person(100)), 0.0)) == 1
    assert len(tracker.step(NOTHING, 0.4)) == 1
    assert tracker.step(NOTHING, 0.6) == ()


def test_a_weak_sight_goes_on_with_a_track_but_begins_none() -> None:
    tracker = Tracker(high=0.5, low=0.3)
    assert tracker.step(seen(person(100, score=0.4)), 0.0) == ()
    follow(tracker, [seen(person(100, score=0.8)), seen(person(105, score=0.35))], begin=1.0)
    (track,) = tracker.step(seen(person(110, score=0.2)), 1.4)
    assert track.hits == 2
    assert track.score == pytest.approx(0.35)


def test_a_sure_sight_chooses_before_a_weak_one() -> None:
    tracker = Tracker()
    follow(tracker, [seen(person(100))] * 3)
    (track,) = tracker.step(seen(person(100, score=0.35), person(104, score=0.9)), 0.6)
    assert track.score == pytest.approx(0.9)


def test_a_person_is_never_taken_for_a_car() -> None:
    tracker = Tracker()
    follow(tracker, [seen(person(100))] * 3)
    tracks = tracker.step(seen((100, 300, 0.9, "car")), 0.6)
    assert [(track.id, track.label, track.hits) for track in tracks] == [(1, "person", 3), (2, "car", 1)]


def test_a_van_seen_as_car_and_truck_keeps_its_id_and_the_surest_word() -> None:
    words = [("car", 0.6), ("truck", 0.9), ("car", 0.7), ("bus", 0.55)]
    told = follow(Tracker(), [seen((200, 300, score, word)) for word, score in words])
    assert [(track.id, track.label) for tracks in told for track in tracks] == [
        (1, "car"),
        (1, "truck"),
        (1, "truck"),
        (1, "truck"),
    ]


def test_boxes_are_carried_between_pictures_and_asking_changes_nothing() -> None:
    tracker, other = Tracker(), Tracker()
    pictures = [seen(person(100 + 30 * n)) for n in range(8)]
    follow(tracker, pictures)
    follow(other, pictures)
    (ahead,) = tracker.predict(7 / FPS + 0.1)
    assert ahead.box == pytest.approx([100 + 7 * 30 + 15 - 20, 200, 100 + 7 * 30 + 15 + 20, 300], abs=2)
    for at in (2.0, 9.0, 0.0):
        tracker.predict(at)
    (one,), (two,) = (each.step(seen(person(340)), 8 / FPS) for each in (tracker, other))
    assert np.array_equal(one.box, two.box)


def test_what_stays_unseen_is_not_carried_off_for_ever() -> None:
    tracker = Tracker(patience=60)
    follow(tracker, [seen(person(100 + 30 * n)) for n in range(8)])
    (soon,), (late,) = tracker.predict(7 / FPS + 1.0), tracker.predict(7 / FPS + 30.0)
    assert np.array_equal(soon.box, late.box)


def test_a_stream_that_begins_anew_forgets_all_and_gives_no_id_again() -> None:
    tracker = Tracker()
    follow(tracker, [seen(person(100))] * 3, begin=1000.0)
    assert ids(tracker.step(seen(person(100)), 5.0)) == [2]


def test_the_same_time_twice_throws_nobody_across_the_hall() -> None:
    tracker = Tracker()
    follow(tracker, [seen(person(100))] * 3)
    tracker.step(seen(person(101)), 2 / FPS)
    (track,) = tracker.predict(2 / FPS + 0.2)
    assert track.box[0] == pytest.approx(81, abs=10)


RED, BLUE = np.eye(COLOURS, dtype=np.float32)[:2]


def test_two_who_meet_and_turn_back_are_told_apart_by_what_they_wear() -> None:
    """One stands behind the other for a second: by place and speed alone they would have gone through."""
    tracker = Tracker()
    sides: list[dict[int, bool]] = []
    for number in range(26):
        at = 10 - abs(number - 13)
        places = [person(200 + 20 * at), person(440 - 20 * at)][: 1 if 10 <= number <= 15 else 2]
        tracks = tracker.step(seen(*places), number / FPS, np.stack([RED, BLUE])[: len(places)])
        sides.append({track.id: bool(track.box[0] < 300) for track in tracks})
    assert sides[5] == sides[-1] == {1: True, 2: False}


def test_how_many_there_are_does_not_jump_while_the_detector_overlooks_one_in_four() -> None:
    """Six walk to and fro through each other for a minute; every sight shakes and many are weak."""
    random = np.random.default_rng(8)
    worn = np.eye(COLOURS, dtype=np.float32)[:6]
    tracker, counts, given = Tracker(), [], set[int]()
    for number in range(300):
        at = number / FPS
        walked = [400 + 300 * np.sin(at * (0.15 + 0.02 * who) + who) for who in range(6)]
        there = [
            (who, person(x + random.normal(0, 1.5), 260 + 25 * who, random.uniform(0.35, 0.95)))
            for who, x in enumerate(walked)
            if random.random() > 0.25
        ]
        tracks = tracker.step(seen(*(one for _, one in there)), at, worn[[who for who, _ in there]])
        sure = [track for track in tracks if track.hits > 1 and at - track.last <= 1.0]
        given |= {track.id for track in sure}
        counts.append(len(sure))
    settled = np.array(counts[10:])
    assert np.abs(settled - 6).max() <= 1
    assert (settled == 6).mean() > 0.97
    assert len(given) <= 7


def test_a_sight_whose_colours_nobody_looked_at_leaves_those_of_its_track() -> None:
    tracker = Tracker()
    for number in range(3):
        tracker.step(seen(person(100), person(200)), number / FPS, np.stack([RED, BLUE]))
    tracker.step(seen(person(100), person(200)), 3 / FPS)
    tracks = tracker.step(seen(person(190), person(110)), 4 / FPS, np.stack([RED, BLUE]))
    assert {track.id: round(float(track.box[0])) > 140 for track in tracks} == {1: True, 2: False}


THINGS = st.lists(
    st.tuples(
        st.floats(-50, 900),
        st.floats(-50, 700),
        st.floats(0, 1, width=32),
        st.sampled_from(["person", "car", "truck", "dog"]),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(st.lists(st.tuples(THINGS, st.floats(0.01, 3)), max_size=12))
def test_whatever_is_seen_ids_are_single_and_numbers_finite(
    pictures: list[tuple[list[tuple[float, float, float, str]], float]],
) -> None:
    tracker, at, told = Tracker(), 0.0, set[int]()
    for things, passed in pictures:
        at += passed
        tracks = tracker.step(seen(*things), at)
        assert len(set(ids(tracks))) == len(tracks)
        assert all(np.isfinite(track.box).all() and track.first <= track.last <= at for track in tracks)
        assert sum(track.last == at for track in tracks) <= len(things)
        told |= set(ids(tracks))
    assert told == set(range(1, len(told) + 1))


def test_five_looks_a_second_lose_nobody_of_ten_pictures(int8: Path, vtest: Path, footage: Path) -> None:
    rows = np.loadtxt(footage / "opencv_vtest.gt.txt", delimiter=",")
    detector, tracker = Detector(int8, threshold=0.3), Tracker()
    met = {True: [0, 0], False: [0, 0]}
    with av.open(str(vtest)) as clip:
        for number, frame in enumerate(clip.decode(video=0)):
            if number == 240:
                break
            looked = number % 2 == 0
            if looked:
                picture = np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
                tracks = tracker.step(detector.detect(picture), number / 10)
            else:
                tracks = tracker.predict(number / 10)
            if number > 20:
                corners = rows[rows[:, 0] == number + 1][:, 2:6]
                corners = np.concatenate([corners[:, :2], corners[:, :2] + corners[:, 2:]], axis=1)
                boxes = np.array([track.box for track in tracks], np.float32).reshape(-1, 4)
                met[looked][0] += int((overlap(corners, boxes) >= 0.5).any(axis=1).sum())
                met[looked][1] += len(corners)
    seen_share, carried_share = (met[key][0] / met[key][1] for key in (True, False))
    assert seen_share > 0.85
    assert carried_share > 0.95 * seen_share
