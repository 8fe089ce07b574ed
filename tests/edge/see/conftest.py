from pathlib import Path

import pytest

MODELS = Path(__file__).parents[3] / "models" / "nanodet_g"


@pytest.fixture(scope="session")
def int8() -> Path:
    """The default detector, as it is built at set-up."""
    return _built("int8_352x288.onnx")


@pytest.fixture(scope="session")
def fp32() -> Path:
    """Its float partner."""
    return _built("fp32_352x288.onnx")


def _built(name: str) -> Path:
    path = MODELS / name
    if not path.is_file():
        pytest.skip(f"models/nanodet_g/{name} is not built: run `python3 -m launch setup`")
    return path
