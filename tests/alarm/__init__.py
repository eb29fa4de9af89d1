"""The alarm: its statistics, its reads, its telling."""
