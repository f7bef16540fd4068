"""What the pages of every door share: texts, templates, styles, scripts, forms, and how an error becomes a page."""
