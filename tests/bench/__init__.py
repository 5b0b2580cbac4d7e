"""A benchmark of the collection: what tasks, schedules, uploads, imports and a bootstrap cost. See README.md."""
