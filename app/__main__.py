"""`python -m app` is the same as `recourse`."""

from app.cli import main

main()
