"""Laws as dated data, read from TOML files."""
