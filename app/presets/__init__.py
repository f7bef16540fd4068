"""Laws and marketplaces as data: TOML files with a citation for each number, and the holidays of countries."""
