"""The public shape of each resource: one model and one serializer, for REST answers and for events."""
