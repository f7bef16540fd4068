"""The seller's desk: pages for the people of a shop, over the same use cases as `/v1`, with the session in a cookie."""
