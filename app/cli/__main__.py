"""`python -m app.cli` is the same as `recourse`."""

from app.cli import main

main()
