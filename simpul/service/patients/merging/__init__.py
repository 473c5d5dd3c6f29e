"""Step 1: two records of one person joined and taken apart; what needs a person."""
