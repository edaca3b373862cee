"""Keys and people: who is let in, made and taken back by the operator, checked at each request."""
