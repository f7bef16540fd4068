"""The table of transitions, and all that its rows name."""
