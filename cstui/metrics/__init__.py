"""What figures mean: the registry and one module per family. No SQL, no screens, no clock."""
