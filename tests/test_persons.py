"""What is never kept of a person, in no table, shape, message or file: the market needs none of it.

Every name of a field is read in its parts, in English, pinyin and 中文, and so is every value to choose
from. A word here is refused wherever it stands.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import Column, MetaData, String, Table

from hub.api.build import build
from hub.core.policy import TABLE
from hub.core.staff import CERTIFICATE, CONTACT, POST
from hub.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parent.parent
REFUSED: dict[str, str] = {
    "number of an identity card": (
        "id_card idcard id_number identity_number identity_card identity_no national_id citizen_id passport "
        "ssn social_security shenfenzheng shenfen_zheng shenfenhao sfz sfzh zhengjianhao 身份证 证件号 护照"
    ),
    "ethnicity": "ethnicity ethnic ethnic_group race racial nationality minority minzu 民族 种族 国籍",
    "religion": "religion religious faith belief church mosque zongjiao xinyang 宗教 信仰",
    "health": (
        "health_status health_state health_code medical disease illness diagnosis disability disabled "
        "blood_type mental_health psychiatric vaccinated hiv jiankang jibing canji bingshi "
        "健康 疾病 残疾 病史"
    ),
    "criminal record": (
        "criminal criminal_record conviction convicted convict offender parole prison drug_user addict "
        "qianke fanzui anji xidu 前科 犯罪 案底 刑满 吸毒"
    ),
    "family planning": (
        "family_planning marital marital_status married pregnancy pregnant fertility birth_control "
        "children_count jihuashengyu shengyu hunyin 计划生育 生育 婚姻 婚育"
    ),
    "native place": (
        "native_place birthplace birth_place place_of_birth hometown hukou household_registration domicile "
        "jiguan huji jiguandi 籍贯 户籍 户口 出生地"
    ),
    "templates of faces, plates and bodies": (
        "face faces face_id facial facial_template faceprint biometric biometrics embedding gait iris "
        "voiceprint plate license_plate licence_plate number_plate plate_number fingerprint_template reid "
        "reidentification renlian chepai chepaihao zhiwen 人脸 面部 车牌 指纹 虹膜 步态 声纹 特征码"
    ),
    "tags on people": (
        "key_person key_people focus_person person_of_interest special_population person_tag person_tags "
        "person_label petitioner zhongdianren zhongdian_renyuan zhongdianrenyuan zdry tezhong_renqun "
        "重点人 重点人员 重点人口 特殊人群 人员标签 上访"
    ),
    "trajectories": (
        "trajectory trajectories whereabouts footprints movement_history location_history person_track "
        "travel_history guiji xingzong 轨迹 行踪 足迹"
    ),
    "watch lists": (
        "watchlist watch_list blacklist black_list blocklist greylist suspect suspects wanted_person "
        "wanted_list heimingdan bukong 黑名单 布控 嫌疑人 通缉"
    ),
    "social scores": (
        "social_score social_credit credit_score person_score risk_score risk_level reputation trust_score "
        "behaviour_score behavior_score loyalty xinyong xinyongfen 信用分 信用等级 社会信用 风险等级 风险人"
    ),
    "age and sex": "birthday birth_date date_of_birth gender sex age xingbie nianling shengri 性别 年龄 生日",
}
"""What it would say → its words. Parts of a word are joined by _ ; 中文 counts wherever it stands."""

SPLIT = re.compile(r"[^0-9A-Za-z]+|(?<=[a-z0-9])(?=[A-Z])")


def words_of(name: str) -> list[str]:
    """`faceId`, `face-id` and `FACE_ID` are face, id."""
    return [part.lower() for part in SPLIT.split(name) if part]


def says(name: str) -> str | None:
    """What a field of this name would say of a person; None for a name that is free."""
    spelt = f"_{'_'.join(words_of(name))}_"
    for what, listed in REFUSED.items():
        for word in listed.split():
            found = f"_{word}_" in spelt if word.isascii() else word in name
            if found:
                return what
    return None


def of_tables(metadata: MetaData) -> Iterator[tuple[str, str]]:
    for table in metadata.tables.values():
        yield f"table {table.name}", table.name
        for column in table.columns:
            yield f"table {table.name}", column.name


def of_schema(node: Any, where: str) -> Iterator[tuple[str, str]]:
    """Names of shapes, fields and parameters, and values to choose from, of an OpenAPI or JSON schema."""
    if isinstance(node, list):
        for one in node:
            yield from of_schema(one, where)
    if not isinstance(node, dict):
        return
    for key in ("properties", "schemas", "$defs"):
        for name in node.get(key, {}):
            yield where, name
    if "in" in node and isinstance(node.get("name"), str):
        yield where, node["name"]
    for value in node.get("enum", []):
        if isinstance(value, str):
            yield where, value
    for key, value in node.items():
        yield from of_schema(value, f"{where} {key}" if key in node.get("schemas", {}) else where)


def of_structs() -> Iterator[tuple[str, str]]:
    kinds = [msgspec.Struct]
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        if kind.__module__.split(".")[0] in {"wire", "edge", "hub"}:
            yield f"message {kind.__name__}", kind.__name__
            for field in kind.__struct_fields__:
                yield f"message {kind.__name__}", field


def of_files(files: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for name in next(csv.reader(lines), []):
                yield f"file {file.name}", name


def found(names: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{where}: {name} ({what})" for where, name in names if (what := says(name))]


def described() -> Any:
    return build(None, Path("nowhere")).openapi()


def test_no_table_has_a_field_about_persons() -> None:
    names = list(of_tables(METADATA))
    assert len(names) > 200
    assert found(names) == []


def test_no_shape_of_the_pages_has_one() -> None:
    names = list(of_schema(described(), "shape"))
    assert len(names) > 300
    assert found(names) == []


def test_no_message_on_the_wire_has_one() -> None:
    names = list(of_structs())
    assert {"message Event", "message Box", "message Envelope"} <= {where for where, _ in names}
    assert found(names) == []


def test_no_column_of_a_file_has_one() -> None:
    files = sorted((ROOT / "hub").rglob("*.csv"))
    files = [file for file in files if "node_modules" not in file.parts]
    names = list(of_files(files))
    assert len(names) >= 10
    assert found(names) == []


def test_no_right_post_certificate_or_contact_is_about_such_things() -> None:
    listed = [*TABLE, *POST, *CERTIFICATE, *CONTACT]
    listed += [pair.zh for table in (POST, CERTIFICATE, CONTACT) for pair in table.values()]
    assert found(("list", name) for name in listed) == []


@pytest.mark.parametrize("what", REFUSED)
def test_every_planted_field_is_found_wherever_it_stands(what: str, tmp_path: Path) -> None:
    missed = []
    for word in REFUSED[what].split():
        planted = MetaData()
        Table("person", planted, Column("id", String), Column(word, String))
        shape = {"components": {"schemas": {"Person": {"properties": {word: {"type": "string"}}}}}}
        header = tmp_path / "people.csv"
        header.write_text(f"id,name,{word}\n", encoding="utf-8-sig")
        ways = (of_tables(planted), of_schema(shape, "shape"), of_files([header]))
        missed += [word for names in ways if len(found(names)) != 1]
    assert missed == []


@pytest.mark.parametrize(
    "name",
    [
        "idCardNo",
        "person-id-number",
        "PERSON_ETHNICITY",
        "home_religion",
        "shop_owner_health_status",
        "hasCriminalRecord",
        "nativePlace",
        "faceTemplate",
        "ownerPlateNumber",
        "isKeyPerson",
        "lastTrajectory",
        "on_watch_list",
        "socialScore",
        "店主身份证号",
        "负责人民族",
        "是否重点人员",
        "wu_zongjiao",
        "shop_hukou",
    ],
)
def test_a_planted_name_is_found_however_it_is_spelt(name: str) -> None:
    assert says(name) is not None


def test_a_planted_message_is_found() -> None:
    class Sighting(msgspec.Struct, frozen=True):
        face_id: str

    Sighting.__module__ = "wire.planted"
    assert "message Sighting: face_id (templates of faces, plates and bodies)" in found(of_structs())


@pytest.mark.parametrize(
    "name",
    ["surface", "interface", "template", "score", "health", "healthy", "track", "trace", "identity", "page"],
)
def test_words_that_only_look_alike_are_free(name: str) -> None:
    assert says(name) is None
