"""Who may come in: agents by password, link and session; visitors by signed token."""
