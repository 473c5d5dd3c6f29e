"""The commands of `simpul`, one module each."""
