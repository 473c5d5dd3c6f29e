"""The `simpul` command: serve, demo, migrate, accounts, tokens, the journal's check.

One module a command in `commands/`; reads and writes through the services like everybody else.
"""
