"""The documents of the API, a module a noun."""
