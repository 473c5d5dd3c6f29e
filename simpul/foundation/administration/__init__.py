"""Setting up and looking after the house: first start, accounts, roles, tokens, units.

Stands above the journal because each of these is an act and is written there.
"""
