"""Who may read, and under which rules: the manifest of guardians' keys and the policy, signed and chained."""
