"""What an index holds: documents, passages, vectors and words, as snapshots that are verified."""
