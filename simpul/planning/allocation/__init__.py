"""Who could move where, and what if: reallocation and scenarios.

Reads gap and studies; writes scenarios.
"""
