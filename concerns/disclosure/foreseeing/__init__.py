"""What the admin may foresee before any flag: how fine each kind of release will be, who stands behind each number, and what somebody who knows much could learn. No flag reaches it."""
