"""Step 1: who looks like whom? Blocking keys, candidates, the list of pairs."""
