"""Signals, score, model and backtest; pure functions of what was known on a day. No SQL, no screens."""
