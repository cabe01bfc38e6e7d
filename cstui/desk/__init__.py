"""What a person does with cstui, one module per intention: takes a workspace and a view, returns frozen snapshots."""
