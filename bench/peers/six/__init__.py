"""The same six tasks on django-viewflow: models, flow, addresses of the peer's own."""
