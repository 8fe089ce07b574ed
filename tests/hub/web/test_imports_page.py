"""Staff come in from a file as the page shows it: checked first, refused row by row, taken, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.store.people import Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

HEAD = "编号,姓名,岗位,入职日期"
GOOD = [f"{HEAD}", "bai,白露,guard,2026-01-01", "tang,唐棠,monitor,2026-02-01"]
BAD = "mo,莫愁,king,2026-02-30"


def choose(page: Page, lines: list[str], encoding: str = "utf-8") -> None:
    data = "\r\n".join([*lines, ""]).encode(encoding)
    file: FilePayload = {"name": "名册.csv", "mimeType": "text/csv", "buffer": data}
    page.locator("input[type=file]").set_input_files([file])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_good_file_is_checked_then_taken_whole(
    sit: Callable[..., Page], store: sessionmaker[Session], encoding: str
) -> None:
    page = sit("ji", path="/#/imports", ready="main .drop")
    choose(page, GOOD, encoding)
    expect(page.locator(".sum")).to_contain_text("新增")
    expect(page.locator("main")).to_contain_text("还没有导入")
    with store() as s:
        assert s.get(Person, "bai") is None
    page.get_by_role("button", name="导入全部 2 行").click()
    expect(page.get_by_role("status").last).to_contain_text("已导入：新增 2")
    with store() as s:
        assert s.get_one(Person, "bai").name_zh == "白露"


def test_of_a_file_with_bad_rows_the_good_ones_are_taken_and_the_others_come_back(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("ji", path="/#/imports", ready="main .drop")
    choose(page, [*GOOD, BAD])
    rows = page.locator("main tbody tr")
    expect(rows.first).to_contain_text("4")
    expect(rows.first).to_contain_text("岗位")
    expect(page.get_by_role("button", name="导入全部")).to_have_count(0)
    page.get_by_role("button", name="只导入没问题的 2 行").click()
    expect(page.get_by_role("status").last).to_contain_text("已导入：新增 2")
    with page.expect_download() as given:
        page.get_by_role("button", name="下载有问题的 1 行").click()
    text = given.value.path().read_bytes().decode("utf-8-sig")
    assert given.value.suggested_filename == "staff-refused.csv"
    assert "莫愁" in text
    assert "白露" not in text
    with store() as s:
        assert s.get(Person, "mo") is None


def test_a_long_check_is_counted_and_can_be_stopped(sit: Callable[..., Page]) -> None:
    page = sit("ji", path="/#/imports", ready="main .drop")
    page.route("**/api/imports/**", lambda _route: None)
    choose(page, GOOD)
    expect(page.locator(".doing")).to_contain_text("正在核对 2 行")
    expect(page.locator(".doing")).to_contain_text("已 2")
    page.get_by_role("button", name="停", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("什么都没改")
    page.unroute_all()
    choose(page, GOOD)
    expect(page.locator(".sum")).to_contain_text("新增")


def test_the_list_goes_out_by_one_button_and_a_file_that_is_none_says_what_to_do(
    sit: Callable[..., Page],
) -> None:
    page = sit("zhou", path="/#/imports", ready="main .drop")
    page.get_by_role("button", name="商铺").click()
    with page.expect_download() as given:
        page.get_by_role("button", name="下载 CSV 表").click()
    assert given.value.path().read_bytes().startswith(b"\xef\xbb\xbfid,")
    choose(page, ["这不是表"])
    expect(page.get_by_role("alert")).to_contain_text("首行应为")
