"""CommonGrants 0.4.0: the calls as opportunities of the open protocol, on its three routes."""
