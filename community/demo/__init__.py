"""A believable invented community to try the product with; refuses a production setting."""
