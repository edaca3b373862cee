"""Texts to vectors: the model, where it comes from, its adapter, and vectors that are kept."""
