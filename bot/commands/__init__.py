"""The commands of the command line, a module for each kin of them; each registers what it has.

Imports stand inside the commands: `inspect` and `--help` need neither a database nor a web server, and start at once.
"""
