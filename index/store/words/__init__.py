"""The words of documents: how often each stem stands where, and BM25 over it."""
