"""Is this installation well? Facts are gathered, then judged; `simpul doctor` and the page ask."""
