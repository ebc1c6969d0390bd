"""Torture: the real service on real servers, all of which are killed, frozen, cut off and starved while people write.

`python -m tests.torture --minutes 30 --seed 7`; docs/torture.md says what is done and what is looked for.
"""
