"""Streets: an OpenStreetMap extract becomes one routable graph per mode, and points find their place on it."""
