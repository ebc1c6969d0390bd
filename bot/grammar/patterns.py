"""The patterns of the grammar: made where those of the rules are, so that a text is looked through once for both."""

from complaints.patterns import Deferred, Waiting, deferred, prepare_all, regex

__all__ = ["Deferred", "Waiting", "deferred", "prepare_all", "regex"]
