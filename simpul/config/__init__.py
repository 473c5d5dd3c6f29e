"""Settings, addresses, navigation, WSGI: the only part that knows everything."""
