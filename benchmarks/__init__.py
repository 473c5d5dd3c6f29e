"""What the README claims, measured: `python -m benchmarks --help`, or `make bench`.

Nothing here is imported by the program, and nothing here is a test: budgets are looked at, not
asserted, because a busy machine must not turn a commit red.
"""
