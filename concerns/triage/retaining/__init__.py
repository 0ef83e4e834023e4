"""How long flags are kept: deleting what was promised to be deleted, and holding what the law says must be kept."""
