"""The tools that other tests stand on are tested too."""
