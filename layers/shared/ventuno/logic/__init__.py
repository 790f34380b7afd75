"""Logic functions: code that several workflows use, with schemas of what goes in and what comes out."""
