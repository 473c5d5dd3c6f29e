"""Template filters of the allocation pages."""
