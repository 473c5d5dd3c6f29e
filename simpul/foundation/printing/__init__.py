"""Documents as PDF and on thermal printers."""
