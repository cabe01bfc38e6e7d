"""The few widgets that screens are made of. Each draws from a snapshot's values and posts what was asked of it."""
