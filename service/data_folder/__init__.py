"""The data folder: who may read it, and who uses it now."""
