"""Step 3: calls spoken in the waiting room, one at a time a floor; rooms."""
