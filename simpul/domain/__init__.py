"""The rules of the field as plain Python: no framework, no database, no clock of its own.

Every function here is pure. What "today" is, and what is stored, is told by the caller. Messages
are plain Indonesian sentences that travel with a stable code; programs look at the code, people
at the sentence. Each module names the source of its rules; docs/methods explains them with an
example.
"""
