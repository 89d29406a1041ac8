"""HTTP: the pages and the REST API. Handlers translate; every rule is further down."""
