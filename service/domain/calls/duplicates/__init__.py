"""Duplicates: calls that are the same on two portals or in two languages, and re-issued calls.

`candidate_pairs` finds pairs without comparing all with all, `decisions` says what the two calls of
a pair are to each other, with the evidence, and `links` says which calls are shown as one. See
docs/how/duplicates.md.
"""
