"""Work that changes the store or the index: each job is idempotent and leaves a row of its run."""
