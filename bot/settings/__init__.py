"""Settings: read once from a TOML file and the environment into frozen dataclasses, and passed in from there.

The dataclasses in `sections.py` and `channels.py` are the only list of keys there is: names, types, defaults and limits are
read from them, and `config.example.toml` explains each. Where a value may come from, the later one winning:

1. the default stated here;
2. the settings file: `[connectors.email] imap_port = 993`;
3. the environment: `COMPLAINTBOT_CONNECTORS__EMAIL__IMAP_PORT=993` (two underscores between the parts of a key).

A secret may also be the content of a file, named by the key with `_file` behind it: `imap_password_file = "/run/..."`.
Every mistake is a `ConfigError` that names the full key, what is wrong and the cure, and never shows a secret.
"""

from bot.settings.channels import (
    ConnectorsSection,
    EmailSection,
    GenericSmsSection,
    SmsSection,
    TelegramSection,
    WebSection,
)
from bot.settings.loading import SHORTEST_SECRET, load_settings, signing_secret
from bot.settings.retention import RetentionSection
from bot.settings.sections import (
    CalendarSection,
    DatabaseSection,
    DeliverySection,
    FilesSection,
    HeartbeatSection,
    HttpSection,
    IntakeSection,
    Locale,
    LogSection,
    PeriodicSurvey,
    PoliciesSection,
    PolicyChoice,
    PrivacySection,
    ProcessRole,
    ServiceSection,
    Settings,
    SurveysSection,
)
from bot.settings.tables import EXAMPLE, PREFIX, variable_of

__all__ = [
    "EXAMPLE",
    "PREFIX",
    "SHORTEST_SECRET",
    "CalendarSection",
    "ConnectorsSection",
    "DatabaseSection",
    "DeliverySection",
    "EmailSection",
    "FilesSection",
    "GenericSmsSection",
    "HeartbeatSection",
    "HttpSection",
    "IntakeSection",
    "Locale",
    "LogSection",
    "PeriodicSurvey",
    "PoliciesSection",
    "PolicyChoice",
    "PrivacySection",
    "ProcessRole",
    "RetentionSection",
    "ServiceSection",
    "Settings",
    "SmsSection",
    "SurveysSection",
    "TelegramSection",
    "WebSection",
    "load_settings",
    "signing_secret",
    "variable_of",
]
