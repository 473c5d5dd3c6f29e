"""The house is what `docs/architecture.md` says it is."""
