"""The Telegram channel: one bot, by long polling or webhook."""

from connectors.telegram.connector import TelegramConnector
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.updates import parse_update, understand, updates_in

__all__ = ["TelegramConnector", "TelegramSettings", "parse_update", "understand", "updates_in"]
