"""When to scrape."""
