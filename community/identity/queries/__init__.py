"""Reading people, places, standing, help and sessions; plain frozen values come back."""
