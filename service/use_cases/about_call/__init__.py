"""What the page of one call shows beside the call itself."""
