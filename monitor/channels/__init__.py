"""One small file per way of telling people."""
