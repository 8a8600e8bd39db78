"""What sealing decides, on plain values alone, split by business word."""
