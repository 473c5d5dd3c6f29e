"""Step 6: is the record complete? Analysis at closing, return to the clinician, list with ages.

Rules are rows of a table, in four components; the formula is `domain.completeness`. Saving and
closing a record starts here, because both end in an analysis. Reads and writes `completeness_*`.
"""
