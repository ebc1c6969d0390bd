"""A year of a busy desk on a virtual clock, and an audit of what it did that shares no code with it.

    .venv/bin/python -m tests.simulation --complaints 10000 --seed 1 --profile base

`desk` wires the real desk over channels that note what they were given, and stops and starts it; `people` are customers and
staff who behave at random; `year` lets time pass from one due moment to the next; `audit` reads what is left and says what is
wrong with it.
"""
