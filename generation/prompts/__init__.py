"""The prompt library and its evaluation: effect against cost."""
