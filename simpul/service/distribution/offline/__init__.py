"""Step 3: what a counter needs while it cannot reach the server, and what it brings back."""
