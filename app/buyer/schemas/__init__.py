"""The bodies of the buyer's requests and answers."""
