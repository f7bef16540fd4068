"""Webhooks on the wire: bodies, signatures after Standard Webhooks 1.0, and the sending over HTTP."""
