"""The district on a map, without internet: outlines, catchments, access by village.

Reads gap, allocation and studies; writes imported outlines and village populations.
"""
