"""What the interviews say, as numbers with their rows: read once, then reckoned in memory."""
