"""The data of buyers: what is held and until when, its export, its erasure, and legal holds."""
