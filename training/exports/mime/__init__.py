"""Mails as RFC 5322 and MIME have them: their parts, headers, character sets and words."""
