"""The pages of docs/ that are made from the code; `python -m ventuno_dev.docs` writes them."""
