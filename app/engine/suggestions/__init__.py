"""The next step of the seller's side on a claim."""
