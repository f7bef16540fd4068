"""Builds the clients of `build/clients` from the OpenAPI document: a wheel for Python and a package for npm."""
