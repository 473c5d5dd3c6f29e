"""Step 2: the table of rules that suggests a unit, edited by the head."""
