"""Telling those who asked as soon as a feed changes: the WebSub protocol and webhooks, without any network or store."""
