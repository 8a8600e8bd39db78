"""The whole product: one site on which a residential community lives together."""
