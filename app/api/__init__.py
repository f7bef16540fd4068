"""HTTP in, HTTP out. No decisions are taken here."""
