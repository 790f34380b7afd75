"""E-mail: accounts, recipients, rich text, MIME, and how a message is sent once; pure."""
