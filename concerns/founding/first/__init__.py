"""The very first page: whoever holds the address that `concerns run` printed founds the instance in the browser."""
