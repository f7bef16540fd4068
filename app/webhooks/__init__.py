"""What consumers are told over the wire, signed after Standard Webhooks 1.0, and how it gets to them."""
