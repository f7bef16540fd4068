"""Records that the store writes and other packages read: data without SQL."""
