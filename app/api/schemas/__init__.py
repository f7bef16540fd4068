"""What travels over HTTP: requests validated to the letter, answers described as they are."""
