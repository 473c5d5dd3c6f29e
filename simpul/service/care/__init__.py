"""Step 4: what was found and done: vitals, SOAP, diagnoses, procedures.

Every entry is signed (person, profession, time) and versioned: a correction is a new entry that
replaces the old one, and both stay. Reads and writes `care_*`.
"""
