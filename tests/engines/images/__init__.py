"""The picture adapters, each against a local server that speaks its recorded protocol."""
