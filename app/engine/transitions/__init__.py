"""The table of transitions, and everything that its rows name."""
