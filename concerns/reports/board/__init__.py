"""The board paper: thirteen parts made of a frozen release and of what leaders type, frozen once with a checksum."""
