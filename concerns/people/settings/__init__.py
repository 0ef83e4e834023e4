"""The admin's pages on each part of set-up: the same ones settle it and change it later, and each change is logged."""
