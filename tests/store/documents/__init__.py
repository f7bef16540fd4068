"""Documents of every version as they were stored, and the fields that each newest version has."""
