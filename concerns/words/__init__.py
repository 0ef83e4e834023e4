"""What words give away: the spotter of identifying details, read by Python here and by a script on the device."""
