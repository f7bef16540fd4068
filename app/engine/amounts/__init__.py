"""What a claim is worth, step by step."""
