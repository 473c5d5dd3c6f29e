"""A made-up Puskesmas of any size from a fixed seed: people, cards, history, this morning's queues.

Writes every table of the walk, in the same shape as the services do (owner, version, change feed,
chained journal). Nobody in it exists: names, numbers and findings are drawn by chance.
"""
