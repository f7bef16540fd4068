"""Finds the shop's answer to a buyer's question: the words that say something, and the entries that have them."""
