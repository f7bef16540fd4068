"""The laws, written a second time from the articles alone: no module here imports the engine or reads a preset."""
