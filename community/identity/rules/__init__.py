"""Pure decisions about ages, masks, throttling, roles and help."""
