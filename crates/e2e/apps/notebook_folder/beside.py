"""Found because the notebook's folder is searched for modules."""

TITLE = "from beside the notebook"
