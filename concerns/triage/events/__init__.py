"""Several tellings of one thing: a guardian links them, releases count them once, and she can take one out again."""
