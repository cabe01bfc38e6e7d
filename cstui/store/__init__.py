"""The only SQL: schema, staging, writes, rollups, queries, backup. Answers “which rows”, never “what do they mean”."""
