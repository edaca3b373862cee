"""What other programs follow the store by: the log of changed calls, and answers to creates."""
