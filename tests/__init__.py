"""All tests; a package, because one of the development libraries brings a `tests` of its own."""
