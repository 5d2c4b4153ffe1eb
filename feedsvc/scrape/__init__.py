"""One scrape of a source from end to end."""
