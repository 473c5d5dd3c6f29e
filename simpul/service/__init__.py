"""A patient's walk through the building, one package a step, in order.

patients > registration > distribution > care > completeness > filing. A step may look back at
earlier steps, never forward.
"""
