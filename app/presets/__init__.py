"""Law and marketplaces as data: TOML with a citation behind each number, and the holidays they count with."""
