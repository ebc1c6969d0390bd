import pytest

pytest.register_assert_rewrite("tests.unit.connectors.contract", "tests.unit.connectors.wire")
