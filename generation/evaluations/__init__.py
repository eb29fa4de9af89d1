"""What is read of evaluations: their rows as a document, their table, the pairs that are shown."""
