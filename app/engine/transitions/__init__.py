"""The table of transitions, and the functions that its rows use."""
