"""Webhooks: bodies, signatures of Standard Webhooks 1.0, and sending over HTTP."""
