"""Cases: forecasts, scores, returns."""
