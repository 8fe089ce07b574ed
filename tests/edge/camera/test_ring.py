"""The last seconds of a camera, always from a keyframe on."""

from __future__ import annotations

from edge.camera.ring import Film, Packet, Ring

FILM = Film("h264", 320, 240)


def filled(ring: Ring, seconds: int, *, size: int = 100, start: float = 0.0, film: Film = FILM) -> Ring:
    """Ten packets a second, a keyframe at each full second."""
    for tick in range(seconds * 10):
        ring.push(Packet(bytes(size), start + tick / 10, tick % 10 == 0, film))
    return ring


def test_a_span_begins_with_the_keyframe_at_or_before_it_and_ends_with_its_last_picture() -> None:
    span = filled(Ring(60, 10**6), 10).span(3.45, 5.25)
    assert span[0].key
    assert span[0].at == 3.0
    assert span[-1].at == 5.2
    assert len(span) == 23


def test_a_span_that_begins_on_a_keyframe_begins_there() -> None:
    assert filled(Ring(60, 10**6), 10).span(4.0, 4.5)[0].at == 4.0


def test_the_ring_reaches_back_its_seconds_and_forgets_whole_groups() -> None:
    ring = filled(Ring(5, 10**6), 20)
    oldest = ring.span(0, 100)[0]
    assert oldest.key
    assert oldest.at == 14.0
    assert ring.size == sum(len(packet.data) for packet in ring.span(0, 100))


def test_a_camera_that_floods_the_ring_gets_fewer_seconds_not_more_memory() -> None:
    ring = filled(Ring(60, 10_000), 20, size=300)
    assert ring.size <= 10_000
    assert ring.span(0, 100)[0].key


def test_a_group_too_large_for_the_ring_is_not_kept_by_halves() -> None:
    ring = Ring(60, 1000)
    ring.push(Packet(bytes(400), 0.0, True, FILM))
    for tick in range(1, 6):
        ring.push(Packet(bytes(400), tick / 10, False, FILM))
    assert ring.size == 0
    assert ring.span(0, 10) == ()
    ring.push(Packet(bytes(400), 1.0, True, FILM))
    assert len(ring.span(0, 10)) == 1


def test_nothing_is_kept_before_the_first_keyframe() -> None:
    ring = Ring(60, 10**6)
    ring.push(Packet(b"x", 0.0, False, FILM))
    assert ring.size == 0


def test_a_time_that_the_ring_does_not_hold_gives_nothing() -> None:
    ring = filled(Ring(60, 10**6), 3, start=100.0)
    assert ring.span(0, 50) == ()
    assert ring.span(200, 210) == ()


def test_a_hole_while_the_camera_was_lost_is_not_filled_with_what_was_before() -> None:
    ring = filled(filled(Ring(600, 10**6), 3), 3, start=100.0)
    assert ring.span(50, 60) == ()
    assert [packet.at for packet in ring.span(50, 100.15)] == [packet.at for packet in ring.span(2.0, 100.15)]


def test_a_camera_that_comes_back_with_another_picture_size_starts_another_film() -> None:
    ring = filled(filled(Ring(600, 10**6), 3), 3, start=3.0, film=Film("h264", 640, 480))
    span = ring.span(1.0, 5.0)
    assert {packet.film.width for packet in span} == {640}
    assert span[0].at == 3.0
    assert {packet.film.width for packet in ring.span(1.0, 2.5)} == {320}


def test_pictures_between_a_picture_and_the_one_it_refers_to_come_with_them() -> None:
    ring = Ring(60, 10**6)
    for at, key in ((0.0, True), (0.3, False), (0.1, False), (0.2, False), (0.6, False), (0.4, False)):
        ring.push(Packet(b"x", at, key, FILM))
    assert sorted(packet.at for packet in ring.span(0.0, 0.1)) == [0.0, 0.1, 0.2, 0.3]


def test_the_ring_says_whether_the_stream_has_come_so_far() -> None:
    ring = Ring(60, 10**6)
    assert not ring.reached(0.0)
    filled(ring, 2)
    assert ring.reached(1.9)
    assert not ring.reached(2.0)
