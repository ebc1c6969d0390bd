"""The fakes keep the ports' contracts."""

import pytest

from connectors.port import ConversationLog, Intake
from tests.fakes import MemoryIntake, MemoryLog
from tests.unit.connectors.contract import ConversationLogContract, IntakeContract


class TestMemoryIntake(IntakeContract):
    @pytest.fixture
    def intake(self) -> Intake:
        return MemoryIntake()


class TestMemoryLog(ConversationLogContract):
    @pytest.fixture
    def log(self) -> ConversationLog:
        return MemoryLog()
