"""Field types, one file each: what a value may be, how it is normalised, stored and indexed."""
