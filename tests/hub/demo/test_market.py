from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, null, select, update

from hub.core import policy
from hub.core.policy import Role, Target
from hub.demo import rosters
from hub.demo.load import MARKET, load, reference, write_keys
from hub.gear.password import Argon2, check_key
from hub.service import armband, people, staff
from hub.service.roster import page, right
from hub.store import tables
from hub.store.base import migrate, sessions
from hub.store.device import Device
from hub.store.duty import Duty
from hub.store.market import Grid, Market, Shop, Street
from hub.store.people import Grant, Person
from tests.hub.hasty import hasty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from hub.demo.load import Reference

NIGHT = datetime(2026, 11, 21, 19, 14, tzinfo=UTC)
"""Three in the morning in the market."""


@pytest.fixture(scope="module")
def made() -> Reference:
    return reference()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    on = hasty(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'hub.db'}")
    migrate(on)
    store = sessions(on)
    with store.begin() as session:
        load(session, Argon2(), NIGHT)
    yield store
    on.dispose()


def counts(session: Session) -> dict[str, int]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in tables.METADATA.tables.items()
    }


def test_the_market_has_the_size_of_the_accounts(made: Reference) -> None:
    assert len(made.ground.shops) == 1795
    assert len(made.ground.halls) == 6
    assert 170 <= len(made.split.groups) <= 190
    assert 195 <= len(made.cameras) <= 205
    assert made == reference()


def test_five_grids_of_about_360_shops_and_no_shop_without_one(made: Reference) -> None:
    sizes = Counter(made.split.grid_of.values())
    assert len(sizes) == 5
    assert all(360 * 0.9 <= size <= 360 * 1.1 for size in sizes.values())
    assert set(made.split.grid_of) == {shop.id for shop in made.ground.shops}


def test_groups_are_eight_to_twelve_neighbours_of_one_grid(made: Reference) -> None:
    shops = {shop.id: shop for shop in made.ground.shops}
    for group in made.split.groups:
        members = [shops[name] for name in group.shops]
        assert 8 <= len(members) <= 12
        assert {made.split.grid_of[shop.id] for shop in members} == {group.grid}
        assert len({(shop.hall, shop.street) for shop in members}) == 1
        assert group.centre in group.shops
        doors = sorted(shop.door[0] for shop in members)
        assert doors[-1] - doors[0] < 60
    assert sum(len(group.shops) for group in made.split.groups) == len(shops)


def test_shops_of_a_hall_never_overlap_and_never_leave_it(made: Reference) -> None:
    for hall in made.ground.halls:
        (left, top), _, (right, bottom), _ = hall.ring
        inside = [shop for shop in made.ground.shops if shop.hall == hall.id]
        rows: dict[float, list[tuple[float, float]]] = {}
        for shop in inside:
            (west, north), _, (east, south), _ = shop.ring
            assert left - 0.01 <= west < east <= right + 0.01
            assert top - 0.01 <= north < south <= bottom + 0.01
            rows.setdefault(north, []).append((west, east))
        deep = inside[0].ring[2][1] - inside[0].ring[0][1]
        assert all(b - a >= deep - 0.01 for a, b in itertools.pairwise(sorted(rows)))
        for row in rows.values():
            row.sort()
            assert all(a[1] <= b[0] + 0.01 for a, b in itertools.pairwise(row))


def test_the_four_that_film_stand_where_their_names_say(made: Reference) -> None:
    filming = {camera.id: camera for camera in made.cameras if camera.device}
    assert {name: camera.spot.place[0] for name, camera in filming.items()} == {
        "c-1-08": "1 号厅 A-103 门前",
        "c-2-01": "2 号厅 北广场 A 口",
        "c-3-17": "3 号厅 C-146 后货道",
        "c-5-11": "5 号厅东门",
    }
    grids = {name: camera.spot.grid for name, camera in filming.items()}
    assert grids == {"c-1-08": "west-1", "c-2-01": "west-2", "c-3-17": "central", "c-5-11": "east-1"}
    assert len({camera.id for camera in made.cameras}) == len(made.cameras)


def test_a_second_load_changes_nothing_and_keeps_what_people_changed(loaded: sessionmaker[Session]) -> None:
    with loaded.begin() as session:
        before = counts(session)
        session.get_one(Shop, "c-146").name_zh = "顺发五金"
        session.get_one(Person, "he-suqin").password_hash = "changed by her"
    with loaded.begin() as session:
        load(session, Argon2(), NIGHT + timedelta(hours=1))
    with loaded() as session:
        assert counts(session) == before
        assert session.get_one(Shop, "c-146").name_zh == "顺发五金"
        assert session.get_one(Person, "he-suqin").password_hash == "changed by her"


def test_an_interrupted_load_is_finished_by_the_next(tmp_path: Path) -> None:
    on = hasty(f"sqlite:///{tmp_path / 'hub.db'}")
    migrate(on)
    store = sessions(on)
    made = 0

    class Breaks(Argon2):
        def hash(self, password: str) -> str:
            nonlocal made
            made += 1
            if made == 5:
                raise KeyboardInterrupt
            return f"${password}"

    with pytest.raises(KeyboardInterrupt), store.begin() as session:
        load(session, Breaks(), NIGHT)
    with store.begin() as session:
        load(session, Breaks(), NIGHT)
        assert counts(session)["shop"] == 1795
    on.dispose()


def test_shifts_roll_forward_at_each_start(loaded: sessionmaker[Session]) -> None:
    later = NIGHT + timedelta(days=20)
    with loaded.begin() as session:
        load(session, Argon2(), later)
        on = select(Duty).where(Duty.begins <= later, Duty.ends > later)
        assert {row.post for row in session.scalars(on)} == {"lead", "desk", "monitor", "guard", "liaison"}


@pytest.mark.parametrize("hour", range(24))
def test_whatever_the_hour_each_crew_and_each_log_in_is_on_duty(
    loaded: sessionmaker[Session], hour: int
) -> None:
    now = NIGHT + timedelta(hours=hour)
    with loaded() as session:
        rows = list(session.scalars(select(Duty).where(Duty.begins <= now, Duty.ends > now)))
        posts = {row.person: row.post for row in rows}
        assert {row.crew for row in rows if row.crew} == {f"crew-{number}" for number in range(1, 6)}
        assert len(posts) == len(rows)
    assert {"zhou-qiming", "he-suqin", "qin-chuan", "lin-xiao", "qiu-zhishui", "shi-lidong"} <= set(posts)


def test_every_role_but_the_public_is_held_and_the_demo_opens_them(loaded: sessionmaker[Session]) -> None:
    with loaded() as session:
        held = set(session.scalars(select(Grant.role)))
        assert held == {str(role) for role in Role} - {"volunteer", "public", "display"}
        rows = session.scalars(select(Person).where(Person.login.is_not(None)))
        opened = {row.login: row.password_hash for row in rows}
    assert {"monitor", "dispatcher", "desk", "verifier", "crew", "leader", "manager", "guard"} <= set(opened)
    assert Argon2().verify(opened["monitor"] or "", "monitor-demo")
    assert MARKET == "yunda"


def test_workrooms_have_about_ten_people_and_armbands_are_unique(made: Reference) -> None:
    rooms = Counter(person.node for person in made.people if person.node.count("/") == 1)
    assert len(rooms) == 5
    assert set(rooms.values()) == {10}
    bands = [person.armband for person in made.people if person.armband]
    assert len(bands) == len(set(bands))


def test_nobody_of_the_log_ins_is_kept_from_pictures_and_one_certificate_ends_soon(
    loaded: sessionmaker[Session],
) -> None:
    with loaded.begin() as session:
        staff.keep_barred(session, NIGHT)
        zhou = people.actor_of(session, session.get_one(Person, "zhou-qiming"))
        rows = staff.listing(session, zhou, NIGHT)
        bands = armband.listing(session, zhou)
    assert len(rows) >= 60
    assert not any(row["barred"] for row in rows)
    cctv = {
        row["person"]["id"]: one["standing"]
        for row in rows
        for one in row["certificates"]
        if one["kind"]["id"] == "cctv"
    }
    assert (cctv["lin-xiao"], cctv["ren-zhong"]) == ("valid", "soon")
    assert Counter(band["state"]["id"] for band in bands).keys() == {"issued", "stored", "lost"}
    worn = {band["number"]: band["person"]["id"] for band in bands if band["person"]}
    assert worn["0331"] == "qiu-zhishui"


def test_the_district_s_officer_sees_the_market_from_above(loaded: sessionmaker[Session]) -> None:
    with loaded() as session:
        officer = session.get_one(Person, "jia-siqi")
        assert people.markets(session, officer.id) == [MARKET]
        assert policy.allowed(people.actor_of(session, officer), "alert.see", Target(MARKET)).allowed
        node = session.scalar(select(Grant.node).where(Grant.person == officer.id))
    assert node == "@qinghe"


def test_a_market_from_before_there_were_streets_gets_its_own(loaded: sessionmaker[Session]) -> None:
    with loaded.begin() as session:
        session.get_one(Market, MARKET).area = None
    with loaded.begin() as session:
        load(session, Argon2(), NIGHT)
        assert session.get_one(Market, MARKET).area == "yunda-street"


def test_a_device_key_is_made_once_and_fits(loaded: sessionmaker[Session], tmp_path: Path) -> None:
    keys: dict[str, set[str]] = {}
    for _ in range(2):
        with loaded.begin() as session:
            write_keys(session, tmp_path)
            for device in session.scalars(select(Device)):
                file = tmp_path / f"{device.id}.key"
                assert file.stat().st_mode & 0o777 == 0o600
                keys.setdefault(device.id, set()).add(file.read_text().strip())
                assert check_key(device.key_hash or "", file.read_text().strip())
    assert {name: len(found) for name, found in keys.items()} == {"edge-east": 1, "edge-west": 1}


@pytest.mark.postgres
def test_the_reference_market_is_loaded_into_postgresql_too(postgres: Callable[..., str]) -> None:
    on = hasty(postgres("template1"))
    migrate(on)
    for _ in range(2):
        with sessions(on).begin() as session:
            load(session, Argon2(), NIGHT)
            assert counts(session)["shop"] == 1795
    on.dispose()


def test_a_market_from_before_streets_had_lines_gets_them_and_what_was_surveyed_stays(
    loaded: sessionmaker[Session],
) -> None:
    with loaded.begin() as session:
        session.execute(update(Street).where(Street.id == "h1a2").values(line=null(), width=None, hall=None))
        session.execute(update(Shop).where(Shop.street == "h1a2").values(street=None, work=1))
        session.get_one(Street, "h1a1").width = 2.5
    with loaded.begin() as session:
        load(session, Argon2(), NIGHT)
    with loaded() as session:
        street = session.get_one(Street, "h1a2")
        assert (street.hall, len(street.line or [])) == ("h1", 2)
        assert session.get_one(Street, "h1a1").width == 2.5
        assert session.scalar(select(func.count()).where(Shop.street.is_(None))) == 0


def test_one_workroom_has_a_roster_that_keeps_every_rule_and_a_night_that_lacks_somebody(
    loaded: sessionmaker[Session],
) -> None:
    with loaded() as session:
        grid = session.get_one(Grid, rosters.GRID)
        row = right.holds(session, grid.id, NIGHT.date().replace(day=1))
        seen = page.look(session, grid, row, NIGHT.date().replace(day=1), rosters.NoCalendar(), NIGHT)
    assert len(seen.room.members) == 10
    assert seen.checked.broken == ()
    assert [(gap.shift, gap.missing) for gap in seen.checked.gaps] == [("night", 1)]
    assert [cell.covers for cell in seen.cells if cell.covers] == [rosters.AWAY]
