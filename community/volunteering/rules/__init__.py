"""Pure decisions of volunteering on plain values: they know no database and no request."""
