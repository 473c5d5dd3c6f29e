"""Step 1: who is it?

Finds a person by any number or by name, shows look-alikes, makes a new patient, keeps what must
be known at once on every page (identity, allergies). Reads and writes `patients_*`.
"""
