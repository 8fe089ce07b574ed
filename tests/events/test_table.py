"""What an edge tells of films whose events were named beforehand: all of those, and nothing else."""

from __future__ import annotations

from functools import partial
from typing import get_args

import pytest

from edge.rule.change import Change, Facts
from tests.events.film import Film, half_lost
from tests.events.play import BEGIN, MODEL, Remembering, play
from tests.events.row import Named, Outcome, figures
from tests.events.table import FILMS, ROWS, TABLE, rows_of
from wire.message import BLIND
from wire.rule import AnyRule


@pytest.fixture(scope="module")
def detector() -> Remembering:
    """The default detector; it looks at each picture once, in however many films."""
    if not MODEL.is_file():
        pytest.skip(f"models/nanodet_g/{MODEL.name} is not built: run `python3 -m launch setup`")
    return Remembering()


def marked(film: Film) -> object:
    return pytest.param(film, id=film.name, marks=[pytest.mark.long] if film.long else [])


@pytest.mark.parametrize("film", [marked(film) for film in FILMS])
def test_what_is_named_is_told_in_its_time_and_nothing_else(film: Film, detector: Remembering) -> None:
    if not film.clip.is_file():
        pytest.skip(f"no {film.clip.name} here: it is test footage, or comes with `python3 -m launch setup`")
    played = play(film, rows_of(film), detector)
    wrong = [each.line() for each in played if each.row.is_required and (each.missed or each.false)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_half_of_the_pictures_lost_moves_a_stay_by_less_than_a_second(detector: Remembering) -> None:
    row = next(row for row in rows_of(TABLE) if row.zone and row.zone.id == "stay")
    if not row.film.clip.is_file():
        pytest.skip(f"no {row.film.clip.name} here: it is test footage")
    (whole,) = play(TABLE, [row], detector)[0].fired
    for seed in range(5):
        film = Film(f"half lost, {seed}", TABLE.clip, partial(half_lost, end=47.0, seed=seed))
        (half,) = play(film, [row], detector)[0].fired
        assert abs(half.at - whole.at) <= 1.0, seed


def test_no_zone_of_a_film_is_watched_by_two_rows() -> None:
    """Else one row's events would be told to another."""
    for film in FILMS:
        zones = [row.zone.id if row.zone else None for row in rows_of(film)]
        assert len(set(zones)) == len(zones), film.name


def test_every_kind_that_pictures_can_tell_is_named_in_the_table() -> None:
    named = {named.kind for row in ROWS if row.is_required for named in row.named}
    in_a_zone = {str(rule.__struct_config__.tag) for rule in get_args(AnyRule)}
    assert named >= in_a_zone | set(BLIND)


def test_a_false_alarm_and_a_missed_event_are_counted() -> None:
    """The table itself can fail: what is told elsewhere in time is missed there and false here."""
    row = next(row for row in ROWS if row.named)
    empty = Outcome(row, BEGIN)
    assert empty.missed == list(row.named)
    assert figures([empty])["missed"] == len(row.named)
    assert figures([empty])["false_alarms"] == 0


def test_an_event_out_of_its_time_or_trust_is_not_the_one_that_was_named() -> None:
    named = Named("vehicle", 6.0, within=0.5, trust="low")
    told = Change("e", "new", "vehicle", "lane", BEGIN + 6.4, BEGIN + 6.4, Facts(0.5, trust="low"))
    late = Change("e", "new", "vehicle", "lane", BEGIN + 6.6, BEGIN + 6.6, Facts(0.5, trust="low"))
    sure = Change("e", "new", "vehicle", "lane", BEGIN + 6.4, BEGIN + 6.4, Facts(0.5, trust="high"))
    assert [named.is_told_by(change, BEGIN) for change in (told, late, sure)] == [True, False, False]
