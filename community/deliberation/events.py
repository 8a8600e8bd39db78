"""What happened in deliberation; flows listen."""
