"""Step 1: people from a spreadsheet, row by row, with a verdict each."""
