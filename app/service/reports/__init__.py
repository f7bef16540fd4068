"""Reports over the claims of a shop: sums that the worker keeps up to date, and the reports that read them."""
