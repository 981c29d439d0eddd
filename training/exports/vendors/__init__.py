"""How each helpdesk's export is laid out, a file a vendor."""
