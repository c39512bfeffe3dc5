"""What connectors that send mails have in common: addresses, a server's settings, and one SMTP conversation."""
