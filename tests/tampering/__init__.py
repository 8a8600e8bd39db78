"""A campaign that changes one thing at a time and sees whether anybody notices."""
