"""Texts of tickets among the columns of a file that nothing describes: judged by names and by values."""
