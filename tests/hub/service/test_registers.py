"""Staff, armbands, contacts, care, grants: kept for the market's work, and for nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import PICTURES, Target
from hub.core.refuse import Refused
from hub.core.staff import is_barred, standing
from hub.service import armband, care, contact, grants, people, person, register, staff
from hub.service.register import DUTY, Filters, Look
from hub.service.session import living
from hub.service.session.password import Fresh
from hub.store.evidence import Line
from hub.store.market import Shop
from hub.store.people import Grant, LoginSession, Person
from hub.store.staff import Access, Armband, CareVisit, Contact, Proposal
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def acts(s: Session) -> list[str]:
    return list(s.scalars(select(Line.act).order_by(Line.id)))


def shop_of(s: Session, group: str = "east-1") -> str:
    return s.scalars(select(Shop.id).where(Shop.group == group).order_by(Shop.id)).all()[0]


# Staff


def test_a_lapsed_certificate_takes_the_cameras_away_and_a_new_one_gives_them_back(s: Session) -> None:
    zhou = actor(s, "zhou")
    staff.put(s, zhou, "lin", "monitor", "", (TODAY, None), NOON)
    staff.certify(s, zhou, "lin", "cctv", (TODAY - 400 * DAY, TODAY - DAY), NOON)
    for action in PICTURES:
        verdict = policy.allowed(actor(s, "lin"), action, Target(MARKET))
        assert not verdict.allowed
    assert "lapsed" in policy.allowed(actor(s, "lin"), "video.live", Target(MARKET)).en
    assert policy.allowed(actor(s, "lin"), "alert.see", Target(MARKET)).allowed
    staff.certify(s, zhou, "lin", "cctv", (TODAY, TODAY + 365 * DAY), NOON)
    assert policy.allowed(actor(s, "lin"), "video.live", Target(MARKET)).allowed


def test_a_certificate_that_ends_tonight_takes_the_cameras_tomorrow(s: Session) -> None:
    zhou = actor(s, "zhou")
    staff.put(s, zhou, "lin", "monitor", "", (TODAY, None), NOON)
    staff.certify(s, zhou, "lin", "cctv", (TODAY - DAY, TODAY), NOON)
    assert staff.keep_barred(s, NOON) == 0
    assert staff.keep_barred(s, NOON + timedelta(hours=13)) == 1
    assert actor(s, "lin").barred


@pytest.mark.parametrize(
    ("post", "ends", "barred"),
    [
        ("monitor", [], True),
        ("guard", [], False),
        ("guard", [TODAY - DAY], True),
        ("guard", [TODAY - DAY, None], False),
        ("monitor", [TODAY], False),
    ],
)
def test_who_is_kept_from_pictures(post: str, ends: list[date | None], barred: bool) -> None:
    assert is_barred(post, ends, TODAY) is barred


def test_a_certificate_says_that_it_ends_soon() -> None:
    assert [standing(TODAY + days * DAY, TODAY) for days in (-1, 0, 29, 30)] == [
        "lapsed",
        "soon",
        "soon",
        "valid",
    ]


def test_a_leader_sees_the_own_grids_staff(s: Session) -> None:
    zhou = actor(s, "zhou")
    for one in ("qiu", "tao"):
        staff.put(s, zhou, one, "guard", "某保安公司", (TODAY, None), NOON)
    assert [row["person"]["id"] for row in staff.listing(s, actor(s, "shen"), NOON)] == ["qiu"]
    assert {row["person"]["id"] for row in staff.listing(s, zhou, NOON)} == {"qiu", "tao"}
    with pytest.raises(Refused):
        staff.listing(s, actor(s, "lin"), NOON)


@pytest.mark.parametrize("who", ["shen", "lin", "he", "zhu"])
def test_only_the_manager_and_the_administrator_change_the_staff_register(s: Session, who: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        staff.put(s, actor(s, who), "qiu", "guard", "", (TODAY, None), NOON)


# Armbands


@pytest.fixture
def stored(s: Session) -> None:
    armband.add(s, actor(s, "zhou"), ["0901", "0902"], NOON)
    s.get_one(Person, "jiang").armband = None
    s.flush()


@pytest.mark.usefixtures("stored")
def test_an_armband_is_issued_returned_lost_and_found(s: Session) -> None:
    shen = actor(s, "shen")
    armband.issue(s, shen, "0901", "jiang", NOON)
    assert s.get_one(Person, "jiang").armband == "0901"
    armband.turn(s, shen, "0901", "lose", NOON)
    assert s.get_one(Person, "jiang").armband is None
    armband.turn(s, actor(s, "zhou"), "0901", "find", NOON)
    armband.issue(s, shen, "0901", "jiang", NOON)
    armband.turn(s, shen, "0901", "return", NOON)
    s.flush()
    assert acts(s)[-5:] == [
        "armband.issue",
        "armband.lose",
        "armband.find",
        "armband.issue",
        "armband.return",
    ]


@pytest.mark.usefixtures("stored")
def test_anybody_may_ask_a_number_and_learns_role_and_grid_and_no_name(s: Session) -> None:
    armband.issue(s, actor(s, "shen"), "0901", "jiang", NOON)
    s.flush()
    told = armband.public(s, MARKET, "0901")
    assert (told["role"]["zh"], told["node"]["id"]) == ("保安", f"{MARKET}/east")
    assert "江临" not in str(told)
    assert "jiang" not in str(told).lower()


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("number", ["0901", "9999"])
def test_an_armband_in_store_and_one_that_never_was_are_told_alike(s: Session, number: str) -> None:
    with pytest.raises(Refused, match="Nobody wears"):
        armband.public(s, MARKET, number)


@pytest.mark.usefixtures("stored")
def test_one_person_has_one_armband_and_one_armband_one_person(s: Session) -> None:
    shen = actor(s, "shen")
    armband.issue(s, shen, "0901", "jiang", NOON)
    with pytest.raises(Refused, match="has an armband"):
        armband.issue(s, shen, "0902", "jiang", NOON)
    with pytest.raises(Refused, match="issued"):
        armband.issue(s, shen, "0901", "qiu", NOON)
    s.flush()
    s.add(Armband(id="x", market=MARKET, number="0999", state="stored", person="qiu", since=NOON))
    with pytest.raises(IntegrityError):
        s.flush()


@pytest.mark.usefixtures("stored")
def test_a_leader_gives_no_armband_to_another_grids_guard(s: Session) -> None:
    s.get_one(Person, "tao").armband = None
    with pytest.raises(Refused, match="This is for"):
        armband.issue(s, actor(s, "shen"), "0901", "tao", NOON)


# Contacts


@pytest.fixture
def keeper(s: Session) -> str:
    """A shop whose owner is entered."""
    shop = shop_of(s)
    contact.put(s, actor(s, "shen"), shop, "李商", "owner", "0571 8765 4321", NOON)
    s.flush()
    return shop


def test_a_look_up_is_registered_with_its_purpose_before_anything_is_shown(s: Session, keeper: str) -> None:
    (row,) = contact.look(s, actor(s, "shen"), keeper, "卷帘门未关，通知店主", None, NOON)
    s.flush()
    assert row["phone"] == "0571 8765 4321"
    noted = s.scalars(select(Access)).one()
    assert (noted.person, noted.kind, noted.subject, noted.purpose) == (
        "shen",
        "contact",
        keeper,
        "卷帘门未关，通知店主",
    )
    assert acts(s)[-1] == "contact.look"


def test_without_a_purpose_nothing_is_shown_or_registered(s: Session, keeper: str) -> None:
    with pytest.raises(Refused, match="Say what you need"):
        contact.look(s, actor(s, "shen"), keeper, "   ", None, NOON)
    assert s.scalars(select(Access)).all() == []


@pytest.mark.parametrize("who", ["lin", "qin", "he", "qiu", "han", "zhu", "ji", "jia"])
def test_without_a_case_these_look_nobody_up(s: Session, keeper: str, who: str) -> None:
    with pytest.raises(Refused):
        contact.look(s, actor(s, who), keeper, "想问一下", None, NOON)


def test_a_new_contact_ends_the_older_of_its_role(s: Session, keeper: str) -> None:
    contact.put(s, actor(s, "shen"), keeper, "李新", "owner", "13800001111", NOON)
    s.flush()
    rows = s.scalars(select(Contact).where(Contact.shop == keeper)).all()
    assert [row.name for row in rows if row.ended_at is None] == ["李新"]


@pytest.mark.parametrize("phone", ["abc", "1", "=1+1", "+86 (571) 1", "１２３４５６"])
def test_what_is_no_telephone_number_is_refused(s: Session, phone: str) -> None:
    with pytest.raises(Refused, match="telephone"):
        contact.put(s, actor(s, "shen"), shop_of(s), "李商", "owner", phone, NOON)


# Care


def test_a_shop_asks_for_care_and_withdraws_it_in_one_tap(s: Session) -> None:
    shop = shop_of(s)
    s.add(Grant(id="li-own", person="li", role="shop", node=f"{MARKET}/east/east-1/{shop}"))
    s.flush()
    li = actor(s, "li")
    made = care.begin(s, li, shop, "独自看店，每天下午看一眼", TODAY + 30 * DAY, NOON)
    s.flush()
    assert [row["shop"] for row in care.listing(s, li, NOON)] == [shop]
    care.withdraw(s, li, made.id, NOON)
    s.flush()
    assert care.listing(s, li, NOON) == []
    assert acts(s)[-2:] == ["care.begin", "care.end"]


def test_care_ends_by_itself_and_is_never_without_an_end(s: Session) -> None:
    shen = actor(s, "shen")
    care.begin(s, shen, shop_of(s), "夜间独自值守", TODAY, NOON)
    s.flush()
    assert len(care.listing(s, shen, NOON)) == 1
    assert care.listing(s, shen, NOON + DAY) == []
    with pytest.raises(Refused, match="a year"):
        care.begin(s, shen, shop_of(s), "夜间独自值守", TODAY + 366 * DAY, NOON)


def test_nobody_asks_in_another_shops_name(s: Session) -> None:
    with pytest.raises(Refused):
        care.begin(s, actor(s, "li"), shop_of(s, "west-3"), "照看", TODAY, NOON)
    assert s.scalars(select(CareVisit)).all() == []


# Grants


def test_a_grant_holds_once_somebody_else_has_approved_it(s: Session) -> None:
    made = grants.propose(s, actor(s, "ji"), "xin", "guard", f"{MARKET}/west", NOON)
    assert isinstance(made, Proposal)
    s.flush()
    assert "guard" not in actor(s, "xin").roles
    grants.decide(s, actor(s, "zhou"), made.id, approve=True, now=NOON)
    s.flush()
    assert "guard" in actor(s, "xin").roles
    assert acts(s)[-2:] == ["grant.propose", "grant.give"]


def test_nobody_approves_what_they_proposed_or_would_get(s: Session) -> None:
    s.add(Grant(id="zhou-admin", person="zhou", role="admin", node=MARKET))
    s.flush()
    own = grants.propose(s, actor(s, "zhou"), "xin", "guard", MARKET, NOON)
    for_zhou = grants.propose(s, actor(s, "ji"), "zhou", "auditor", MARKET, NOON)
    s.flush()
    for one in (own, for_zhou):
        with pytest.raises(Refused, match="Somebody else"):
            grants.decide(s, actor(s, "zhou"), one.id, approve=True, now=NOON)
    assert isinstance(own, Proposal)
    own.decided_by = "zhou"
    with pytest.raises(IntegrityError):
        s.flush()


def test_without_a_manager_the_first_grant_holds_at_once(s: Session) -> None:
    s.delete(s.get_one(Grant, "zhou-manager"))
    s.flush()
    made = grants.propose(s, actor(s, "ji"), "ye" if s.get(Person, "ye") else "xin", "manager", MARKET, NOON)
    assert isinstance(made, Grant)


def test_a_grant_that_is_taken_is_gone_at_once(s: Session) -> None:
    grants.take(s, actor(s, "ji"), "lin-monitor", NOON)
    s.flush()
    assert actor(s, "lin").grants == ()
    assert acts(s)[-1] == "grant.take"


def test_the_last_administrator_stays(s: Session) -> None:
    with pytest.raises(Refused, match="last administrator"):
        grants.take(s, actor(s, "ji"), "ji-admin", NOON)


@pytest.mark.parametrize(
    "node", ["other", f"{MARKET}/nowhere", f"{MARKET}/west/east-1", "@yuhua", f"{MARKET}/east/east-1/nothing"]
)
def test_a_place_that_is_not_in_the_tree_is_refused(s: Session, node: str) -> None:
    with pytest.raises(Refused, match="no such place"):
        grants.propose(s, actor(s, "ji"), "xin", "guard", node, NOON)


@pytest.mark.parametrize("role", ["public", "display", "king"])
def test_roles_that_nobody_is_given(s: Session, role: str) -> None:
    with pytest.raises(Refused, match="Choose a role"):
        grants.propose(s, actor(s, "ji"), "xin", role, MARKET, NOON)


def test_who_leaves_is_signed_out_everywhere_and_holds_nothing(s: Session) -> None:
    token = living.begin(s, actor(s, "lin"), NOON).token
    s.flush()
    person.dismiss(s, actor(s, "ji"), "lin", NOON)
    s.flush()
    assert living.find(s, token, NOON) is None
    assert s.scalars(select(LoginSession).where(LoginSession.person == "lin")).all() == []
    assert people.actor_of(s, s.get_one(Person, "lin")).grants == ()


def test_a_new_person_changes_the_given_password_first(s: Session) -> None:
    made = person.create(
        s, actor(s, "ji"), Pair("新人", "New"), "newcomer", Fresh("three green lanterns", "hash"), NOON
    )
    assert made.must_change
    with pytest.raises(Refused, match="taken"):
        person.create(
            s, actor(s, "ji"), Pair("新人", "New"), "newcomer", Fresh("three green lanterns", "hash"), NOON
        )


# The register


def test_live_pictures_of_a_node_are_one_row_a_session(s: Session) -> None:
    lin = actor(s, "lin")
    assert register.watch(s, lin, "session-1", MARKET, NOON)
    s.flush()
    assert not register.watch(s, lin, "session-1", MARKET, NOON + DAY)
    assert register.watch(s, lin, "session-2", MARKET, NOON)


def test_reading_the_register_leaves_a_line_and_a_monitor_reads_the_own_rows(s: Session) -> None:
    for who in ("lin", "ren"):
        register.note(s, actor(s, who), Look("live", MARKET, DUTY, who), NOON)
    s.flush()
    assert [row["person"]["id"] for row in register.listing(s, actor(s, "lin"), Filters(), NOON)] == ["lin"]
    assert len(register.listing(s, actor(s, "zhu"), Filters(), NOON)) == 2
    assert [
        row["person"]["id"] for row in register.listing(s, actor(s, "zhu"), Filters(person="ren"), NOON)
    ] == ["ren"]
    s.flush()
    assert acts(s).count("register.read") == 2
