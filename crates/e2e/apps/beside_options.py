"""A module beside a script."""
