"""Turns stored articles into feed files: `render` is pure, `publish` replaces files atomically."""
