"""Step 2: bookings made before arrival; open hours and quota of units."""
