"""Events: their types, what they hold, how they are published, and the feed."""
