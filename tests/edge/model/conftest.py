from tests.edge.see.conftest import fp32, int8

__all__ = ["fp32", "int8"]
