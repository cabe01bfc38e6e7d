"""A document as blocks, and how blocks become Markdown and HTML. Pure; knows no workspace and no figure."""
