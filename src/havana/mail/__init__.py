"""Letters to the team: their words (`letters`), their form (`message`), and the way to a mail server (`smtp`)."""
