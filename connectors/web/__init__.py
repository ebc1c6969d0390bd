"""Web chat: a page of our own, and a WebSocket behind it."""

from connectors.web.connector import WebChatConnector, WebChatSettings, conversation_of, new_secret

__all__ = ["WebChatConnector", "WebChatSettings", "conversation_of", "new_secret"]
