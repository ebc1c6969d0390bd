"""SMS over the HTTP interface of a gateway; `stub` is a gateway of our own for trying things out."""

from connectors.sms.callbacks import INSPECTING, inspected, understand
from connectors.sms.gateway import SmsGateway
from connectors.sms.settings import GatewaySettings, GenericSettings
from connectors.sms.stub import SmsStub, SmsStubSettings

__all__ = [
    "INSPECTING",
    "GatewaySettings",
    "GenericSettings",
    "SmsGateway",
    "SmsStub",
    "SmsStubSettings",
    "inspected",
    "understand",
]
