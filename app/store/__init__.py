"""SQL. Functions take and return engine values. Statements are built once, when their module is loaded."""
