"""SQL: engine values in, engine values out. Statements are built once, when their module is loaded."""
