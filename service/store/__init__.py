"""Calls, pilots and runs in a database: SQLite in the data folder unless a setting says else."""
