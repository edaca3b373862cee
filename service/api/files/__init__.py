"""Files: what is read of one, before it is matched or stored."""
