"""Step 3: the end of the day — who still waits, who left, who never came; and taking it back.

Reads and writes `closing_*`; ends hand-overs that nobody served and bookings nobody kept.
"""
