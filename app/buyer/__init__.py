"""HTTP in, HTTP out, for the buyer of one order."""
