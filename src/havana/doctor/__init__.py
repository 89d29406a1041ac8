"""`havana doctor`: `probes` and `web` measure, `findings` says what it means, `examine` puts them in order."""
