"""Mails of suppliers and carriers, read: what happened, to which order, with which number. Pure, no network."""
