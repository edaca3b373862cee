"""How an adapter is trained: pairs of texts, what the steps need, and the training itself."""
