"""One call, once: which calls are the same on two portals or in two languages, and which re-issued.

`candidate_pairs` finds pairs without comparing all with all, `decisions` says what a pair is with
the evidence, and `links` says what is shown as one. See docs/how/duplicates.md.
"""
