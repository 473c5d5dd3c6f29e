"""The district takes in what its facilities wrote, and gives back what it decided.

Reads and writes `hub_*`; writes the rows of facilities exactly as they came.
"""
