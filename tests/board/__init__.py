"""The board, the map, and the answers to creators."""
