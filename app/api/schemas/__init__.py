"""The bodies of HTTP: models that validate requests, and models that describe answers."""
