"""Rows for tests, one module an app. Call a factory to get a saved row."""
