"""Who may say it, and who must agree."""
