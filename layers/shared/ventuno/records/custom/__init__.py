"""Objects and fields that the workspace adds to the standard ones: declared, checked, stored, followed."""
