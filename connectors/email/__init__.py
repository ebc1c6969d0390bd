"""The email channel: IMAP in, SMTP out."""

from connectors.email.connector import EmailConnector
from connectors.email.message import parse_mail
from connectors.email.settings import EmailSettings

__all__ = ["EmailConnector", "EmailSettings", "parse_mail"]
