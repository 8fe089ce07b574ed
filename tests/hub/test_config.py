from __future__ import annotations

import pytest

from hub import config
from hub.config import PREFIX, Settings, refuse_unknown


def test_every_setting_is_described_and_has_a_default() -> None:
    for name, setting in Settings.model_fields.items():
        assert setting.description, name
        assert not setting.is_required(), name


def test_the_environment_is_heard_and_the_command_overrules_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANFANG_PORT", "9000")
    assert config.read().port == 9000
    assert config.read(port=9001).port == 9001


def test_a_misspelt_setting_is_refused_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean LIANFANG_STILLS_MB"):
        refuse_unknown({"LIANFANG_STILL_MB": "1"})
    with pytest.raises(ValueError, match=r"no setting is called LIANFANG_QQQQQQQQQQ$"):
        refuse_unknown({"LIANFANG_QQQQQQQQQQ": "1"})
    refuse_unknown({"PATH": "", **{PREFIX + name.upper(): "" for name in Settings.model_fields}})


def test_a_setting_out_of_range_is_named() -> None:
    with pytest.raises(ValueError, match="setting port"):
        config.read(port=-1)
    with pytest.raises(ValueError, match="setting colour"):
        config.read(colour="red")


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("::", False), ("192.168.1.5", False), ("market.example", False)],
)  # fmt: skip
def test_only_this_machine_is_loopback(host: str, loopback: bool) -> None:
    assert Settings(host=host).loopback is loopback
