"""What the routes take and give; the same models validate and make the OpenAPI document."""
