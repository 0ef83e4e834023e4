"""Help inside the product: the page of the documentation that belongs to each role, as it stands in `docs/`."""
