"""The pages of one call, and of one call for one pilot."""
