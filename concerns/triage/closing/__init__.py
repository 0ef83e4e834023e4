"""A guardian's part in closing a period: her count, handed to the gate, and nothing else."""
