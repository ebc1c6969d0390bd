"""Real servers for tests, as asynchronous context managers."""
