"""How fast fundscout is: every figure as a ratio, measured in one run by `python -m bench.speed`.

``subjects/`` has a module for each thing that is measured, with a function ``measure`` that takes
a `bench.speed.plan.Plan` and returns rows. What they share lies here: trees of this and of an
earlier commit, data folders, synthetic calls, a server and its clients, the machine's facts, and
the report as JSON, plot and page.
"""
