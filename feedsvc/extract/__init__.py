"""Page → items, Page → Draft."""
