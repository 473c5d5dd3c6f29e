"""Step 2: the visit. Opens an encounter: payer, complaint, priority, the suggested unit.

The cluster and the rule that suggested it are stamped on the encounter when they are decided and
never computed again. Reads and writes `registration_encounter`.
"""
