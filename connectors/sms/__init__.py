"""SMS. `stub` is a gateway of our own for trying things out: it keeps what was "sent" and can send replies back."""

from connectors.sms.stub import SmsStub, SmsStubSettings

__all__ = ["SmsStub", "SmsStubSettings"]
