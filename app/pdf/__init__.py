"""Documents that people keep or print, as PDF: a template for each, set in a process of its own."""
