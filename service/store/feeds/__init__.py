"""The links to feeds, and the webhooks with what was sent to them."""
