"""The shell around the pages: frame, components, live feed, sign-in, errors, static files.

Holds no rule and no feature; each step of the walk brings its own pages and API router.
"""
