"""The grammar: what a text means. One table of words for every channel and both languages; pure, standard library only."""

from bot.grammar.folding import normalise
from bot.grammar.meaning import Meaning, Pending, Speaker, Verb
from bot.grammar.reading import begins_with_command
from bot.grammar.understanding import understand

__all__ = ["Meaning", "Pending", "Speaker", "Verb", "begins_with_command", "normalise", "understand"]
