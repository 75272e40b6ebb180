"""What has been collected so far."""

hooks = []
values = []
