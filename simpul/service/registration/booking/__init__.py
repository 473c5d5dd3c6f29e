"""Step 2: visits announced before arrival, and when each unit takes patients.

A booking (Mobile JKN, kiosk, telephone, counter) holds a number of its unit's queue until the
patient arrives; then it becomes a visit with that number. Reads and writes `booking_*`: bookings,
open hours with quota, closed days. The link to BPJS itself is made elsewhere; its fields fit in
(docs/methods/booking.md).
"""
