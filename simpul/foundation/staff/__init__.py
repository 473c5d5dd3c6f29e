"""Who works here and what they may do: practitioner, role, account, token, rights.

Reads and writes `staff_*`. `rights` is the table of rights; `actor.Actor` is the person every
service and selector takes as `by=`.
"""
