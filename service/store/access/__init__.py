"""Keys, people and their sessions in the database. No secret is kept, only hashes."""
