"""Where flags come from: the organisation, its divisions and its areas with their head-counts."""
