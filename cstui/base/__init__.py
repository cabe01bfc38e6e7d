"""Words shared by every room: record kinds, days, money, text, errors. Imports nothing of cstui."""
