"""Web chat: a page of our own, and a WebSocket behind it."""

from connectors.web.connector import WebChatConnector, WebChatSettings, conversation_of, new_secret
from connectors.web.uploads import UploadRules

__all__ = ["UploadRules", "WebChatConnector", "WebChatSettings", "conversation_of", "new_secret"]
