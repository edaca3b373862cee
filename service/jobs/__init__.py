"""Work that changes the store or the index: each job is idempotent and leaves a row of its run.

A job is a use case as it stands: commands call it directly, and `service.use_cases` holds what is
answered at once.
"""
