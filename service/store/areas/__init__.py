"""The focus areas that staff made."""
