"""Records that the store keeps and the rooms above read: data, and no SQL."""
