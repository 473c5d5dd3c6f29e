"""What was done and how long it took: from the journal, and from an observer with a phone.

Reads the journal; writes observations and accepted unit times with the evidence for each.
"""
