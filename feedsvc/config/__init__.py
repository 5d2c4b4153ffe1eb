"""Settings, sources and categories from TOML and the environment."""
