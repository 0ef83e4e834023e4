"""What a peer, who comes from outside for a while, asks and notes, and what leaders answer."""
