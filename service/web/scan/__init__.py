"""The pages of scans and of focus areas."""
