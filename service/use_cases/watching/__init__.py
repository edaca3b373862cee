"""What whoever watches the service asks: whether it is ready, and its figures."""
