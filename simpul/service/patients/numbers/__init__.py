"""Step 1: record number schemes, the patient card."""
