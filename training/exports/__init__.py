"""Exports of helpdesks as they come: tables, JSON, workbooks and mails, read as tickets."""
